import Delivery
import Events
import HTTPTestSupport
import Synchronization
import Testing

/// Receives as Segment's HTTP API says that it does: limits, fields, `messageId`.
private final class StandInSegment: Sendable {
  let complaints = Complaints()
  let server: StandInServer
  private let messages: Mutexed

  private final class Mutexed: Sendable {
    let state = Mutex<(ids: Set<String>, list: [String])>(([], []))
  }

  init(_ reply: @escaping @Sendable (ReceivedRequest) -> Reply = { _ in .ok }) {
    let (complaints, messages) = (complaints, Mutexed())
    self.messages = messages
    server = StandInServer { request in
      let batch = Self.check(request, complaints)
      let reply = reply(request)
      guard case .answer(200, _, _) = reply else { return reply }
      messages.state.withLock { state in
        for message in batch where state.ids.insert(message.id).inserted { state.list.append(message.told) }
      }
      return .answer(200, body: "{\"success\":true}")
    }
  }

  /// What was taken, each once by its id.
  var once: [String] { messages.state.withLock(\.list) }

  private static func check(_ request: ReceivedRequest, _ complaints: Complaints) -> [(id: String, told: String)] {
    complaints.expect(request.method == "POST" && request.target == "/v1/batch", "\(request.method) \(request.target)")
    complaints.expect(request.headers["content-type"] == "application/json", "content type")
    complaints.expect(request.headers["authorization"] == "Basic aHVudGVyMi1odW50ZXIyOg==", "authorization")
    complaints.expect(request.body.count <= 500_000, "\(request.body.count) bytes")
    let body = JSON(bytes: request.body)
    complaints.expect(body.keys == ["batch"], "\(body.keys)")
    let batch = body.batch.list ?? []
    complaints.expect((1...2500).contains(batch.count), "\(batch.count) messages")
    return batch.map { check($0, complaints) }
  }

  private static func check(_ message: JSON, _ complaints: Complaints) -> (id: String, told: String) {
    let id = message.messageId.text ?? ""
    complaints.expect((1..<100).contains(id.count), "messageId of \(id.count) characters")
    complaints.expect(Instant(iso8601: message.timestamp.text ?? "") != nil, "timestamp")
    let user = message.userId.text ?? ""
    complaints.expect(!user.isEmpty, "no userId")
    switch message.type.text {
    case "track":
      complaints.expect(
        message.keys == ["type", "event", "userId", "messageId", "timestamp", "properties"], "\(message.keys)")
      let audience = message.properties.audience_key.text ?? ""
      let flag = message.properties[audience].bool.map { " \($0)" } ?? ""
      return (id, "\(user) \(message.event.text ?? "")\(flag)")
    case "identify":
      complaints.expect(message.keys == ["type", "userId", "messageId", "timestamp", "traits"], "\(message.keys)")
      let audience = message.traits.audience_key.text ?? ""
      complaints.expect(message.traits.keys == ["audience_key", audience], "\(message.traits.keys)")
      return (id, "\(user) is \(message.traits[audience].bool.map { "\($0)" } ?? "?")")
    default:
      complaints.expect(false, "type \(message.type.text ?? "none")")
      return (id, "")
    }
  }
}

@Suite("Segment")
struct SegmentTests {
  private func yaml(_ segment: StandInSegment) -> String {
    "kind: segment\nurl: \(segment.server.url)/v1/batch\nwrite_key: env:THE_SECRET\nrequests_per_second: 10000\n"
  }

  private let changes = [
    TestChange("entered", "ada", seq: 1), TestChange("entered", "bob", seq: 1), TestChange("exited", "ada", seq: 2),
    TestChange("held_out", "cyd", seq: 1), TestChange("exited", "dan", seq: 4),
  ]
  /// Who goes out comes first, where nobody's own order is touched.
  private let told = [
    "dan Audience exited false", "dan is false", "ada Audience entered true", "ada is true",
    "bob Audience entered true", "bob is true", "cyd Audience held_out", "ada Audience exited false", "ada is false",
  ]

