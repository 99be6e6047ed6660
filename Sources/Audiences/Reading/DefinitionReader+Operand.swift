import Events
import YAML

/// Single values that others are compared with, by the types that the taxonomy declares.
extension DefinitionReader {
  /// The value of a scalar. `name` begins a message: `'at_least'`.
  mutating func operand(_ node: Node, _ name: String, of subject: PredicateSubject) -> Predicate.Operand? {
    guard let scalar = node.scalar else {
      findings.wrong(node, name, expected: "a single value")
      return nil
    }
    let operand: Predicate.Operand
    switch scalar.coreType {
    case .null:
      findings.wrong(
        node, name,
        expected: subject.isFigure
          ? "a number, or operators as in {at_least: 3}" : "a value; {exists: false} asks for none")
      return nil
    case .bool: operand = .boolean(scalar.bool ?? false)
    case .string: operand = .string(scalar.text)
    case .integer, .float:
      guard let number = Self.number(scalar) else {
        findings.wrong(node, name, expected: "a number that fits 64 bits of millionths")
        return nil
      }
      operand = .number(number)
    }
    return isPossible(operand, node, name, of: subject) ? operand : nil
  }

  /// Whether a value of the declared types can ever be compared with the operand. A number can be met by a text that
  /// reads as one (language, section 2), so that is only warned of.
  private mutating func isPossible(
    _ operand: Predicate.Operand, _ node: Node, _ name: String, of subject: PredicateSubject
  ) -> Bool {
    let types = subject.types
    if types.isEmpty || types.contains(where: { operand.canMeet($0) }) { return true }
    if case .number = operand, types.contains(.string) {
      findings.warning(
        at: node.place, "\(subject.name) is declared as text: \(node.scalar?.text ?? "") is compared as a number",
        expected: "text in quotes", suggestion: "\"\(node.scalar?.text ?? "")\"")
      return true
    }
    if case .string(let text) = operand, types.contains(.number), !subject.isFigure, text.isNumber {
      findings.warning(
        at: node.place, "\(subject.name) is declared as a number: \(Quoted.of(text)) is compared as text",
        expected: "a number without quotes", suggestion: text)
      return true
    }
    let which = name == subject.name ? name : "\(name) of \(subject.name)"
    findings.wrong(
      node, which,
      expected: subject.isTrait && types[0].isObject
        ? "'exists' alone: an object is no value" : types[0].expectedOperand(insteadOf: node),
      suggestion: Self.meant(node.scalar?.text ?? "", as: types[0]))
    return false
  }

  /// The operand that was likely meant: a number in quotes, a word for true or false.
  private static func meant(_ text: String, as type: PropertyType) -> String? {
    switch type {
    case .number:
      let plain = Scalar(text)
      return plain.coreType == .integer || plain.coreType == .float ? text : nil
    case .boolean:
      switch text.lowercased() {
      case "yes", "on", "true", "1": return "true"
      case "no", "off", "false", "0": return "false"
      default: return nil
      }
    default: return nil
    }
  }

  /// The exact number that a scalar of the core schema says, rounded to millionths; `nil` beyond 64 bits of these.
  static func number(_ scalar: Scalar) -> Millionths? {
    if let whole = scalar.integer {
      return Int64(exactly: Int128(whole) * Int128(Millionths.perWhole)).map { Millionths(units: $0) }
    }
    return Millionths(decimal: jsonForm(scalar.text))
  }

  /// A number as JSON writes it: without `+`, and with digits on both sides of the point.
  private static func jsonForm(_ text: String) -> String {
    var written = ""
    var rest = text.unicodeScalars[...]
    if rest.first == "+" { rest.removeFirst() }
    while let scalar = rest.popFirst() {
      guard scalar == "." else {
        written.unicodeScalars.append(scalar)
        continue
      }
      if written.isEmpty || written == "-" { written += "0" }
      written += "."
      if !(rest.first.map { ("0"..."9").contains($0) } ?? false) { written += "0" }
    }
    return written
  }
}

extension Predicate.Operand {
  /// Whether a value of the declared type can be of the operand's type. Times are texts or epoch milliseconds.
  fileprivate func canMeet(_ type: PropertyType) -> Bool {
    switch (self, type) {
    case (.string, .string), (.number, .number), (.number, .time), (.boolean, .boolean): true
    case (.string(let text), .time): text.isTime
    default: false
    }
  }
}

extension PropertyType {
  fileprivate var isObject: Bool {
    if case .object = self { true } else { false }
  }

  /// What an operand for it must be, after "expected".
  fileprivate func expectedOperand(insteadOf node: Node) -> String {
    switch self {
    case .string: "text, as the taxonomy declares (in quotes where it looks like a number)"
    case .number: node.scalar?.style == .quoted ? "a number without quotes" : "a number"
    case .boolean: "true or false"
    case .time: "a time, such as 2026-03-01 or 2026-03-01T18:30:00Z"
    case .list(let element): element.expectedOperand(insteadOf: node)
    case .object: "'exists', or a property of the object: an object itself is no value"
    }
  }
}

// How a text counts where a number or a time is asked for (language, section 2).
extension String {
  fileprivate var isNumber: Bool { read { Millionths(numericString: $0) != nil } }

  fileprivate var isTime: Bool { read { Instant(timeString: $0) != nil } }

  private func read(_ test: (Bytes) -> Bool) -> Bool {
    var text = self
    return text.withUTF8 { bytes in bytes.baseAddress.map { test(Bytes($0, count: bytes.count)) } ?? false }
  }
}
