import Events
import YAML

/// Leaves about events: a query, `by`, and one measure (language, section 3.1).
extension DefinitionReader {
  /// The keys beside `event`.
  static let leaf = Vocabulary(
    query.words + ["by"] + Self.measureNames,
    meant: query.meant.merging([
      "times": "count", "total": "sum", "minimum": "min", "maximum": "max", "avg": "average", "mean": "average",
      "group_by": "by", "favourite": "favorite", "unique": "distinct",
    ]) { first, _ in first })

  /// The leaf that a mapping with `event` says.
  mutating func eventLeaf(_ node: Node) -> EventLeaf? {
    let before = findings.errorCount
    guard let entries = eventEntries(node, "a condition", of: Self.leaf) else { return nil }
    let parts = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    var leaf = EventLeaf(query: query(parts))
    let names = leaf.query.events.names
    if let measured = measure(entries, of: names) { (leaf.measure, leaf.predicate) = measured }
    leaf.by = parts["by"].flatMap { grouping($0, parts, of: names) }
    if findings.errorCount == before { checkThreshold(of: leaf, parts) }
    return findings.errorCount == before ? leaf : nil
  }

  /// The entries that are understood. What only conditions or only traits have is told as that.
  mutating func eventEntries(_ node: Node, _ subject: String, of vocabulary: Vocabulary) -> [Entry]? {
    guard let all = node.mapping else { return findings.entries(node, subject, of: vocabulary) }
    let ofTraits = vocabulary.words.contains("by") ? Self.traitMeasureNames : []
    let odd = all.filter { ofTraits.contains($0.key) && Self.leaf.meant[$0.key] == nil }
    for entry in odd {
      findings.error(
        at: entry.keyPlace, "\(Quoted.of(entry.key)) is for computed traits",
        expected: "one of: " + Self.measureNames.joined(separator: ", "))
    }
    let oddKeys = odd.map(\.key)
    let rest = Node(.mapping(all.filter { !oddKeys.contains($0.key) }), at: node.place)
    return findings.entries(rest, subject, of: vocabulary)
  }

  private mutating func grouping(_ entry: Entry, _ parts: [String: Entry], of events: [String]) -> PropertyPath? {
    if let favorite = parts["favorite"] {
      let second = favorite.keyPlace.start < entry.keyPlace.start ? entry : favorite
      findings.error(
        at: second.keyPlace, "'by' and 'favorite' in one condition",
        expected: "'by' with count, sum, average, min, max or distinct")
    }
    return comparable(entry.value, "'by'", of: events)?.path
  }

  // MARK: What is kept

  /// What a measure counts from kept entries, which makes it exact only up to `limits.entries`; none where it does not.
  static func counted(_ query: EventQuery, _ measure: Measure) -> String? {
    let keeps = query.window != nil || query.since != nil || query.gap != nil || !query.sequels.isEmpty
    switch measure {
    case .count: return keeps ? "events" : nil
    case .distinct: return "values"
    default: return nil
    }
  }

  private mutating func checkThreshold(of leaf: EventLeaf, _ parts: [String: Entry]) {
    guard let what = Self.counted(leaf.query, leaf.measure) else { return }
    let test = leaf.measure == .count ? parts["count"]?.value : parts["distinct"]?.value["is"]
    let needed = leaf.predicate.entriesNeeded
    guard let test, needed > known.entries else { return }
    findings.error(
      at: test.place, "this needs \(needed) \(what) of one profile, and \(known.entries) are kept at most",
      expected: "a smaller number, or a greater 'limits.entries' in \(ProjectReader.policyPath)")
  }
}

extension Predicate {
  /// How many must be kept to tell whether it holds of their count.
  var entriesNeeded: Int64 { comparisons.compactMap(\.entriesNeeded).max() ?? 0 }
}

extension Predicate.Comparison {
  /// How many must be kept to tell whether this holds of their count; `nil` where the count does not matter.
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
