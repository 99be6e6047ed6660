import Judge
import Kafka
import Pipeline
import Simulation
import Testing

@Suite("The pace of a lane, on an embedded cluster")
struct WatchdogTests {
  @Test("a lane that stands still is told, with what it was doing; one that gets on is not")
  func standsStill() async throws {
    let shop = try TestShop(events: 100)
    var embedded = try Embedded()
    // Longer than a machine that is busy takes to begin.
    embedded.settings.stillLimitMs = 8000
    try embedded.write(shop.records)
    let mayGoOn = Watched(false)
    let run = LaneRun(embedded.settings, shop.plan) { event, _ in
      if case .firstRecord = event { mayGoOn.block(seconds: 60) { $0 } }
    }
    try await run.wait("word of it") { $0.stoodStill != nil }
    #expect(run.story.with { $0.stoodStill } == .reading)
    mayGoOn.with { $0 = true }
    try await run.finish()
    embedded.settings.app = "another"
    try embedded.cluster.createTopic(embedded.settings.changelog, partitionCount: 4)
    #expect(try await embedded.lane(shop.plan).finish().stoodStill == nil)
  }

  @Test("a transaction is committed before its time once it holds so many records and changes")
  func commitSize() async throws {
    let shop = try TestShop(events: 1000)
    var embedded = try Embedded(partitions: 1)
    embedded.settings.commitIntervalMs = 30_000
    embedded.settings.commitSize = 100
    try embedded.write(shop.records)
    let story = try await embedded.lane(shop.plan).finish()
    let expected = shop.backtest(partitions: 1)
    let size = 1000 + expected.values.reduce(0) { $0 + $1.count }
    // One record may bring several changes, so a transaction may hold a few more.
    #expect((story.totals?.commits ?? 0) > size / 120 && (story.totals?.commits ?? 0) <= size / 100 + 1)
    expectSame(try embedded.changes(), expected)
  }

  @Test("a full queue of the producer holds the lane up, and nothing is lost")
  func fullQueue() async throws {
    let shop = try TestShop(events: 2000)
    var embedded = try Embedded()
    try embedded.write(shop.records)
    embedded.settings.kafka.properties["queue.buffering.max.messages"] = "50"
    embedded.settings.kafka.properties["linger.ms"] = "5"
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.aborted.isEmpty)
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
  }
}
