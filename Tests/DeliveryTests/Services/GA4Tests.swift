import Events
import HTTPTestSupport
import Kafka
import Synchronization
import Testing

@testable import Delivery

/// Receives as GA4's Measurement Protocol says that it does. It takes repeats, as GA4 does, so they are seen here.
private final class StandInGA4: Sendable {
  let complaints = Complaints()
  let server: StandInServer
  private let state = Told()

  private final class Told: Sendable {
    let list = Mutex<[String]>([])
  }

  init(_ reply: @escaping @Sendable (ReceivedRequest) -> Reply = { _ in .answer(204) }) {
    let (complaints, state) = (complaints, state)
    server = StandInServer { request in
      let events = Self.check(request, complaints)
      let reply = reply(request)
      if case .answer(204, _, _) = reply { state.list.withLock { $0 += events } }
      return reply
    }
  }

  /// All that was taken, repeats too.
  var told: [String] { state.list.withLock { $0 } }

  private static func isName(_ name: String) -> Bool {
    (1...40).contains(name.utf8.count) && name.first!.isLetter && name.first!.isASCII
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      && !["google_", "ga_", "firebase_"].contains { name.hasPrefix($0) }
      && !["error", "session_start", "user_engagement"].contains(name)
  }

  private static func check(_ request: ReceivedRequest, _ complaints: Complaints) -> [String] {
    complaints.expect(
      request.method == "POST"
        && request.target == "/mp/collect?measurement_id=G-AB12CD34EF&api_secret=\(Standards.secret)",
      "\(request.method) \(request.target)")
    complaints.expect(request.body.count <= 130_000, "\(request.body.count) bytes")
    let body = JSON(bytes: request.body)
    complaints.expect(body.keys == ["client_id", "timestamp_micros", "events"], "\(body.keys)")
    let client = body.client_id.text ?? ""
    complaints.expect(client.count == 64 && client.allSatisfy { $0.isHexDigit }, "client_id \(client)")
    let ageMs = WallTime.nowMs() - Int64(body.timestamp_micros.int ?? 0) / 1000
    complaints.expect((-60_000..<72 * 3_600_000).contains(ageMs), "an event that is \(ageMs) ms old")
    let events = body.events.list ?? []
    complaints.expect((1...25).contains(events.count), "\(events.count) events")
    return events.map { check($0, client, complaints) }
  }

  private static func check(_ event: JSON, _ client: String, _ complaints: Complaints) -> String {
    complaints.expect(event.keys == ["name", "params"] && isName(event.name.text ?? ""), "\(event.name.text ?? "")")
    complaints.expect(event.params.keys.count <= 25, "\(event.params.keys.count) parameters")
    for key in event.params.keys {
      complaints.expect(isName(key), "parameter \(key)")
      let value = event.params[key]
      let isPlain = value.text.map { $0.count <= 100 } ?? (value.isBool || value.value is Double)
      complaints.expect(isPlain, "value of \(key)")
    }
    return "\(client.prefix(4)) \(event.name.text ?? "") \(event.params.seq.int ?? 0)"
  }
}

@Suite("Google Analytics 4")
struct GA4Tests {
  private let minute = Int((WallTime.nowMs() - 1_790_000_000_000) / 60_000)

  private func yaml(_ ga4: StandInGA4) -> String {
    "kind: ga4\nurl: \(ga4.server.url)/mp/collect\nmeasurement_id: G-AB12CD34EF\napi_secret: env:THE_SECRET\n"
      + "requests_per_second: 10000\n"
  }

  private func change(_ kind: String, _ profile: String, seq: Int) -> TestChange {
    TestChange(kind, profile, seq: seq, minute: minute)
  }

  /// The first digits of the SHA-256 of `ada` and `bob`.
  private let ada = "fdee"
  private let bob = "81b6"

  @Test("gets each change as an event within its rules, those of a profile and instant together; removals first")
  func everything() throws {
    let ga4 = StandInGA4()
    defer { ga4.server.stop() }
    var rich = change("entered", "ada", seq: 1)
    rich.included = ",\"tier\":\"\(String(repeating: #"gold \" "#, count: 30))\""
    rich.included += #","2 sizes":[1,2],"ga_x":1.5,"vip":true,"no":null"#
    rich.included += (0..<30).map { ",\"t\($0)\":\($0)" }.joined()
    let batch = RecordBatch.of([
      rich.json, change("entered", "ada", seq: 2).json, change("exited", "bob", seq: 1).json, erasure(of: "cyd"),
    ])
    let traits = ["tier", "2 sizes", "ga_x", "vip", "no"] + (0..<30).map { "t\($0)" }
    let list = traits.map { "\"\($0)\"" }.joined(separator: ", ")
    let (outcome, errors) = try OpenService(yaml(ga4) + "traits: [\(list)]\n").deliver(batch)
    #expect(outcome.changes == 3 && outcome.passedOver == 1 && errors.isEmpty)
    #expect(ga4.told == ["\(bob) Audience_exited 1", "\(ada) Audience_entered 1", "\(ada) Audience_entered 2"])
    #expect(ga4.server.requests.count == 2)
    let params = JSON(bytes: ga4.server.requests[1].body).events.list?[0].params
    #expect(params?.tier.text == String(String(repeating: "gold \" ", count: 30).prefix(100)))
    #expect(params?.usher_ga_x.value as? Double == 1.5 && params?.vip.bool == true && params?.t0.int == 0)
    #expect(ga4.complaints.all.isEmpty)
  }

