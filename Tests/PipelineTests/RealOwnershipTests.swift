import Events
import Foundation
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite(
  "Whose a partition is, by the group or by arithmetic, on a real broker (USHER_TEST_KAFKA)", .serialized,
  .enabled(if: RealKafka.isAvailable))
struct RealOwnershipTests {
  let shop: TestShop
  var topics: RealTopics

  init() throws {
    shop = try TestShop(events: 6000, seed: 11)
    topics = try RealTopics(on: RealKafka.shared.get())
    topics.settings.endsAtEnd = false
    topics.settings.commitIntervalMs = 20
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
  }

  @Test(
    "processes of two lanes that come and go leave exactly the changes of a backtest", arguments: Ownership.allCases)
  func comeAndGo(ownership: Ownership) async throws {
    var topics = topics
    topics.settings.lanes = 2
    let records = shop.records
    let first = LaneRun(ownership.settings(topics.settings, process: 0, of: 2), shop.plan)
    try topics.write(records[..<2000])
    try await first.wait("some records") { $0.records > 200 }
    var second = LaneRun(ownership.settings(topics.settings, process: 1, of: 2), shop.plan)
    try await second.wait("its share") { $0.partitions.count == 2 }
    try topics.write(records[2000..<4000])
    try await second.wait("some records") { $0.records > 200 }
    try await second.end()
    try topics.write(records[4000...])
    second = LaneRun(ownership.settings(topics.settings, process: 1, of: 2), shop.plan)
    try await eventually("everything is done") { try topics.committed() == 6000 }
    try await first.end()
    try await second.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("where the number of lanes by arithmetic changes, those of the former number are shut out")
  func numberChanges() async throws {
    let records = shop.records
    let alone = LaneRun(Ownership.fixed.settings(topics.settings, process: 0, of: 1), shop.plan)
    try topics.write(records[..<2000])
    try await alone.wait("some records") { $0.records > 200 }
    // Its name is another one: only the records of the partitions tell whom to shut out.
    let other = LaneRun(Ownership.fixed.settings(topics.settings, process: 1, of: 2), shop.plan)
    try await other.wait("its share") { $0.partitions == [1, 3] }
    #expect(other.story.with { $0.fenced } == ["\(topics.settings.app)-static-0"])
    try topics.write(records[2000...])
    let error = try await alone.failure()
    #expect(error.description.contains("another process has taken over partitions of this one"), "\(error)")
    let successor = LaneRun(Ownership.fixed.settings(topics.settings, process: 0, of: 2), shop.plan)
    let topics = topics
    try await eventually("everything is done") { try topics.committed() == 6000 }
    try await other.end()
    try await successor.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("beside a group with members, partitions are not owned by arithmetic")
  func besideGroup() async throws {
    let member = topics.lane(shop.plan)
    try await member.wait("its share") { $0.partitions.count == 4 }
    let other = LaneRun(Ownership.fixed.settings(topics.settings, process: 0, of: 1), shop.plan)
    let error = try await other.failure()
    #expect(error.description.contains("has 1 members, so partitions cannot be owned by arithmetic beside it"))
    try await member.end()
  }

  @Test("a group that takes over from lanes by arithmetic shuts them out")
  func fromFixedToGroup() async throws {
    let records = shop.records
    let fixed = LaneRun(Ownership.fixed.settings(topics.settings, process: 0, of: 1), shop.plan)
    try topics.write(records[..<2000])
    try await fixed.wait("some records") { $0.records > 200 }
    let member = topics.lane(shop.plan)
    try await member.wait("its share") { $0.partitions.count == 4 }
    try topics.write(records[2000...])
    _ = try await fixed.failure()
    let topics = topics
    try await eventually("everything is done") { try topics.committed() == 6000 }
    try await member.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("a transaction that is open in the changelog is waited for, since it may hide what was committed")
  func openTransaction() async throws {
    var topics = topics
    topics.settings.endsAtEnd = true
    try topics.write(shop.records.prefix(300))
    try await topics.lane(shop.plan).finish()
    let producer = try TransactionalProducer(topics.kafka.settings, transactionalId: RealKafka.name("x"))
    defer { producer.close(timeoutMs: 10_000) }
    try producer.initialize(timeoutMs: 30_000)
    let changelog = try producer.topic(topics.settings.changelog, timeoutMs: 20_000)
    try producer.begin()
    try producer.produce(changelog, partition: 0, key: Array("nobody".utf8).span.bytes, value: nil)
    let admin = try Consumer(topics.kafka.settings, ConsumerOptions.uncommitted)
    defer { admin.close(timeoutMs: 10_000) }
    let partition = TopicPartition(topics.settings.changelog, 0)
    let before = try admin.watermarks(partition, timeoutMs: 10_000).high
    try await eventually("the record is there") { try admin.watermarks(partition, timeoutMs: 10_000).high > before }
    let run = topics.lane(shop.plan)
    try await run.wait("its making ready") { $0.events.contains { if case .restoring = $0 { true } else { false } } }
    // Nothing tells that somebody goes on waiting; without the rule it would be ready in a few milliseconds.
    try await Task.sleep(for: .seconds(1))
    #expect(run.story.with { $0.restored } == 0)
    try producer.abort()
    #expect(try await run.finish().restored == 1)
  }
}

extension ConsumerOptions {
  fileprivate static var uncommitted: ConsumerOptions {
    var options = ConsumerOptions(group: "looks")
    options.readsUncommitted = true
    return options
  }
}
