import Events
import HTTPTestSupport
import Synchronization
import Testing

@testable import Delivery

/// Receives as a careful receiver would: it checks every signature, and tells each change once by its id.
final class Receiver: Sendable {
  let complaints = Complaints()
  let server: StandInServer

  init(form: String, most: Int = 100, _ reply: @escaping @Sendable (ReceivedRequest) -> Reply = { _ in .ok }) {
    let (complaints, box) = (complaints, box)
    server = StandInServer { request in
      let items = Self.check(request, form, most, complaints)
      let reply = reply(request)
      guard case .answer(let status, _, _) = reply, (200..<300).contains(status) else { return reply }
      box.take(items)
      return reply
    }
  }

  private let box = Box()

  /// What was taken, each once, in the order of its first coming.
  var once: [String] { box.once }

  private final class Box: Sendable {
    private let state = Mutex<(ids: Set<String>, list: [String])>(([], []))

    var once: [String] { state.withLock(\.list) }

    func take(_ items: [(id: String, told: String)]) {
      state.withLock { state in
        for item in items where state.ids.insert(item.id).inserted { state.list.append(item.told) }
      }
    }
  }

  private static func check(
    _ request: ReceivedRequest, _ form: String, _ most: Int, _ complaints: Complaints
  ) -> [(id: String, told: String)] {
    let headers = request.headers
    complaints.expect(request.method == "POST" && request.target == "/hook", "\(request.method) \(request.target)")
    complaints.expect(headers["content-type"] == "application/json", "content type")
    let timestamp = headers["usher-timestamp"] ?? ""
    complaints.expect(timestamp.count == 10 && Int(timestamp) != nil, "timestamp \(timestamp)")
    let signed = Hex.text(HMAC.sha256(Array("\(timestamp).".utf8) + request.body, key: Array(Standards.secret.utf8)))
    complaints.expect(headers["usher-signature"] == "v1=\(signed)", "signature")
    complaints.expect(headers["idempotency-key"]?.count == 32, "idempotency key")
    let body = JSON(bytes: request.body)
    let items = form == "list" ? body.list ?? [] : [body]
    complaints.expect((1...most).contains(items.count), "\(items.count) items")
    return items.map { check($0, complaints) }
  }

  private static func check(_ item: JSON, _ complaints: Complaints) -> (id: String, told: String) {
    if item.type.text == "delete" {
      complaints.expect(item.keys == ["type", "userId", "timestamp"], "\(item.keys)")
      return ("delete \(item.userId.text ?? "")", "\(item.userId.text ?? "") erased")
    }
    complaints.expect(item.keys == ["type", "event", "userId", "messageId", "timestamp", "properties"], "\(item.keys)")
    let known: Set = [
      "change", "audience", "audience_name", "version", "purpose", "status", "seq", "reason", "entered_at", "tier",
    ]
    complaints.expect(item.properties.keys.isSubset(of: known), "\(item.properties.keys)")
    let told = "\(item.userId.text ?? "") \(item.properties.change.text ?? "") \(item.properties.seq.int ?? 0)"
    return (item.messageId.text ?? "", told)
  }
}

@Suite("A webhook")
struct WebhookTests {
  private func yaml(_ receiver: Receiver, _ more: String = "") -> String {
    "kind: webhook\nurl: \(receiver.server.url)/hook\nsecret: env:THE_SECRET\nrequests_per_second: 10000\n\(more)"
  }

  private let changes = [
    TestChange("entered", "ada", seq: 1), TestChange("entered", "bob", seq: 1), TestChange("exited", "ada", seq: 2),
    TestChange("held_out", "cyd", seq: 1), TestChange("entered", "ada", seq: 3),
  ]
  private let told = ["ada entered 1", "bob entered 1", "ada exited 2", "cyd held_out 1", "ada entered 3"]

  @Test("gets every change in its order, signed, as a list or one by one, and erasures", arguments: ["list", "one"])
  func everything(_ form: String) throws {
    let receiver = Receiver(form: form, most: 2)
    defer { receiver.server.stop() }
    let service = try OpenService(yaml(receiver, "body: \(form)\nrequest_items: 2\n"))
    let (outcome, errors) = try service.deliver(.of(changes.map(\.json) + [erasure(of: "ada")]))
    #expect(outcome.changes == 5 && outcome.erased == 1 && outcome.rejected.isEmpty && errors.isEmpty)
    #expect(receiver.once == told + ["ada erased"])
    #expect(receiver.complaints.all.isEmpty)
    #expect(receiver.server.requests.count == (form == "list" ? 3 : 6))
  }

