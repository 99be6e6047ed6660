import YAML

/// Conditions: `all`, `any`, `not`, and the leaves (language, section 3).
extension DefinitionReader {
  private static let forms = Vocabulary(
    ["event", "trait", "audience", "all", "any", "not"],
    meant: ["and": "all", "or": "any", "none": "not", "events": "event", "segment": "audience", "or_else": "any"])

  /// The condition that a node says. `subject` begins a message: `'when'`, `an element of 'all'`.
  mutating func condition(_ node: Node, _ subject: String) -> Condition? {
    guard let entries = node.mapping else {
      let hint = node.sequence == nil ? "" : "; several conditions stand under 'all:' or 'any:'"
      findings.wrong(node, subject, expected: "a condition, a mapping with \(Self.forms.inWords)\(hint)")
      return nil
    }
    let heads = entries.filter { Self.forms.words.contains($0.key) }
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
    case "trait": return traitLeaf(node).map { .trait($0) }
    default:
      noteNeighbours(of: head, entries)
      return head.key == "audience" ? audienceLeaf(head.value) : combination(head)
    }
  }

  private mutating func noteNeighbours(of head: Entry, _ entries: [Entry]) {
    for other in entries where other.key != head.key {
      let isSaidOfTraits = Self.traitLeaf.words.contains(other.key) && !Self.leaf.words.contains(other.key)
      findings.error(
        at: other.keyPlace, "\(Quoted.of(other.key)) stands beside \(Quoted.of(head.key))",
        expected: isSaidOfTraits
          ? "'\(head.key):' alone; what is said of a trait stands beside 'trait:'"
          : "'\(head.key):' alone; what is said of events stands beside 'event:'")
    }
  }

  private mutating func combination(_ head: Entry) -> Condition? {
    if head.key == "not" { return condition(head.value, "'not'").map { .not($0) } }
    let subject = "'\(head.key)'"
    guard let elements = findings.elements(head.value, subject, expected: "a list with at least one condition") else {
      return nil
    }
    let parts = elements.compactMap { condition($0, "an element of \(subject)") }
    guard parts.count == elements.count else { return nil }
    return head.key == "all" ? .all(parts) : .any(parts)
  }

  private mutating func audienceLeaf(_ node: Node) -> Condition? {
    guard let text = findings.text(node, "'audience'", expected: "the key of an audience") else { return nil }
    let word = Word(text: text, place: node.place)
    guard known.audiences.contains(text) else {
      findings.unknownAudience(word, among: known.audiences)
      return nil
    }
    references.append(word)
    return .audience(text)
  }

  private mutating func noteMissingForm(_ node: Node, _ entries: [Entry], _ subject: String) {
    func isOfEvents(_ key: String) -> Bool { Self.leaf.words.contains(key) }
    func isOfTraits(_ key: String) -> Bool {
      Self.traitLeaf.words.contains(key) || Self.traitLeaf.later.contains(key)
    }
    let said = entries.first { isOfEvents($0.key) || isOfTraits($0.key) }
    if let said {
      let what = isOfEvents(said.key) ? "event" : "trait"
      findings.error(
        at: node.place, "\(subject) says \(Quoted.of(said.key)) of no \(what)",
        expected: "a condition with \(Self.forms.inWords)")
    } else if entries.isEmpty {
      findings.error(at: node.place, "\(subject) is empty", expected: "a condition with \(Self.forms.inWords)")
    }
    for entry in entries where !isOfEvents(entry.key) && !isOfTraits(entry.key) {
      findings.error(
        at: entry.keyPlace, "unknown key \(Quoted.of(entry.key))", expected: Self.forms.inWords,
        suggestion: Self.forms.nearest(to: entry.key) ?? Self.leaf.nearest(to: entry.key))
    }
  }
}
