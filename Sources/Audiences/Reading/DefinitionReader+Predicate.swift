import Events
import YAML

/// What a predicate is about, and what its values can be.
struct PredicateSubject {
  /// As it begins a message: `'revenue'`, `'count'`.
  let name: String
  /// The types that its values may have; any where empty.
  let types: [PropertyType]
  /// Whether it is a figure that was measured, not a property.
  var isFigure = false
  /// Whether it is a trait, of which no path leads on.
  var isTrait = false

  /// A figure that was measured.
  static func figure(_ name: String) -> PredicateSubject {
    PredicateSubject(name: name, types: [.number], isFigure: true)
  }
}

/// Predicates: operators and their operands (language, section 3.4).
extension DefinitionReader {
  static let operators = Vocabulary(
    [
      "equals", "not", "in", "not_in", "at_least", "more_than", "at_most", "less_than", "between", "exists", "contains",
      "starts_with",
    ],
    meant: [
      "is": "equals", "eq": "equals", "==": "equals", "=": "equals", "equal": "equals", "ne": "not", "!=": "not",
      "is_not": "not", "not_equals": "not", "any_of": "in", "one_of": "in", "none_of": "not_in", "gte": "at_least",
      ">=": "at_least", "min": "at_least", "minimum": "at_least", "gt": "more_than", ">": "more_than",
      "greater_than": "more_than", "above": "more_than", "over": "more_than", "lte": "at_most", "<=": "at_most",
      "max": "at_most", "maximum": "at_most", "lt": "less_than", "<": "less_than", "fewer_than": "less_than",
      "below": "less_than", "under": "less_than", "range": "between", "includes": "contains", "has": "contains",
      "like": "contains", "begins_with": "starts_with", "prefix": "starts_with", "is_set": "exists",
      "present": "exists",
    ])

  /// `where` and `having`: a predicate for each property.
  mutating func tests(_ entry: Entry, of events: [String]) -> [PropertyTest]? {
    let subject = "'\(entry.key)'"
    guard let parts = entry.value.mapping, !parts.isEmpty else {
      findings.wrong(entry.value, subject, expected: "a mapping of properties, as in {category: coffee}")
      return nil
    }
    var tests: [PropertyTest] = []
    var paths: Set<PropertyPath> = []
    for part in parts {
      guard let property = property(part.key, at: part.keyPlace, of: events) else { continue }
      guard paths.insert(property.path).inserted else {
        findings.error(
          at: part.keyPlace,
          "\(Quoted.of(part.key)) means \(Quoted.of(property.path.description)), which stands here already",
          expected: "each property once")
        continue
      }
      let subject = PredicateSubject(name: Quoted.of(part.key), types: property.types)
      if let predicate = predicate(part.value, subject) {
        tests.append(PropertyTest(path: property.path, predicate: predicate))
      }
    }
    return tests.count == parts.count ? tests : nil
  }

  /// A bare value, or a mapping of operators.
  mutating func predicate(_ node: Node, _ subject: PredicateSubject) -> Predicate? {
    switch node.content {
    case .scalar: return operand(node, subject.name, of: subject).map { Predicate([.equals($0)]) }
    case .sequence:
      findings.wrong(
        node, subject.name, expected: "a value, or a mapping of operators; one of several values is {in: [..]}")
      return nil
    case .mapping(let all):
      guard !all.isEmpty else {
        findings.error(at: node.place, "\(subject.name) has no operator", expected: Self.operators.inWords)
        return nil
      }
      guard let entries = findings.entries(node, subject.name, of: Self.operators) else { return nil }
      let comparisons = entries.compactMap { comparison($0, subject) }
      return comparisons.count == all.count ? Predicate(comparisons) : nil
    }
  }

