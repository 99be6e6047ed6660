extension Diagnostic: CustomStringConvertible {
  /// The whole diagnostic, on several lines and without an end of line:
  /// ```
  /// ops/audiences/vip.yaml:3:3: error: unknown key 'evnt'
  ///   3 |   evnt: Order Completed
  ///     |   ^~~~
  ///   expected one of: event, all, any, not
  ///   did you mean 'event'?
  /// ```
  public var description: String {
    var lines = ["\(headline)"]
    if !sourceLine.text.isEmpty {
      let number = String(line)
      lines.append("  \(number) | \(sourceLine.text)")
      lines.append("  \(String(repeating: " ", count: number.utf8.count)) | \(marker)")
    }
    if let expected { lines.append("  expected \(expected)") }
    if let suggestion { lines.append("  did you mean \(Quoted.of(suggestion))?") }
    return lines.joined(separator: "\n")
  }

  /// The first line alone: `file:line:column: error: message`.
  public var headline: String {
    let mark = code.map { " [\($0)]" } ?? ""
    return "\(file):\(line):\(column): \(severity.rawValue)\(mark): \(message)"
  }

  /// A caret under the first character and a tilde under each further one. Tabs before it stay tabs, to line up.
  private var marker: String {
    let shown = sourceLine.shownColumn(column)
    let scalars = sourceLine.text.unicodeScalars
    var text = ""
    for scalar in scalars.prefix(shown - 1) { text.append(scalar == "\t" ? "\t" : " ") }
    let room = max(1, scalars.count - shown + 1)
    return text + "^" + String(repeating: "~", count: max(0, min(length, room) - 1))
  }

  /// One JSON object on one line, for programs: `severity`, `file`, `line`, `column`, `length`, `message`, and
  /// `expected`, `suggestion`, `code` where there are any.
  public var json: String {
    var fields = [
      "\"severity\":\(JSONText.of(severity.rawValue))", "\"file\":\(JSONText.of(file))", "\"line\":\(line)",
      "\"column\":\(column)", "\"length\":\(length)", "\"message\":\(JSONText.of(message))",
    ]
    if let expected { fields.append("\"expected\":\(JSONText.of(expected))") }
    if let suggestion { fields.append("\"suggestion\":\(JSONText.of(suggestion))") }
    if let code { fields.append("\"code\":\(JSONText.of(code))") }
    return "{" + fields.joined(separator: ",") + "}"
  }
}

/// Strings as JSON writes them.
enum JSONText {
  static func of(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": written += "\\\""
      case "\\": written += "\\\\"
      case "\n": written += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        written += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written + "\""
  }
}