  @Test(
    "that fails once gets what it did not take, and nothing is lost or out of order",
    arguments: [
      Reply.answer(500), .answer(503, headers: ["Retry-After": "2"]), .answer(429), .answer(408), .cutBefore,
      .cutWithin,
    ])
  func failures(_ reply: Reply) throws {
    for place in 0..<3 {
      let script = Script(Array(repeating: .ok, count: place) + [reply, .ok])
      let receiver = Receiver(form: "list", most: 2) { _ in script.next() }
      defer { receiver.server.stop() }
      let service = try OpenService(yaml(receiver, "request_items: 2\n"))
      let (outcome, errors) = try service.deliver(.of(changes.map(\.json)))
      // A connection that ended while nobody used it is made anew without a word.
      let isSilent = if case .cutBefore = reply { place > 0 } else { false }
      #expect(outcome.changes == 5 && errors.map(\.mayPass) == (isSilent ? [] : [true]))
      if case .answer(503, _, _) = reply { #expect(errors[0].leastMs == 2000) }
      #expect(receiver.once == told && receiver.complaints.all.isEmpty)
      #expect(receiver.server.requests.count == 4, "what was taken is not sent again")
    }
  }

  @Test("that is slow is given up after its time, and asked again")
  func slow() throws {
    let script = Script([.silence, .ok])
    let receiver = Receiver(form: "list") { _ in script.next() }
    defer { receiver.server.stop() }
    let service = try OpenService(yaml(receiver, "timeout_ms: 100\n"))
    let (outcome, errors) = try service.deliver(.of(changes.map(\.json)))
    #expect(outcome.changes == 5 && errors.count == 1 && errors[0].sentence.contains("did not answer in time"))
    #expect(receiver.once == told)
    let keys = receiver.server.requests.map { $0.headers["idempotency-key"] }
    #expect(keys.count == 2 && keys[0] == keys[1], "the same body has the same key")
  }

  @Test("that refuses a list for one change gets all others; the one is put aside with a masked answer")
  func poison() throws {
    let receiver = Receiver(form: "list") { request in
      request.text.contains("mallory")
        ? .answer(422, body: "{\"error\":\"userId mallory of mallory@example.com is not welcome\"}") : .ok
    }
    defer { receiver.server.stop() }
    var values = (0..<20).map { TestChange("entered", "p\($0)", seq: 1).json }
    values.insert(TestChange("entered", "mallory", seq: 1).json, at: 13)
    values.insert("no JSON", at: 4)
    let (outcome, errors) = try OpenService(yaml(receiver)).deliver(.of(values))
    #expect(outcome.changes == 20 && errors.isEmpty)
    #expect(outcome.rejected.map(\.offset) == [4, 14])
    #expect(outcome.rejected[0].reason == "it is not JSON" && outcome.rejected[0].answer == nil)
    let answer = try #require(outcome.rejected[1].answer)
    #expect(answer.hasPrefix("422 ") && answer.contains(" is not ***") && answer.contains("userId"))
    #expect(!answer.contains("mallory"))
    #expect(receiver.once == (0..<20).map { "p\($0) entered 1" })
  }

  @Test(
    "that lets nobody in, or is not there, ends the worker with a sentence, and nothing is put aside",
    arguments: [401, 403, 404, 307, 418])
  func closed(_ status: Int) throws {
    let receiver = Receiver(form: "list") { _ in .answer(status, body: "key \(Standards.secret) is wrong") }
    defer { receiver.server.stop() }
    let service = try OpenService(yaml(receiver))
    do throws(DestinationError) {
      _ = try service.once(.of(changes.map(\.json)))
      Issue.record("it was delivered")
    } catch {
      #expect(!error.mayPass && error.sentence.contains("\(status)") && error.sentence.contains("'d' at 127.0.0.1"))
      #expect(!error.sentence.contains(Standards.secret))
    }
  }

  @Test("gets only what is for it, and only the traits that its file lists")
  func choice() throws {
    let receiver = Receiver(form: "list")
    defer { receiver.server.stop() }
    var mine = TestChange("entered", "ada", seq: 1)
    mine.included = #","tier":"gold","secret_trait":"x""#
    let others = TestChange("entered", "bob", seq: 1)
    let batch = RecordBatch.of([mine.addressed(to: ["e", "d"]), others.addressed(to: ["e"]), others.addressed(to: [])])
    let (outcome, _) = try OpenService(yaml(receiver, "traits: [tier]\n")).deliver(batch)
    #expect(outcome.changes == 1 && outcome.passedOver == 2)
    let properties = JSON(bytes: try #require(receiver.server.requests.first).body).list?[0]["properties"]
    #expect(properties?.tier.text == "gold" && properties?.secret_trait.value == nil)
    _ = try OpenService(yaml(receiver)).deliver(batch)
    #expect(JSON(bytes: receiver.server.requests[1].body).list?[0].properties.tier.value == nil, "none listed: none")
    #expect(receiver.complaints.all.isEmpty)
  }

  @Test("gets no more requests a second than it is to have")
  func rate() throws {
    let receiver = Receiver(form: "one")
    defer { receiver.server.stop() }
    let service = try OpenService(
      "kind: webhook\nurl: \(receiver.server.url)/hook\nsecret: env:THE_SECRET\nbody: one\nrequests_per_second: 20\n")
    let clock = ContinuousClock()
    let took = try clock.measure {
      _ = try service.deliver(.of((0..<30).map { TestChange("entered", "p\($0)", seq: 1).json }))
    }
    #expect(took >= .milliseconds(450), "20 at once, and 10 more at 20 a second: \(took)")
    #expect(receiver.once.count == 30)
  }

  @Test("is shown in a dry run without its secret, and gets nothing")
  func dryRun() throws {
    let receiver = Receiver(form: "list")
    defer { receiver.server.stop() }
    var shown = ""
    let service = try OpenService(yaml(receiver), showing: { shown += $0 })
    #expect(try service.deliver(.of(changes.map(\.json))).outcome.changes == 5)
    #expect(shown.contains("POST \(receiver.server.url)/hook") && shown.contains("Usher-Signature: v1="))
    #expect(shown.contains("\"userId\":\"ada\"") && !shown.contains(Standards.secret))
    #expect(receiver.server.requests.isEmpty)
  }
}
