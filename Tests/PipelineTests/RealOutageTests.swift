import Events
import Kafka
import KafkaTestSupport
import Pipeline
import Testing

@Suite("Brokers that die, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealOutageTests {
  @Test("a broker that dies under load and comes back: the lane recovers, and the changes are the same")
  func outage() async throws {
    let kafka = try RealKafka(brokers: 1, secure: false)
    let shop = try TestShop(events: 20_000, profiles: 400, seed: 11)
    var topics = try RealTopics(on: kafka)
    topics.settings.endsAtEnd = false
    topics.settings.commitIntervalMs = 300
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let lane = topics.lane(shop.plan)
    let (records, target) = (shop.records, topics)
    let isWritten = Watched(false)
    onThread {
      for start in stride(from: 0, to: records.count, by: 100) { try? target.write(records[start..<(start + 100)]) }
      isWritten.with { $0 = true }
    }
    // Shorter, and longer, than the brokers let a transaction stay open.
    for seconds in [1, 14] {
      let before = lane.story.with { $0.records }
      try await lane.wait("more records") { $0.records > before + 500 }
      // The last commit is finished everywhere once its offsets can be read. A broker that dies between its answer and
      // that forgets the commit: on its own, Kafka 4.3 takes the partitions for deleted when it comes back.
      #expect(try topics.committed() > 0)
      try kafka.kill(broker: 0)
      try await Task.sleep(for: .seconds(seconds))
      try kafka.resume(broker: 0)
    }
    #expect(await isWritten.wait(seconds: 90) { $0 })
    try await lane.wait("the rest", seconds: 90) { $0.records == 20_000 }
    try await lane.end()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }
}
