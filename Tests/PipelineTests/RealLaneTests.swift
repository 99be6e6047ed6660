import Events
import Judge
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite("A lane on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealLaneTests {
  let kafka: RealKafka

  init() throws { kafka = try RealKafka.shared.get() }

  @Test("random shops: the changes of the definition, of the backtest, and of the lane are the same")
  func randomShops() async throws {
    for seed in 21...28 as ClosedRange<UInt64> {
      var drawn = RandomShop.draw(seed: seed)
      drawn.untilMs = nil
      let shop = try TestShop(drawn)
      let topics = try RealTopics(on: kafka)
      try topics.write(shop.records)
      let story = try await topics.lane(shop.plan).finish()
      #expect(story.records == shop.lines.count, "seed \(seed)")
      let found = try topics.changes()
      let expected = shop.backtest(partitions: 4)
      if expected.isEmpty { continue }
      expectSame(found, expected)
      expectSame(try shop.judged(found), try shop.verdict(partitions: 4))
    }
  }

  @Test("a workload over four partitions gives the changes of the definition")
  func workload() async throws {
    let shop = try TestShop(events: 6000)
    let topics = try RealTopics(on: kafka)
    try topics.write(shop.records)
    let story = try await topics.lane(shop.plan).finish()
    #expect(story.aborted.isEmpty)
    let found = try topics.changes()
    expectSame(found, shop.backtest(partitions: 4))
    expectSame(try shop.judged(found), try shop.verdict(partitions: 4))
    #expect(try topics.committed() == 6000)
  }

  @Test("stopped in the middle and started again, it goes on as if nothing had been")
  func stopAndStart() async throws {
    let shop = try TestShop(events: 4000, seed: 2)
    var topics = try RealTopics(on: kafka)
    topics.settings.endsAtEnd = false
    topics.settings.commitIntervalMs = 20
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let records = shop.records
    for part in stride(from: 0, to: records.count, by: 1000) {
      let lane = topics.lane(shop.plan)
      try topics.write(records[part..<(part + 1000)])
      try await lane.wait("some records") { $0.records > 300 }
      try await lane.end()
    }
    topics.settings.endsAtEnd = true
    let last = try await topics.lane(shop.plan).finish()
    #expect(last.records < 4000, "what was done is not done again")
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("where the group's offsets are gone, it goes on from its changelog")
  func offsetsGone() async throws {
    let shop = try TestShop(events: 1000, seed: 3)
    let topics = try RealTopics(on: kafka)
    let records = shop.records
    try topics.write(records[..<600])
    try await topics.lane(shop.plan).finish()
    let admin = try Admin(kafka.settings)
    defer { admin.close(timeoutMs: 10_000) }
    try await eventually("the group is empty") {
      (try? admin.deleteGroup(topics.settings.app, timeoutMs: 20_000)) != nil
    }
    try topics.write(records[600...])
    #expect(try await topics.lane(shop.plan).finish().records == 400)
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("an input that was made anew is refused, rather than passed over up to where the old one had been read")
  func madeAnew() async throws {
    let shop = try TestShop(events: 200)
    let topics = try RealTopics(on: kafka, partitions: 1)
    try topics.write(shop.records)
    try await topics.lane(shop.plan).finish()
    let admin = try Admin(kafka.settings)
    defer { admin.close(timeoutMs: 10_000) }
    try admin.deleteTopic(topics.settings.input, timeoutMs: 30_000)
    try await eventually("the topic is made anew") {
      (try? admin.create(RealTopics.input(topics.settings.input, partitions: 1), timeoutMs: 20_000)) != nil
    }
    try topics.write(shop.records.prefix(50))
    let error = try await topics.lane(shop.plan).failure()
    #expect(
      error.description == "\(topics.settings.input)[0] has been read up to offset 200, but now ends at offset 50: "
        + "the topic was made anew, or has lost records")
  }

  @Test("a rejected record too large for its topic is kept without its value, and stops nothing")
  func tooLarge() async throws {
    let shop = try TestShop(SmallShop.case)
    let topics = try RealTopics(on: kafka, partitions: 1, inputConfiguration: ["max.message.bytes": "8388608"])
    var random = SystemRandomNumberGenerator()
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/".unicodeScalars)
    var noise = String.UnicodeScalarView()
    for _ in 0..<(2 << 20) { noise.append(letters[Int.random(in: 0..<64, using: &random)]) }
    try topics.write([
      SmallShop.viewed("ada", at: 1000), Outgoing(key: "k", value: String(noise), recordedMs: 5),
      Outgoing(key: "l", value: "nonsense", recordedMs: 6), SmallShop.viewed("ben", at: 2000),
    ])
    let story = try await topics.lane(shop.plan).finish()
    #expect(Set(try topics.changes().keys) == ["ada", "ben"])
    #expect(story.totals?.rejected == 2)
    // A transaction that has failed may be noticed first by what comes next in it, and only then say why.
    #expect(story.aborted.last?.kind == .messageTooLarge)
    #expect(story.aborted.count <= 2)
    let kept = try read(topics.settings.rejected, kafka.settings)
    #expect(kept.map(\.value) == [nil, "nonsense"])
    #expect(kept.first?.headers["usher.code"] == "too_large")
    #expect(kept.first?.headers["usher.value_bytes"] == "2097152")
    #expect(kept.first?.headers["usher.offset"] == "1")
  }

  @Test("a user without rights is told so in one sentence")
  func noRights() async throws {
    var topics = try RealTopics(on: kafka)
    topics.settings.kafka = kafka.secureSettings(user: "usher", password: "usher-secret")
    let error = try await topics.lane(TestShop(SmallShop.case).plan).failure()
    #expect(error.description.contains("topic '\(topics.settings.input)' does not exist"))
    #expect(error.description.contains("or this user may not see it"))
    #expect(!"\(error) \(error.advice ?? "")".contains("secret"))
  }

  @Test("two processes of one application that begin at the same moment both find the changelog")
  func createTogether() async throws {
    let shop = try TestShop(events: 300)
    let topics = try RealTopics(on: kafka)
    try topics.write(shop.records)
    let lanes = ["a", "b", "c"].map { topics.instance($0).lane(shop.plan) }
    for lane in lanes { try await lane.finish() }
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("marks of transactions behind the last record are read too: nothing seems unread")
  func marks() async throws {
    let topics = try RealTopics(on: kafka, partitions: 1)
    let producer = try TransactionalProducer(kafka.settings, transactionalId: RealKafka.name("x"))
    try producer.initialize(timeoutMs: 30_000)
    let input = try producer.topic(topics.settings.input, timeoutMs: 20_000)
    let value = Array((SmallShop.viewed("ada", at: 1000).value ?? "").utf8)
    try producer.begin()
    try producer.produce(input, key: Array("ada".utf8).span.bytes, value: value.span.bytes)
    try producer.commit()
    producer.close(timeoutMs: 10_000)
    try await topics.lane(TestShop(SmallShop.case).plan).finish()
    #expect(try topics.committed(partitions: 1) == 2, "the record, and the mark of its transaction")
  }
}

/// Tries again until it is true; where that takes too long, the test fails.
func eventually(_ what: String, location: SourceLocation = #_sourceLocation, _ isTrue: () throws -> Bool) async throws {
  let start = ContinuousClock.now
  while try !isTrue() {
    guard ContinuousClock.now - start < .seconds(60) else {
      Issue.record("waited in vain: \(what)", sourceLocation: location)
      return
    }
    try await Task.sleep(for: .milliseconds(50))
  }
}