  private mutating func comparison(_ entry: Entry, _ subject: PredicateSubject) -> Predicate.Comparison? {
    let name = "'\(entry.key)'"
    switch entry.key {
    case "equals": return operand(entry.value, name, of: subject).map { .equals($0) }
    case "not": return operand(entry.value, name, of: subject).map { .not($0) }
    case "in": return list(entry, of: subject).map { .isIn($0) }
    case "not_in": return list(entry, of: subject).map { .notIn($0) }
    case "at_least": return ordered(entry.value, name, of: subject).map { .atLeast($0) }
    case "more_than": return ordered(entry.value, name, of: subject).map { .moreThan($0) }
    case "at_most": return ordered(entry.value, name, of: subject).map { .atMost($0) }
    case "less_than": return ordered(entry.value, name, of: subject).map { .lessThan($0) }
    case "between": return range(entry.value, of: subject)
    case "exists": return findings.bool(entry.value, name).map { .exists($0) }
    case "contains": return part(entry, of: subject).map { .contains($0) }
    default: return part(entry, of: subject).map { .startsWith($0) }
    }
  }

  // MARK: Operators with several operands, or with special ones

  private mutating func list(_ entry: Entry, of subject: PredicateSubject) -> [Predicate.Operand]? {
    let name = "'\(entry.key)'"
    let form = "a list of values, as in [coffee, tea]"
    guard let elements = findings.elements(entry.value, name, expected: form) else { return nil }
    let operands = elements.compactMap { operand($0, "a value in \(name)", of: subject) }
    guard operands.count == elements.count else { return nil }
    if let odd = operands.firstIndex(where: { !$0.isSameType(as: operands[0]) }) {
      noteMixed(elements[odd], operands[odd], operands[0], name)
      return nil
    }
    return operands
  }

  private mutating func range(_ node: Node, of subject: PredicateSubject) -> Predicate.Comparison? {
    let form = "two values, the smaller one first, such as [10, 20]"
    guard let bounds = pair(node, "'between'", expected: form) else { return nil }
    let low = ordered(bounds.first, "a value in 'between'", of: subject)
    let high = ordered(bounds.second, "a value in 'between'", of: subject)
    guard let low, let high else { return nil }
    guard low.isSameType(as: high) else {
      noteMixed(bounds.second, high, low, "'between'")
      return nil
    }
    guard !low.isGreater(than: high) else {
      findings.error(
        at: node.place, "'between' begins after it ends", expected: form, suggestion: bounds.reversedText)
      return nil
    }
    return .between(low, high)
  }

  private mutating func noteMixed(
    _ node: Node, _ odd: Predicate.Operand, _ first: Predicate.Operand, _ subject: String
  ) {
    findings.error(
      at: node.place, "\(subject) has \(odd.inWords) beside \(first.inWords)", expected: "values of one type")
  }

  /// A value that has an order: text or a number.
  private mutating func ordered(_ node: Node, _ name: String, of subject: PredicateSubject) -> Predicate.Operand? {
    guard let operand = operand(node, name, of: subject) else { return nil }
    guard case .boolean = operand else { return operand }
    findings.wrong(node, name, expected: "a number or text", suggestion: "equals")
    return nil
  }

  /// A part of a text.
  private mutating func part(_ entry: Entry, of subject: PredicateSubject) -> String? {
    let name = "'\(entry.key)'"
    guard subject.types.isEmpty || subject.types.contains(where: { $0 == .string || $0 == .time }) else {
      findings.error(
        at: entry.keyPlace, "\(name) is for text, and \(subject.name) is \(subject.types[0].inWords)",
        expected: subject.types.contains(.number)
          ? "equals, at_least, more_than, at_most, less_than or between" : "equals")
      return nil
    }
    guard let scalar = entry.value.scalar, scalar.coreType == .string else {
      findings.wrong(entry.value, name, expected: "text (in quotes where it looks like a number)")
      return nil
    }
    return scalar.text
  }
}

extension Predicate.Operand {
  func isSameType(as other: Predicate.Operand) -> Bool {
    switch (self, other) {
    case (.string, .string), (.number, .number), (.boolean, .boolean): true
    default: false
    }
  }

  /// Whether it is certainly greater: strings byte for byte, as the language compares them.
  fileprivate func isGreater(than other: Predicate.Operand) -> Bool {
    switch (self, other) {
    case (.number(let mine), .number(let theirs)): theirs < mine
    case (.string(let mine), .string(let theirs)): theirs.utf8.lexicographicallyPrecedes(mine.utf8)
    default: false
    }
  }

  /// The type in a marketer's words.
  var inWords: String {
    switch self {
    case .string: "text"
    case .number: "a number"
    case .boolean: "true or false"
    }
  }
}
