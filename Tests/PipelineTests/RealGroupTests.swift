import Audiences
import Events
import Kafka
import KafkaTestSupport
import Pipeline
import ProfileStore
import Simulation
import Testing

@Suite(
  "Lanes that share or take over, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable)
)
struct RealGroupTests {
  let shop: TestShop
  var topics: RealTopics

  init() throws {
    shop = try TestShop(events: 6000, seed: 5)
    topics = try RealTopics(on: RealKafka.shared.get())
    topics.settings.endsAtEnd = false
    topics.settings.commitIntervalMs = 50
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
  }

  @Test("two share the partitions; one leaves, the other takes over, and the changes are the same")
  func share() async throws {
    let records = shop.records
    let first = topics.instance("a").lane(shop.plan)
    try topics.write(records[..<1500])
    try await first.wait("some records") { $0.records > 300 }
    let second = topics.instance("b").lane(shop.plan)
    try await second.wait("its share") { $0.partitions.count == 2 }
    try topics.write(records[1500..<4000])
    try await second.wait("some records") { $0.records > 200 }
    try await second.end()
    try topics.write(records[4000...])
    // A static member that leaves keeps its partitions until its session has run out.
    try await first.wait("all partitions") { $0.partitions.count == 4 && $0.restored >= 3 }
    let topics = topics
    try await eventually("everything is done") { try topics.committed() == 6000 }
    try await first.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("a second process of the same name shuts the first out, which says so; the changes are the same")
  func sameName() async throws {
    let records = shop.records
    let first = topics.lane(shop.plan)
    try topics.write(records[..<3000])
    try await first.wait("some records") { $0.records > 300 }
    let second = topics.lane(shop.plan)
    try topics.write(records[3000...])
    let error = try await first.failure()
    #expect(error.description.contains("a newer process has taken over consumer group '\(topics.settings.app)'"))
    #expect(error.description.contains("look for two with the same id"))
    let topics = topics
    try await eventually("everything is done") { try topics.committed() == 6000 }
    try await second.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("a state that comes a moment after the offsets it was committed with is waited for, and a stop does not wait")
  func lateState() async throws {
    try topics.write(shop.records)
    var topics = topics
    topics.settings.endsAtEnd = true
    try await topics.lane(shop.plan).finish()
    // The next transaction of another process: its offsets are there already, its state is not.
    let producer = try TransactionalProducer(topics.kafka.settings, transactionalId: RealKafka.name("x"))
    defer { producer.close(timeoutMs: 10_000) }
    try producer.initialize(timeoutMs: 30_000)
    let changelog = try producer.topic(topics.settings.changelog, timeoutMs: 20_000)
    let consumer = try Consumer(topics.kafka.settings, ConsumerOptions(group: topics.settings.app))
    defer { consumer.close(timeoutMs: 10_000) }
    let partition = TopicPartition(topics.settings.input, 0)
    let next = try #require(try consumer.committed([partition], timeoutMs: 20_000)[partition]) + 1
    try topics.write(
      [SmallShop.viewed("somebody", at: 1)].map { record in
        var record = record
        record.partition = 0
        return record
      })
    let state = TaskRecord(
      clock: Instant(ms: 1_900_000_000_000), nextOffset: next, planHash: shop.plan.hash,
      plans: PlanStanding(inForce: PlanDictionary(shop.plan).number), profiles: 0,
      writer: TaskWriter(transactionalId: "x", session: 1)
    ).bytes
    try producer.begin()
    try producer.produce(changelog, partition: 0, key: [UInt8]().span.bytes, value: state.span.bytes)
    let group = topics.settings.app
    try await eventually("the group is empty, and takes offsets by hand") {
      (try? consumer.commit([PartitionOffset(partition, next)], timeoutMs: 10_000)) != nil
    }
    let impatient = topics.lane(shop.plan)
    try await impatient.wait("its making ready") {
      $0.events.contains { if case .restoring = $0 { true } else { false } }
    }
    let asked = ContinuousClock.now
    try await impatient.end()
    #expect(ContinuousClock.now - asked < .seconds(2), "asked to end while it made ready")
    let patient = topics.lane(shop.plan)
    try await patient.wait("its making ready") {
      $0.events.contains { if case .restoring = $0 { true } else { false } }
    }
    try producer.commit()
    let story = try await patient.finish()
    #expect(story.records == 0, "\(group) goes on where that transaction ended")
  }

  @Test("offsets that somebody has set are refused")
  func offsetsSet() async throws {
    var topics = topics
    topics.settings.endsAtEnd = true
    try topics.write(shop.records.prefix(500))
    try await topics.lane(shop.plan).finish()
    let consumer = try Consumer(topics.kafka.settings, ConsumerOptions(group: topics.settings.app))
    defer { consumer.close(timeoutMs: 10_000) }
    let partition = TopicPartition(topics.settings.input, 0)
    try await eventually("the group is empty, and takes offsets by hand") {
      (try? consumer.commit([PartitionOffset(partition, 3)], timeoutMs: 10_000)) != nil
    }
    let error = try await topics.lane(shop.plan).failure()
    #expect(error.description.contains("stands at offset 3 of \(partition), but its state in"))
    #expect(error.advice?.contains("set them back") == true)
  }
}
