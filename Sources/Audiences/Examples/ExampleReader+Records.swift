import Events
import YAML

/// What happens to a known profile. A record has one of the forms below, or is written out with `type`.
///
/// ```yaml
/// - { at: 2026-11-20T10:00:00Z, event: Checkout Started, properties: { value: 84.5 } }
/// - { at: +3h, identify: { tier: gold } }
/// - { at: +3h, event: Product Viewed, as: visitor }     # not signed in: an anonymous profile of that id
/// - { at: +1m, alias: visitor }                         # the anonymous one was this one
/// - { at: +1m, identify: {}, was: visitor }             # the same by an identify with both ids
/// - { at: +1m, page: {} }                               # also screen
/// - { at: +1d, delete: true }
/// ```
extension ExampleReader {
  private static let forms = ["event", "identify", "alias", "page", "screen", "delete", "type"]
  private static let record = Vocabulary(
    ["at"] + forms
      + ["properties", "as", "was", "traits", "context", "userId", "anonymousId", "previousId", "messageId"],
    meant: [
      "time": "at", "timestamp": "at", "name": "event", "track": "event", "props": "properties",
      "anonymous": "as", "previously": "was", "user_id": "userId", "anonymous_id": "anonymousId",
      "message_id": "messageId",
    ])
  private static let types = Vocabulary(["track", "page", "screen", "identify", "alias", "delete", "group"])

  /// The records of a list.
  mutating func records(_ nodes: [Node], of id: String) -> [ExampleRecord] {
    var records: [ExampleRecord] = []
    var former: Instant?
    for node in nodes {
      guard let entries = findings.entries(node, "an event", of: Self.record) else { continue }
      let parts = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
      let at = instant(parts["at"]?.value, of: node, Self.record, after: former)
      former = at ?? former
      let text = text(of: parts, node, at: at ?? .never, id: id)
      guard let at, let text else { continue }
      records.append(ExampleRecord(at: at, json: text, line: node.place.start.line))
    }
    return records
  }

  /// The record as JSON.
  private mutating func text(of parts: [String: Entry], _ node: Node, at: Instant, id: String) -> [UInt8]? {
    let before = findings.errorCount
    guard let form = form(of: parts, node) else { return nil }
    var text = RecordText(at: at)
    if form.key == "type" {
      writeOut(parts, form, id: id, into: &text)
    } else {
      write(parts, form, id: id, into: &text)
    }
    for key in ["context", "messageId"] {
      if let entry = parts[key] { text.add(key, entry.value, &findings) }
    }
    return findings.errorCount == before ? text.finished : nil
  }

  /// Which of the forms it has: one, and no more. A `track` that is written out has `event` beside its type.
  private mutating func form(of parts: [String: Entry], _ node: Node) -> Entry? {
    let given = Self.forms.compactMap { parts[$0] }
    if let type = parts["type"], given.allSatisfy({ $0.key == "type" || $0.key == "event" }) { return type }
    guard let form = given.first else {
      if !Self.forms.contains(where: { findings.holdsSlip(for: $0, node, of: Self.record) }) {
        findings.error(
          at: node.place, "nothing says what happens here",
          expected: "one of: \(Self.forms.joined(separator: ", "))")
      }
      return nil
    }
    guard given.count == 1 else {
      findings.error(
        at: given[1].keyPlace, "both '\(form.key)' and '\(given[1].key)' stand here", expected: "one of them")
      return nil
    }
    return form
  }

  // MARK: The short forms

  private mutating func write(_ parts: [String: Entry], _ form: Entry, id: String, into text: inout RecordText) {
    refuse(["traits", "userId", "anonymousId", "previousId"], in: parts, unless: "'type' says what the record is")
    if form.key != "event" { refuse(["properties"], in: parts, unless: "'event' names one") }
    if form.key != "identify" { refuse(["was"], in: parts, unless: "it goes with 'identify'") }
    let visitor = parts["as"].flatMap { findings.text($0.value, "'as'") }
    if form.key == "alias" { refuse(["as"], in: parts, unless: "'alias' names the anonymous one already") }
    text.add(visitor == nil ? "userId" : "anonymousId", visitor ?? id)
    switch form.key {
    case "event":
      text.add("type", "track")
      event(form, into: &text)
      if let entry = parts["properties"] { properties(entry, of: form.value, into: &text) }
    case "identify":
      text.add("type", "identify")
      traits(form, into: &text)
      if let was = parts["was"], let former = findings.text(was.value, "'was'") {
        if visitor == nil { text.add("anonymousId", former) } else { refuse(["was"], in: parts, unless: "'as' is not") }
      }
    case "alias":
      text.add("type", "alias")
      if let former = findings.text(form.value, "'alias'") { text.add("previousId", former) }
    case "delete":
      text.add("type", "delete")
      if form.value.scalar?.bool != true { findings.wrong(form.value, "'delete'", expected: "'delete: true'") }
    default:
      text.add("type", form.key)
      if mapping(form) { text.add("properties", form.value, &findings) }
    }
  }

