import Events
import YAML

/// What must have come after an event, or must not: `followed_by`, `not_followed_by` (language, section 3.1).
extension DefinitionReader {
  private static let sequel = Vocabulary(
    ["event", "where", "same", "within", "followed_by", "not_followed_by"],
    meant: [
      "filter": "where", "with": "where", "properties": "where", "by": "same", "on": "same", "in": "within",
      "then": "followed_by", "without": "not_followed_by",
    ])
  private static let sequelForm = "{event:, where:, same:, within:}, or an event's name"

  /// The sequels among some entries; `events` are those that they come after.
  mutating func sequels(_ parts: [String: Entry], of events: [String]) -> [Sequel] {
    ["followed_by", "not_followed_by"].compactMap { key in parts[key].flatMap { sequel($0, after: events) } }
  }

  private mutating func sequel(_ entry: Entry, after earlier: [String]) -> Sequel? {
    let subject = "'\(entry.key)'"
    let isWanted = entry.key == "followed_by"
    guard entry.value.mapping != nil else {
      guard entry.value.sequence == nil else {
        findings.wrong(entry.value, subject, expected: Self.sequelForm)
        return nil
      }
      return eventName(entry.value, subject, expected: Self.sequelForm).map {
        Sequel(isWanted: isWanted, events: EventSelector(names: [$0]))
      }
    }
    guard let entries = findings.entries(entry.value, subject, of: Self.sequel) else { return nil }
    let parts = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    if parts["event"] == nil, !findings.holdsSlip(for: "event", entry.value, of: Self.sequel) {
      findings.error(at: entry.keyPlace, "\(subject) names no event", expected: Self.sequelForm)
    }
    let names = parts["event"].flatMap { eventNames($0.value) } ?? []
    var sequel = Sequel(isWanted: isWanted, events: EventSelector(names: names))
    sequel.events.filter = parts["where"].flatMap { tests($0, of: names) } ?? []
    sequel.same = parts["same"].flatMap { same($0.value, in: earlier, and: names) }
    sequel.within = parts["within"].flatMap {
      findings.positiveDuration($0.value, "'within'", why: ": nothing follows sooner than that")
    }
    sequel.sequels = sequels(parts, of: names)
    return sequel
  }

  /// The property of which both events must have an equal value.
  private mutating func same(_ node: Node, in earlier: [String], and later: [String]) -> PropertyPath? {
    guard let property = comparable(node, "'same'", of: earlier + later.filter { !earlier.contains($0) }) else {
      return nil
    }
    let types = (types(of: property.path, in: earlier), types(of: property.path, in: later))
    if types.0.isEmpty != types.1.isEmpty {
      warnIfUndeclared(property.path, at: node.place, known(types.0.isEmpty ? earlier : later))
    }
    if !types.0.isEmpty, !types.1.isEmpty, !types.0.contains(where: { types.1.contains($0) }) {
      findings.warning(
        at: node.place,
        "\(Quoted.of(property.path.description)) is \(types.0[0].inWords) in the one event"
          + " and \(types.1[0].inWords) in the other: these are never equal",
        expected: "a property of one type in both")
    }
    return property.path
  }

  private func types(of path: PropertyPath, in events: [String]) -> [PropertyType] {
    known(events).compactMap { $0.property(at: path)?.element }
  }

  private func known(_ events: [String]) -> [EventType] { events.compactMap { taxonomy?.event(named: $0) } }
}
