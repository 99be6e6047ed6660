import Events
import YAML

/// Leaves about events: which, of what age, and where they begin (language, section 3.1).
extension DefinitionReader {
  /// The keys beside `event`.
  static let leaf = Vocabulary(
    ["event", "where", "pick", "having", "within", "between", "since", "count", "sum", "min", "max"],
    later: ["gap", "followed_by", "not_followed_by", "by", "favorite", "distinct", "average"],
    meant: [
      "filter": "where", "with": "where", "properties": "where", "in_last": "within", "last": "pick", "first": "pick",
      "after": "since", "times": "count", "total": "sum", "minimum": "min", "maximum": "max", "avg": "average",
      "mean": "average", "group_by": "by", "favourite": "favorite", "unique": "distinct",
      "no_older_than": "within", "window": "within",
    ])
  private static let selector = Vocabulary(["event", "where"])
  private static let picks = Vocabulary(
    EventLeaf.Pick.allCases.map(\.rawValue),
    meant: ["latest": "last", "newest": "last", "earliest": "first", "oldest": "first"])

  /// The leaf that a mapping with `event` says.
  mutating func eventLeaf(_ node: Node) -> EventLeaf? {
    let before = findings.errorCount
    guard let entries = findings.entries(node, "a condition", of: Self.leaf) else { return nil }
    let parts = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0) })
    // Where the events are not known, the rest is read all the same, to tell its mistakes.
    let names = parts["event"].flatMap { eventNames($0.value) } ?? []
    var leaf = EventLeaf(events: EventSelector(names: names))
    leaf.events.filter = parts["where"].flatMap { tests($0, of: names) } ?? []
    leaf.since = parts["since"].flatMap { since($0.value) }
    leaf.pick = parts["pick"].flatMap { pick($0.value) }
    leaf.having = having(parts, of: names) ?? []
    leaf.window = window(parts)
    if let measured = measure(entries, of: names) { leaf.measure = measured }
    if findings.errorCount == before { checkThresholds(of: leaf, entries) }
    return findings.errorCount == before ? leaf : nil
  }

  // MARK: Which events

  /// One name or a list of names, as canonical names.
  private mutating func eventNames(_ node: Node) -> [String]? {
    guard node.sequence != nil else { return eventName(node).map { [$0] } }
    guard let elements = findings.elements(node, "'event'", expected: "an event's name, or a list of names") else {
      return nil
    }
    var names: [String] = []
    var isComplete = true
    for element in elements {
      guard let name = eventName(element) else {
        isComplete = false
        continue
      }
      if names.contains(name) {
        findings.error(
          at: element.place, "\(Quoted.of(element.scalar?.text ?? name)) names \(Quoted.of(name)) a second time",
          expected: "each event once")
        isComplete = false
      }
      names.append(name)
    }
    return isComplete ? names : nil
  }

  private mutating func eventName(_ node: Node) -> String? {
    guard let name = findings.text(node, "'event'", expected: "an event's name, or a list of names") else { return nil }
    guard let taxonomy else { return name }
    if let event = taxonomy.event(named: name) { return event.name }
    findings.error(
      at: node.place, "unknown event \(Quoted.of(name))", expected: "an event of \(ProjectReader.taxonomyPath)",
      suggestion: NearestWord.of(name, among: taxonomy.events.lazy.flatMap { [$0.name] + $0.aliases }))
    return nil
  }

  /// `since`: an event's name, or `{event:, where:}`.
  private mutating func since(_ node: Node) -> EventSelector? {
    guard node.mapping != nil else {
      guard node.sequence == nil else {
        findings.wrong(node, "'since'", expected: "an event's name, or {event:, where:}")
        return nil
      }
      return eventName(node).map { EventSelector(names: [$0]) }
    }
    guard let entries = findings.entries(node, "'since'", of: Self.selector) else { return nil }
    guard let event = entries.first(where: { $0.key == "event" }) else {
      if !findings.holdsSlip(for: "event", node, of: Self.selector) {
        findings.error(at: node.place, "'since' names no event", expected: "an event's name, or {event:, where:}")
      }
      return nil
    }
    let names = eventNames(event.value)
    guard let filter = entries.first(where: { $0.key == "where" }) else {
      return names.map { EventSelector(names: $0) }
    }
    let tests = tests(filter, of: names ?? [])
    guard let names, let tests else { return nil }
    return EventSelector(names: names, filter: tests)
  }

  // MARK: Which one of them

  private mutating func pick(_ node: Node) -> EventLeaf.Pick? {
    findings.choice(node, "'pick'", among: Self.picks).flatMap { EventLeaf.Pick(rawValue: $0) }
  }

  private mutating func having(_ parts: [String: Entry], of events: [String]) -> [PropertyTest]? {
    guard let having = parts["having"] else { return nil }
    if parts["pick"] == nil {
      findings.error(
        at: having.keyPlace, "'having' without 'pick'",
        expected: "'pick: last' or 'pick: first' beside it; 'where' says which events count")
    }
    return tests(having, of: events)
  }

  /// The two elements of a list of two.
  mutating func pair(_ node: Node, _ subject: String, expected: String) -> Pair? {
    guard let elements = node.sequence, !elements.isEmpty else {
      findings.wrong(node, subject, expected: expected)
      return nil
    }
    guard elements.count == 2 else {
      let number = elements.count == 1 ? "one value" : "\(elements.count) values"
      findings.error(at: node.place, "\(subject) has \(number)", expected: expected)
      return nil
    }
    return Pair(first: elements[0], second: elements[1])
  }

  // MARK: Of what age

  /// `within` or `between`.
  private mutating func window(_ parts: [String: Entry]) -> EventLeaf.Window? {
    if let within = parts["within"], let between = parts["between"] {
      let second = within.keyPlace.start < between.keyPlace.start ? between : within
      findings.error(at: second.keyPlace, "'within' and 'between' in one condition", expected: "one of them")
    }
    let from = parts["between"].flatMap { between($0.value) }
    return parts["within"].flatMap { within($0.value) } ?? from
  }

  private mutating func within(_ node: Node) -> EventLeaf.Window? {
    guard let length = findings.duration(node, "'within'") else { return nil }
    guard length.ms > 0 else {
      findings.wrong(node, "'within'", expected: "a duration above zero: nothing is younger than that")
      return nil
    }
    return EventLeaf.Window(from: DurationMs(ms: 0), to: length)
  }

  private mutating func between(_ node: Node) -> EventLeaf.Window? {
    let form = "two ages, the smaller one first, such as [2h, 24h]"
    guard let bounds = pair(node, "'between'", expected: form) else { return nil }
    let from = findings.duration(bounds.first, "an age in 'between'")
    let to = findings.duration(bounds.second, "an age in 'between'")
    guard let from, let to else { return nil }
    guard from <= to else {
      findings.error(
        at: node.place, "'between' begins after it ends", expected: form, suggestion: bounds.reversedText)
      return nil
    }
    if from == to {
      findings.warning(
        at: node.place, "'between' can never be true: its ages are equal, and the second one is not in it",
        expected: form)
    }
    return EventLeaf.Window(from: from, to: to)
  }
}

/// Two nodes of a list.
struct Pair {
  let first: Node
  let second: Node

  /// The list the other way round, as it would be written.
  var reversedText: String { "[\(second.scalar?.text ?? ""), \(first.scalar?.text ?? "")]" }
}