  private mutating func refuse(_ keys: [String], in parts: [String: Entry], unless reason: String) {
    for key in keys {
      guard let entry = parts[key] else { continue }
      findings.error(at: entry.keyPlace, "'\(key)' has no meaning here", expected: "it only where \(reason)")
    }
  }

  private mutating func mapping(_ entry: Entry) -> Bool {
    if entry.value.mapping != nil { return true }
    findings.wrong(entry.value, "'\(entry.key)'", expected: "a mapping; {} where there is nothing to say")
    return false
  }

  private mutating func event(_ entry: Entry, into text: inout RecordText) {
    guard let name = findings.text(entry.value, "'event'") else { return }
    if taxonomy.event(named: name) == nil { unknownEvent(name, at: entry.value.place) }
    text.add("event", name)
  }

  /// Notes that the taxonomy knows no such event: applied all the same by an engine, but here it is a slip.
  mutating func unknownEvent(_ name: String, at place: Place) {
    let names = taxonomy.events.flatMap { [$0.name] + $0.aliases }
    findings.error(
      at: place, "unknown event \(Quoted.of(name))", expected: "an event of topics/taxonomy.yaml",
      suggestion: NearestWord.of(name, among: names))
  }

  private mutating func properties(_ entry: Entry, of event: Node, into text: inout RecordText) {
    guard mapping(entry) else { return }
    if let type = event.scalar.flatMap({ taxonomy.event(named: $0.text) }), !type.properties.isEmpty {
      let names = type.properties.map(\.name)
      for property in entry.value.mapping ?? [] {
        let isKnown = type.properties.contains { $0.name == property.key || $0.aliases.contains(property.key) }
        guard !isKnown else { continue }
        findings.warning(
          at: property.keyPlace, "\(Quoted.of(property.key)) is not declared for \(Quoted.of(type.name))",
          expected: "a property of topics/taxonomy.yaml", suggestion: NearestWord.of(property.key, among: names))
      }
    }
    text.add("properties", entry.value, &findings)
  }

  private mutating func traits(_ entry: Entry, into text: inout RecordText) {
    guard mapping(entry) else { return }
    for trait in entry.value.mapping ?? [] where !traits.contains(trait.key) {
      findings.warning(
        at: trait.keyPlace, "\(Quoted.of(trait.key)) is not declared as a trait",
        expected: "a trait of topics/taxonomy.yaml", suggestion: NearestWord.of(trait.key, among: traits))
    }
    text.add("traits", entry.value, &findings)
  }

  // MARK: Written out

  private mutating func writeOut(_ parts: [String: Entry], _ form: Entry, id: String, into text: inout RecordText) {
    refuse(["as", "was"], in: parts, unless: "the record is not written out with 'type'")
    guard let type = findings.choice(form.value, "'type'", among: Self.types) else { return }
    text.add("type", type)
    if type == "track" {
      if let entry = parts["event"] {
        event(entry, into: &text)
      } else {
        findings.error(at: form.keyPlace, "a track without 'event'", expected: "'event:' with its name")
      }
    }
    if parts["userId"] == nil && parts["anonymousId"] == nil { text.add("userId", id) }
    for key in ["userId", "anonymousId", "previousId"] {
      if let entry = parts[key], let id = findings.text(entry.value, "'\(key)'") { text.add(key, id) }
    }
    for key in ["properties", "traits"] {
      if let entry = parts[key], mapping(entry) { text.add(key, entry.value, &findings) }
    }
  }
}