  @Test("gets each change as an event and as a trait; removals first, each profile's changes in their order")
  func everything() throws {
    let segment = StandInSegment()
    defer { segment.server.stop() }
    let (outcome, errors) = try OpenService(yaml(segment)).deliver(.of(changes.map(\.json) + [erasure(of: "ada")]))
    #expect(outcome.changes == 5 && outcome.erased == 0 && outcome.passedOver == 1 && errors.isEmpty)
    #expect(segment.once == told)
    #expect(segment.complaints.all.isEmpty)
  }

  @Test("gets requests within its limits, and an event that is too large is put aside unsent")
  func limits() throws {
    let segment = StandInSegment()
    defer { segment.server.stop() }
    var values = (0..<3000).map { TestChange("entered", "profile-\($0)", seq: 1).json }
    var large = TestChange("entered", "large", seq: 1)
    large.included = ",\"note\":\"\(String(repeating: "x", count: 33_000))\""
    values.insert(large.json, at: 100)
    let (outcome, _) = try OpenService(yaml(segment) + "traits: [note]\n").deliver(.of(values))
    #expect(outcome.changes == 3000 && segment.once.count == 6000)
    #expect(outcome.rejected.map(\.offset) == [100])
    #expect(outcome.rejected[0].reason.contains("32000") && outcome.rejected[0].answer == nil)
    #expect(segment.server.requests.count >= 3 && segment.complaints.all.isEmpty)
  }

  @Test(
    "that fails gets everything once by its id in the end",
    arguments: [
      Reply.answer(429, headers: ["Retry-After": "3"]), .answer(429, headers: ["X-RateLimit-Reset": "3"]), .answer(429),
      .answer(500), .answer(503), .cutBefore, .cutWithin,
    ])
  func failures(_ reply: Reply) throws {
    let script = Script([reply, reply, .ok])
    let segment = StandInSegment { _ in script.next() }
    defer { segment.server.stop() }
    let (outcome, errors) = try OpenService(yaml(segment)).deliver(.of(changes.map(\.json)))
    #expect(outcome.changes == 5 && errors.count == 2)
    if case .answer(429, let headers, _) = reply, !headers.isEmpty { #expect(errors.allSatisfy { $0.leastMs == 3000 }) }
    #expect(segment.once == told && segment.complaints.all.isEmpty)
  }

  @Test("that calls a batch bad gets its good messages, and a wrong key ends the worker")
  func refusals() throws {
    let segment = StandInSegment { $0.text.contains("mallory") ? .answer(400, body: "malformed JSON") : .ok }
    defer { segment.server.stop() }
    let values = ["ada", "mallory", "bob"].map { TestChange("entered", $0, seq: 1).json }
    let (outcome, _) = try OpenService(yaml(segment)).deliver(.of(values))
    #expect(outcome.changes == 2 && outcome.rejected.map(\.offset) == [1])
    #expect(outcome.rejected[0].answer == "400 malformed JSON")
    #expect(segment.once.count == 4 && segment.complaints.all.isEmpty)
    let closed = StandInSegment { _ in .answer(401) }
    defer { closed.server.stop() }
    #expect(throws: DestinationError.self) { try OpenService(yaml(closed)).deliver(.of(values)) }
  }

  @Test("is shown in a dry run without its key, in no form of it")
  func dryRun() throws {
    let segment = StandInSegment()
    defer { segment.server.stop() }
    var shown = ""
    _ = try OpenService(yaml(segment), showing: { shown += $0 }).deliver(.of(changes.map(\.json)))
    #expect(shown.contains("Authorization: Basic ***") && shown.contains("\"batch\":["))
    #expect(!shown.contains("aHVudGVyMi1odW50ZXIyOg") && !shown.contains(Standards.secret))
    #expect(segment.server.requests.isEmpty)
  }
}
