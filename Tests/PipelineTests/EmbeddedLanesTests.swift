import Events
import Kafka
import Pipeline
import Simulation
import Testing

@Suite("Several lanes in a process, on an embedded cluster")
struct EmbeddedLanesTests {
  @Test("where one cannot go on, the others end too, its reason is told, and the next process goes on")
  func oneFails() async throws {
    let shop = try TestShop(events: 600)
    var embedded = try Embedded()
    embedded.settings.lanes = 2
    embedded.settings.endsAtEnd = false
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    embedded.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let run = embedded.lane(shop.plan)
    // The embedded cluster of librdkafka 2.0.2 counts a group's leader twice among those who have synchronised, and turns
    // away every other member that comes after it: it may take some turns of five seconds.
    try await run.wait("their shares", seconds: 120) { $0.shares.count == 2 && $0.partitions.count == 4 }
    embedded.cluster.fail(.addPartitionsToTransaction, with: [.transactionalIdAuthorizationFailed])
    try embedded.write(shop.records)
    let error = try await run.failure()
    #expect(error.description.contains("[TRANSACTIONAL_ID_AUTHORIZATION_FAILED]"), "\(error)")
    embedded.settings.endsAtEnd = true
    try await embedded.lane(shop.plan).finish()
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
  }
}
