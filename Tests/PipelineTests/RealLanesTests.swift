import Events
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite(
  "Several lanes in a process, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealLanesTests {
  let shop: TestShop
  var topics: RealTopics

  init() throws {
    shop = try TestShop(events: 4000, seed: 9)
    topics = try RealTopics(on: RealKafka.shared.get())
    topics.settings.lanes = 2
  }

  /// A process of so many lanes does the whole log.
  private func run(lanes: Int) async throws -> LaneRun.Story {
    var topics = topics
    topics.settings.lanes = lanes
    try topics.write(shop.records)
    return try await topics.lane(shop.plan).finish()
  }

  @Test("two lanes to the end, and again: what was done is not done again")
  func untilEnd() async throws {
    let records = shop.records
    try topics.write(records[..<3000])
    let first = try await topics.lane(shop.plan).finish()
    #expect(first.records == 3000)
    #expect(first.shares.values.map(\.count) == [2, 2], "\(first.shares)")
    try topics.write(records[3000...])
    #expect(try await topics.lane(shop.plan).finish().records == 1000)
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("three share four partitions, and totals are those of all")
  func share() async throws {
    let story = try await run(lanes: 3)
    #expect(story.shares.count == 3 && story.partitions == [0, 1, 2, 3], "\(story.shares)")
    #expect(story.records == 4000)
    let expected = shop.backtest(partitions: 4)
    #expect(story.changes == expected.values.reduce(0) { $0 + $1.count })
    #expect(story.totals?.profiles == expected.count, "every profile of this log changes")
    expectSame(try topics.changes(), expected)
    #expect(story.events.count { if case .ended = $0 { true } else { false } } == 1)
    #expect(story.events.count { if case .firstRecord = $0 { true } else { false } } == 1)
  }

  @Test("a lane may own nothing, and all of them end nevertheless")
  func moreThanPartitions() async throws {
    let story = try await run(lanes: 6)
    #expect(story.partitions == [0, 1, 2, 3])
    #expect(story.records == 4000)
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("two processes of two lanes share four partitions evenly")
  func processes() async throws {
    var topics = topics
    topics.settings.endsAtEnd = false
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let records = shop.records
    try topics.write(records[..<2000])
    let first = topics.instance("a").lane(shop.plan)
    try await first.wait("some records") { $0.records > 300 }
    let second = topics.instance("b").lane(shop.plan)
    try await second.wait("its share") { $0.shares.count == 2 && $0.partitions.count == 2 }
    try await first.wait("its share") { $0.partitions.count == 2 }
    for run in [first, second] {
      let shares = run.story.with { $0.shares }
      #expect(shares.values.allSatisfy { $0.count == 1 }, "\(shares)")
    }
    try topics.write(records[2000...])
    try await eventually("everything is done") { try topics.committed() == 4000 }
    try await second.end()
    try await first.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }
}
