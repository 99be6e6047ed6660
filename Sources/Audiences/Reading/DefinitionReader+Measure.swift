import Events
import YAML

/// Measures: `count`, `sum`, `min` and `max` (language, section 3.1).
extension DefinitionReader {
  private static let measures = ["count", "sum", "min", "max"]
  private static let sumVocabulary = Vocabulary(["of", "times", "is"], meant: ["property": "of", "by": "times"])
  private static let extremeVocabulary = Vocabulary(["of", "is"], meant: ["property": "of"])

  /// The one measure among a leaf's keys; none where there is none.
  mutating func measure(_ entries: [Entry], of events: [String]) -> EventLeaf.Measure? {
    let given = entries.filter { Self.measures.contains($0.key) }
    for extra in given.dropFirst() {
      findings.error(
        at: extra.keyPlace, "\(Quoted.of(extra.key)) stands beside \(Quoted.of(given[0].key)) in one condition",
        expected: "one measure; two conditions under 'all:' where both must hold")
    }
    let measures = given.map { measure($0, of: events) }
    return measures.first ?? nil
  }

  private mutating func measure(_ entry: Entry, of events: [String]) -> EventLeaf.Measure? {
    let subject = "'\(entry.key)'"
    if entry.key == "count" { return predicate(entry.value, .figure(subject)).map { .count($0) } }
    let vocabulary = entry.key == "sum" ? Self.sumVocabulary : Self.extremeVocabulary
    guard let parts = findings.entries(entry.value, subject, of: vocabulary) else { return nil }
    let path = required("of", of: parts, in: entry, vocabulary).flatMap { measured($0, of: events) }
    let times = parts.first { $0.key == "times" }
    let factor = times.flatMap { measured($0, of: events) }
    let test = required("is", of: parts, in: entry, vocabulary).flatMap { predicate($0.value, .figure("'is'")) }
    guard let path, let test, times == nil || factor != nil else { return nil }
    switch entry.key {
    case "sum": return .sum(of: path, times: factor, is: test)
    case "min": return .min(of: path, is: test)
    default: return .max(of: path, is: test)
    }
  }

  private mutating func required(
    _ key: String, of parts: [Entry], in entry: Entry, _ vocabulary: Vocabulary
  ) -> Entry? {
    if let part = parts.first(where: { $0.key == key }) { return part }
    if findings.holdsSlip(for: key, entry.value, of: vocabulary) { return nil }
    let what = key == "of" ? "the property measured" : "what the figure must be"
    findings.error(
      at: entry.keyPlace, "\(Quoted.of(entry.key)) has no '\(key)'",
      expected: "'\(key):' with \(what), as in {of: revenue, is: {at_least: 100}}")
    return nil
  }

  /// The property that is measured. Its values must be able to be numbers.
  private mutating func measured(_ entry: Entry, of events: [String]) -> PropertyPath? {
    guard let name = findings.text(entry.value, "'\(entry.key)'", expected: "a property's name") else { return nil }
    guard let property = property(name, at: entry.value.place, of: events) else { return nil }
    let types = property.types
    if types.isEmpty || types.contains(.number) { return property.path }
    let nearest = numericProperty(like: name, of: events)
    guard types.contains(.string) || types.contains(.time) else {
      findings.error(
        at: entry.value.place, "\(Quoted.of(name)) is declared as \(types[0].inWords)",
        expected: "a property with numbers", suggestion: nearest)
      return nil
    }
    findings.warning(
      at: entry.value.place,
      "\(Quoted.of(name)) is declared as \(types[0].inWords): only values that are numbers count",
      expected: "a property with numbers", suggestion: nearest)
    return property.path
  }

  private func numericProperty(like name: String, of events: [String]) -> String? {
    let fields = events.flatMap { taxonomy?.event(named: $0)?.properties ?? [] }
    return NearestWord.of(name, among: fields.lazy.filter { $0.type.element == .number }.map(\.name))
  }

  // MARK: What is kept

  /// A count over a window or since an event is told from kept entries. It can be exact only up to `limits.entries`.
  mutating func checkThresholds(of leaf: EventLeaf, _ entries: [Entry]) {
    guard leaf.window != nil || leaf.since != nil, case .count(let predicate) = leaf.measure else { return }
    let needed = predicate.comparisons.compactMap(\.entriesNeeded).max() ?? 0
    guard needed > policy.entries, let count = entries.first(where: { $0.key == "count" }) else { return }
    findings.error(
      at: count.value.place,
      "this needs \(needed) events of one profile, and \(policy.entries) are kept at most",
      expected: "a smaller number, or a greater 'limits.entries' in \(ProjectReader.policyPath)")
  }
}

extension Predicate.Comparison {
  /// How many events must be kept to tell whether this holds of their count; `nil` where the count does not matter.
  /// `at_least: 3` is told from three, `at_most: 3` only from four.
  fileprivate var entriesNeeded: Int64? {
    switch self {
    case .atLeast(let operand), .lessThan(let operand): Self.entries(operand, roundedUp: true)
    case .moreThan(let operand), .atMost(let operand), .equals(let operand), .not(let operand):
      Self.entries(operand, roundedUp: false).map { $0 + 1 }
    case .isIn(let operands), .notIn(let operands):
      operands.compactMap { Self.entries($0, roundedUp: false) }.max().map { $0 + 1 }
    case .between(_, let upper): Self.entries(upper, roundedUp: false).map { $0 + 1 }
    case .exists, .contains, .startsWith: nil
    }
  }

  private static func entries(_ operand: Predicate.Operand, roundedUp: Bool) -> Int64? {
    guard case .number(let number) = operand else { return nil }
    let (whole, rest) = number.units.quotientAndRemainder(dividingBy: Millionths.perWhole)
    return whole + (roundedUp && rest > 0 ? 1 : 0)
  }
}
