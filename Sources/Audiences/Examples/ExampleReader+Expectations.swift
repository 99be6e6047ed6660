import Events
import YAML

/// What must come of a known profile's events.
///
/// ```yaml
/// - { at: 2026-11-20T12:00:00Z, audience: checkout-abandoners, status: in }
/// - { at: +1h, audience: checkout-abandoners, status: out, reason: event, event: Order Completed }
/// - { at: +1h, status: out, reason: suppressed, by: purchased-7d }    # the audience of the file's name
/// ```
extension ExampleReader {
  private static let expectation = Vocabulary(
    ["at", "audience", "status", "reason", "event", "by", "entered", "exited", "as"],
    meant: [
      "time": "at", "key": "audience", "because": "reason", "why": "reason", "in_since": "entered",
      "left": "exited", "is": "status", "state": "status",
    ])
  private static let statuses = Vocabulary(
    Expectation.Status.allCases.map(\.rawValue), meant: ["held_out": "control", "member": "in", "true": "in"])
  private static let reasons = Vocabulary(
    Expectation.Reason.allCases.map(\.rawValue),
    meant: ["time": "expired", "expiry": "expired", "holdout": "held_out", "control": "held_out", "alias": "merged"])

  /// The expectations of a list. A first one with `+` comes after the last event.
  mutating func expectations(_ nodes: [Node], of id: String, after last: Instant?) -> [Expectation] {
    var expectations: [Expectation] = []
    var former = last
    for node in nodes {
      guard let entries = findings.entries(node, "an expectation", of: Self.expectation) else { continue }
      let parts = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
      let at = instant(parts["at"], of: node, Self.expectation, after: former)
      former = at ?? former
      let audience = audience(parts["audience"], of: node)
      let status = status(parts["status"], of: node)
      let profile = parts["as"].map { findings.text($0, "'as'") } ?? id
      // What is missing has been noted; the rest is read all the same, for its own mistakes.
      var expectation = Expectation(
        line: node.place.start.line, at: at ?? .never, profile: profile ?? id, audience: audience ?? key,
        status: status ?? .out)
      readReason(parts, into: &expectation)
      readInstants(parts, into: &expectation)
      if at != nil, audience != nil, status != nil { expectations.append(expectation) }
    }
    return expectations
  }

  private mutating func audience(_ node: Node?, of element: Node) -> String? {
    guard let node else {
      if audiences.contains(key) { return key }
      if findings.holdsSlip(for: "audience", element, of: Self.expectation) { return nil }
      findings.error(
        at: element.place, "'audience' is missing",
        expected: "the key of an audience; it may be left out in a file that has an audience's name")
      return nil
    }
    guard let text = findings.text(node, "'audience'", expected: "the key of an audience") else { return nil }
    return isAudience(text, at: node) ? text : nil
  }

  private mutating func isAudience(_ text: String, at node: Node) -> Bool {
    if audiences.contains(text) { return true }
    findings.unknownAudience(Word(text: text, place: node.place), among: audiences)
    return false
  }

  private mutating func status(_ node: Node?, of element: Node) -> Expectation.Status? {
    guard let node else {
      if !findings.holdsSlip(for: "status", element, of: Self.expectation) {
        findings.error(at: element.place, "'status' is missing", expected: "'status:' \(Self.statuses.inWords)")
      }
      return nil
    }
    return findings.choice(node, "'status'", among: Self.statuses).flatMap { Expectation.Status(rawValue: $0) }
  }

  private mutating func readReason(_ parts: [String: Node], into expectation: inout Expectation) {
    if let node = parts["reason"] {
      expectation.reason = findings.choice(node, "'reason'", among: Self.reasons).flatMap { .init(rawValue: $0) }
    }
    if let node = parts["event"], let name = findings.text(node, "'event'") {
      if let reason = expectation.reason, reason != .event {
        findings.error(
          at: node.place, "an event is named for the reason '\(reason.rawValue)'", expected: "'reason: event' with it")
      }
      expectation.reason = .event
      expectation.event = taxonomy.event(named: name)?.name
      if expectation.event == nil { unknownEvent(name, at: node.place) }
    }
    guard let node = parts["by"], let key = findings.text(node, "'by'", expected: "the key of an audience") else {
      return
    }
    if expectation.reason != .suppressed && expectation.reason != .outranked {
      findings.error(
        at: node.place, "'by' stands without the reason that it belongs to",
        expected: "'reason: suppressed' or 'reason: outranked' with it")
    }
    expectation.by = isAudience(key, at: node) ? key : nil
  }

  private mutating func readInstants(_ parts: [String: Node], into expectation: inout Expectation) {
    if let node = parts["entered"] { expectation.entered = findings.instant(node, "'entered'") }
    guard let node = parts["exited"] else { return }
    expectation.exited = findings.instant(node, "'exited'")
    if expectation.status == .in {
      findings.error(at: node.place, "'exited' is told of somebody who is in", expected: "'entered', or 'status: out'")
    }
  }
}
