/// The help texts. They are made of the declarations, so that they cannot tell anything else.
enum Help {
  /// What `usher --help` says: every verb in a line.
  static func overview(of verbs: [Verb], width: Int) -> String {
    let names = verbs.map { (left: $0.declaration.name, right: $0.declaration.summary) }
    var text = "Usher tells, event by event, who belongs to which audience.\n\n"
    text += "Usage: usher VERB [options]\n\nVerbs:\n"
    text += columns(names, width: width)
    text += "\nOptions:\n"
    text += columns([("--help", "tell more, after a verb too"), ("--version", "tell the version")], width: width)
    return text + "\nusher help VERB tells more about one.\n"
  }

  /// What `usher help VERB` says.
  static func text(of verb: VerbDeclaration, width: Int) -> String {
    var text = wrapped("usher \(verb.name): \(verb.summary).", width: width)
    text += "\nUsage: \(usage(of: verb))\n"
    for paragraph in verb.details { text += "\n" + wrapped(paragraph, width: width) }
    if !verb.operands.isEmpty {
      text += "\nOperands:\n" + columns(verb.operands.map { ($0.placeholder, $0.help) }, width: width)
    }
    let options = verb.options.map { (left: heading(of: $0), right: described($0)) }
    text += "\nOptions:\n" + columns(options + [("--help", "tell this")], width: width)
    if !verb.examples.isEmpty {
      text += "\nExamples:\n" + verb.examples.map { "  \($0)\n" }.joined()
    }
    return text
  }

  /// A verb's form in one line.
  static func usage(of verb: VerbDeclaration) -> String {
    let operands = verb.operands.map { operand in
      let name = operand.placeholder + (operand.repeats ? "..." : "")
      return operand.isRequired ? name : "[\(name)]"
    }
    return (["usher", verb.name] + operands + (verb.options.isEmpty ? [] : ["[options]"])).joined(separator: " ")
  }

  private static func heading(of option: OptionDeclaration) -> String {
    option.placeholder.isEmpty ? "--\(option.name)" : "--\(option.name) \(option.placeholder)"
  }

  private static func described(_ option: OptionDeclaration) -> String {
    var notes: [String] = []
    if let text = option.defaultText { notes.append("default \(text)") }
    if option.repeats { notes.append("may be given again") }
    return notes.isEmpty ? option.help : "\(option.help) (\(notes.joined(separator: "; ")))"
  }

  /// Two columns; the right one is wrapped. A left part that is too long has a line of its own.
  static func columns(_ rows: [(left: String, right: String)], width: Int) -> String {
    let longest = 26
    let left = min(longest, rows.map(\.left.count).max() ?? 0)
    let indent = String(repeating: " ", count: left + 4)
    var text = ""
    for row in rows {
      let lines = words(row.right, width: max(30, width - left - 4))
      var first = "  " + row.left
      if row.left.count > left {
        text += first + "\n"
        first = ""
      }
      text += first + String(repeating: " ", count: indent.count - first.count)
      text += lines.joined(separator: "\n" + indent) + "\n"
    }
    return text
  }

  private static func wrapped(_ paragraph: String, width: Int) -> String {
    words(paragraph, width: width).map { $0 + "\n" }.joined()
  }

  /// Breaks text at spaces, so that no line is longer than `width` unless a word is.
  static func words(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return lines + [line]
  }
}