  @Test(
    "has names of letters, digits and underscores, and none of its own",
    arguments: [
      ("Entered Cart Abandon Segment", "Entered_Cart_Abandon_Segment"), ("error", "usher_error"),
      ("google_thing", "usher_google_thing"), ("7 days", "usher_7_days"), ("Größe!", "Gr_e"), ("", "usher_"),
      (String(repeating: "x", count: 60), String(repeating: "x", count: 40)),
    ])
  func names(_ name: String, _ expected: String) {
    #expect(GA4Name.event(name) == expected)
  }

  @Test("that fails gets everything; what is too old for it is put aside")
  func failures() throws {
    for reply in [Reply.answer(500), .answer(429, headers: ["Retry-After": "1"]), .cutBefore] {
      let script = Script([reply, .answer(204)])
      let ga4 = StandInGA4 { _ in script.next() }
      defer { ga4.server.stop() }
      let old = TestChange("entered", "dan", seq: 1).json
      let batch = RecordBatch.of([change("entered", "ada", seq: 1).json, old, change("entered", "bob", seq: 1).json])
      let (outcome, errors) = try OpenService(yaml(ga4)).deliver(batch)
      #expect(outcome.changes == 2 && errors.count == 1)
      #expect(outcome.rejected.map(\.offset) == [1] && outcome.rejected[0].reason.contains("three days"))
      #expect(ga4.told == ["\(ada) Audience_entered 1", "\(bob) Audience_entered 1"] && ga4.complaints.all.isEmpty)
    }
  }

  @Test("remembers what it was sent by profile and audience, and nothing of who was erased")
  func memory() throws {
    func change(_ json: String, _ body: (ChangeRecord) -> Void) throws {
      var reader = ChangeRecordReader()
      let batch = RecordBatch.of([json])
      body(try reader.read(try #require(batch[0].value)))
    }
    let (first, second) = (DeliveredMemory(of: "d"), DeliveredMemory(of: "d"))
    try change(TestChange("entered", "ada", seq: 3).json) { read in
      #expect(first.isNew(read))
      first.note(read, from: 1, record: 0)
      #expect(first.changes.isEmpty, "it is not sent yet")
      first.sent([0])
      #expect(!first.isNew(read))
    }
    let entries = first.changes
    #expect(entries.count == 1 && entries[0].partition == 1 && entries[0].seq == 3)
    #expect(entries[0].key.hasPrefix("d:vip:\(ada)") && entries[0].key.count == 70)
    second.recall(entries[0].key, "3")
    second.recall("e:vip:whoever", "7")
    for (seq, isNew) in [(2, false), (3, false), (4, true)] {
      try change(TestChange("exited", "ada", seq: seq).json) { #expect(second.isNew($0) == isNew) }
    }
    second.forget(Bytes("ada"), from: 1)
    #expect(second.changes == [DeliveredMemory.Entry(partition: 1, key: entries[0].key, seq: nil)])
    try change(TestChange("exited", "ada", seq: 2).json) { #expect(second.isNew($0)) }
    first.recall(entries[0].key, nil)
    try change(TestChange("exited", "ada", seq: 1).json) { #expect(first.isNew($0)) }
  }

  @Test("is sent nothing twice by a worker that comes after another, though the offsets were lost")
  func twoWorkers() throws {
    let cluster = try EmbeddedCluster()
    for topic in ["audience.analytics", "shop.usher.delivered"] { try cluster.createTopic(topic, partitionCount: 2) }
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("audience.analytics", timeoutMs: 10_000)
    for number in 0..<20 {
      let value = Array(change("entered", "p\(number)", seq: 1).json.utf8)
      try producer.produce(topic, partition: Int32(number % 2), key: nil, value: value.span.bytes)
    }
    try producer.flush(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
    let ga4 = StandInGA4()
    defer { ga4.server.stop() }
    let counts = try (0..<2).map { try deliver(try declaration(yaml(ga4)), cluster, group: "g\($0)") }
    #expect(counts.map(\.changes) == [20, 0] && counts.map(\.repeats) == [0, 20])
    #expect(ga4.told.count == 20 && Set(ga4.told).count == 20 && ga4.complaints.all.isEmpty)
  }

  @Test("is not sent again what it took of a batch that a worker could not finish")
  func halfABatch() throws {
    let cluster = try EmbeddedCluster()
    for topic in ["audience.analytics", "shop.usher.delivered"] { try cluster.createTopic(topic, partitionCount: 1) }
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("audience.analytics", timeoutMs: 10_000)
    for number in 0..<7 {
      let value = Array(change("entered", "p\(number)", seq: 1).json.utf8)
      try producer.produce(topic, partition: 0, key: nil, value: value.span.bytes)
    }
    try producer.flush(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
    let script = Script([.answer(204), .answer(204), .answer(204), .answer(401), .answer(204)])
    let ga4 = StandInGA4 { _ in script.next() }
    defer { ga4.server.stop() }
    #expect(throws: DeliveryError.self) { try deliver(try declaration(yaml(ga4)), cluster, group: "g") }
    #expect(ga4.told.count == 3)
    let counts = try deliver(try declaration(yaml(ga4)), cluster, group: "g")
    #expect(counts.changes == 4 && counts.repeats == 3)
    #expect(ga4.told.count == 7 && Set(ga4.told).count == 7 && ga4.complaints.all.isEmpty)
  }

  private func deliver<Declaration: ServiceDeclaration>(
    _ declaration: Declaration, _ cluster: EmbeddedCluster, group: String
  ) throws -> DeliveryCounts {
    var settings = DeliverySettings(group: group, topic: "audience.analytics")
    settings.untilEnd = true
    settings.batchRecords = 7
    settings.deliveredTopic = "shop.usher.delivered"
    let loop = try DeliveryLoop(
      to: try declaration.open("d", places), settings, kafka: cluster.settings, shouldStop: { false })
    return try loop.run()
  }
}
