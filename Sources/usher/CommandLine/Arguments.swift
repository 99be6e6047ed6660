import YAML

/// What was given to a verb, read by its declaration.
struct Arguments: Sendable, Equatable {
  /// The operands, in order.
  private(set) var operands: [ParsedValue] = []
  private var values: [String: [ParsedValue]] = [:]

  /// The value of an option: as given, or its default.
  subscript<Value>(option: Option<Value>) -> Value {
    option.of(values[option.declaration.name] ?? [])
  }

  /// Whether an option was given.
  func has<Value>(_ option: Option<Value>) -> Bool {
    values[option.declaration.name] != nil
  }

  /// The text of the operand at an index; `nil` where it was not given.
  func operand(_ index: Int) -> String? {
    operands.indices.contains(index) ? operands[index].text : nil
  }

  /// Reads the words after a verb. `--name value` and `--name=value` are the same; after `--` all words are operands.
  init(_ words: some Sequence<String>, for verb: VerbDeclaration) throws(UsageError) {
    var rest = Array(words)[...]
    var onlyOperands = false
    while let word = rest.popFirst() {
      if !onlyOperands && word == "--" {
        onlyOperands = true
      } else if !onlyOperands && word.count > 1 && word.hasPrefix("-") {
        try take(word, &rest, of: verb)
      } else {
        try take(operand: word, of: verb)
      }
    }
    if let missing = verb.operands.dropFirst(operands.count).first, missing.isRequired {
      throw UsageError(message: "\(missing.placeholder) is missing: \(missing.help)", verb: verb.name)
    }
  }

  private mutating func take(
    _ word: String, _ rest: inout ArraySlice<String>, of verb: VerbDeclaration
  ) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0].drop { $0 == "-" })
    guard word.hasPrefix("--"), let option = verb.options.first(where: { $0.name == name }) else {
      let nearest = NearestWord.of(name, among: ["help"] + verb.options.map(\.name))
      let isMeant = verb.options.contains { $0.name == name } ? name : nearest
      throw UsageError(
        message: "\(verb.name) has no option \(parts[0])", suggestion: isMeant.map { "--\($0)" }, verb: verb.name)
    }
    let value: String?
    if parts.count == 2 {
      value = String(parts[1])
    } else if option.kind != .flag, let next = rest.first, !next.hasPrefix("--") {
      value = rest.removeFirst()
    } else {
      value = nil
    }
    values[name, default: []].append(try read(value, of: option, verb))
  }

  private func read(
    _ text: String?, of option: OptionDeclaration, _ verb: VerbDeclaration
  ) throws(UsageError) -> ParsedValue {
    guard option.kind != .flag else {
      guard text == nil else {
        throw UsageError(message: "--\(option.name) takes no value", verb: verb.name)
      }
      return .flag
    }
    guard let text else {
      let message = "--\(option.name) wants a value: expected \(option.kind.expected)"
      throw UsageError(message: message, verb: verb.name)
    }
    if let value = option.kind.read(text) { return value }
    throw UsageError.unreadable(text, "--\(option.name)", option.kind, verb.name)
  }

  private mutating func take(operand word: String, of verb: VerbDeclaration) throws(UsageError) {
    let repeated = verb.operands.last.flatMap { $0.repeats ? $0 : nil }
    guard let operand = verb.operands.dropFirst(operands.count).first ?? repeated else {
      throw UsageError(message: "\(verb.name) has no use for '\(word)'", verb: verb.name)
    }
    guard let value = operand.kind.read(word) else {
      throw UsageError.unreadable(word, operand.placeholder, operand.kind, verb.name)
    }
    operands.append(value)
  }
}

extension UsageError {
  /// A value that is none of its kind.
  fileprivate static func unreadable(_ text: String, _ name: String, _ kind: ValueKind, _ verb: String) -> UsageError {
    var suggestion: String?
    if case .choice(let words) = kind { suggestion = NearestWord.of(text, among: words) }
    return UsageError(
      message: "'\(text)' is no value of \(name): expected \(kind.expected)", suggestion: suggestion, verb: verb)
  }
}
