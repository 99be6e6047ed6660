import Events
import Kafka
import Pipeline
import Simulation
import Testing

@Suite("Several lanes in a process, on an embedded cluster")
struct EmbeddedLanesTests {
  @Test("three share four partitions, and write the changes that a backtest tells; totals are those of all")
  func share() async throws {
    let shop = try TestShop(events: 1500)
    var embedded = try Embedded()
    embedded.settings.lanes = 3
    try embedded.write(shop.records)
    let run = embedded.lane(shop.plan)
    let story = try await run.finish()
    #expect(story.shares.count == 3 && story.partitions == [0, 1, 2, 3], "\(story.shares)")
    #expect(story.records == 1500)
    let expected = shop.backtest(partitions: 4)
    #expect(story.changes == expected.values.reduce(0) { $0 + $1.count })
    #expect(story.totals?.profiles == expected.count, "every profile of this log changes")
    expectSame(try embedded.changes(), expected)
    #expect(story.events.count { if case .ended = $0 { true } else { false } } == 1)
    #expect(story.events.count { if case .firstRecord = $0 { true } else { false } } == 1)
  }

  @Test("a lane may own nothing, and all of them end nevertheless")
  func moreThanPartitions() async throws {
    let shop = try TestShop(events: 300)
    var embedded = try Embedded(partitions: 2)
    embedded.settings.lanes = 3
    try embedded.write(shop.records)
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.partitions == [0, 1])
    #expect(story.records == 300)
    expectSame(try embedded.changes(), shop.backtest(partitions: 2))
  }

  @Test("where one cannot go on, the others end too, its reason is told, and the next process goes on")
  func oneFails() async throws {
    let shop = try TestShop(events: 600)
    var embedded = try Embedded()
    embedded.settings.lanes = 2
    embedded.settings.endsAtEnd = false
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    embedded.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let run = embedded.lane(shop.plan)
    try await run.wait("their shares") { $0.shares.count == 2 && $0.partitions.count == 4 }
    embedded.cluster.fail(.addPartitionsToTransaction, with: [.transactionalIdAuthorizationFailed])
    try embedded.write(shop.records)
    let error = try await run.failure()
    #expect(error.description.contains("[TRANSACTIONAL_ID_AUTHORIZATION_FAILED]"), "\(error)")
    embedded.settings.endsAtEnd = true
    try await embedded.lane(shop.plan).finish()
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
  }
}
