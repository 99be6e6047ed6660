import YAML

/// Conditions: `all`, `any`, `not`, and the leaves.
extension DefinitionReader {
  private static let forms = Vocabulary(
    ["event", "all", "any", "not"], later: ["trait", "audience"],
    meant: ["and": "all", "or": "any", "none": "not", "events": "event", "segment": "audience", "or_else": "any"])

  /// The condition that a node says. `subject` begins a message: `'when'`, `an element of 'all'`.
  mutating func condition(_ node: Node, _ subject: String) -> Condition? {
    guard let entries = node.mapping else {
      let hint = node.sequence == nil ? "" : "; several conditions stand under 'all:' or 'any:'"
      findings.wrong(node, subject, expected: "a condition, a mapping with \(Self.forms.inWords)\(hint)")
      return nil
    }
    let heads = entries.filter { Self.forms.words.contains($0.key) || Self.forms.later.contains($0.key) }
    guard let head = heads.first else {
      noteMissingForm(node, entries, subject)
      return nil
    }
    if heads.count > 1 {
      findings.error(
        at: heads[1].keyPlace, "\(Quoted.of(heads[1].key)) stands beside \(Quoted.of(head.key)) in one condition",
        expected: "one of them, or both as elements of 'all:' or 'any:'")
      return nil
    }
    switch head.key {
    case "event": return eventLeaf(node).map { .events($0) }
    case "all", "any", "not": return combination(head, entries)
    default:
      findings.notSupported(head.key, at: head.keyPlace)
      return nil
    }
  }

  private mutating func combination(_ head: Entry, _ entries: [Entry]) -> Condition? {
    for other in entries where other.key != head.key {
      findings.error(
        at: other.keyPlace, "\(Quoted.of(other.key)) stands beside \(Quoted.of(head.key))",
        expected: "'\(head.key):' alone; what is said of events stands beside 'event:'")
    }
    if head.key == "not" { return condition(head.value, "'not'").map { .not($0) } }
    let subject = "'\(head.key)'"
    guard let elements = findings.elements(head.value, subject, expected: "a list with at least one condition") else {
      return nil
    }
    let parts = elements.compactMap { condition($0, "an element of \(subject)") }
    guard parts.count == elements.count else { return nil }
    return head.key == "all" ? .all(parts) : .any(parts)
  }

  private mutating func noteMissingForm(_ node: Node, _ entries: [Entry], _ subject: String) {
    let known = entries.first { Self.leaf.words.contains($0.key) || Self.leaf.later.contains($0.key) }
    if entries.isEmpty || known != nil {
      let what = known == nil ? "is empty" : "says \(Quoted.of(known?.key ?? "")) of no event"
      findings.error(at: node.place, "\(subject) \(what)", expected: "a condition with \(Self.forms.inWords)")
    }
    for entry in entries where !Self.leaf.words.contains(entry.key) && !Self.leaf.later.contains(entry.key) {
      findings.error(
        at: entry.keyPlace, "unknown key \(Quoted.of(entry.key))", expected: Self.forms.inWords,
        suggestion: Self.forms.nearest(to: entry.key) ?? Self.leaf.nearest(to: entry.key))
    }
  }
}
