import Events
import YAML

/// Queries: which events, of what age, and where they begin (language, section 3.1).
extension DefinitionReader {
  /// The keys of all steps before the measure.
  static let query = Vocabulary(
    [
      "event", "where", "since", "gap", "followed_by", "not_followed_by", "pick", "having", "within", "between",
    ],
    meant: [
      "filter": "where", "with": "where", "properties": "where", "in_last": "within", "last": "pick", "first": "pick",
      "after": "since", "no_older_than": "within", "window": "within", "then": "followed_by", "before": "followed_by",
      "without": "not_followed_by", "never_followed_by": "not_followed_by", "inactive_for": "gap",
    ])
  private static let selector = Vocabulary(["event", "where"])
  private static let picks = Vocabulary(
    Pick.allCases.map(\.rawValue),
    meant: ["latest": "last", "newest": "last", "earliest": "first", "oldest": "first"])

  /// The query that the entries of a leaf or trait say.
  ///
  /// Where the events are not known, the rest is read all the same, to tell its mistakes.
  mutating func query(_ parts: [String: Entry]) -> EventQuery {
    let names = parts["event"].flatMap { eventNames($0.value) } ?? []
    var query = EventQuery(events: EventSelector(names: names))
    query.events.filter = parts["where"].flatMap { tests($0, of: names) } ?? []
    query.since = parts["since"].flatMap { since($0.value) }
    query.gap = parts["gap"].flatMap { findings.positiveDuration($0.value, "'gap'", why: ": every event has that") }
    query.sequels = sequels(parts, of: names)
    query.pick = parts["pick"].flatMap { pick($0.value) }
    query.having = having(parts, of: names) ?? []
    query.window = window(parts)
    return query
  }

  // MARK: Which events

  /// One name or a list of names, as canonical names.
  mutating func eventNames(_ node: Node) -> [String]? {
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

  mutating func eventName(
    _ node: Node, _ subject: String = "'event'", expected: String = "an event's name, or a list of names"
  ) -> String? {
    guard let name = findings.text(node, subject, expected: expected) else { return nil }
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
      return eventName(node, "'since'", expected: "an event's name, or {event:, where:}").map {
        EventSelector(names: [$0])
      }
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

  private mutating func pick(_ node: Node) -> Pick? {
    findings.choice(node, "'pick'", among: Self.picks).flatMap { Pick(rawValue: $0) }
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
}
