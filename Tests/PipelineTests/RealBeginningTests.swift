import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite(
  "Processes that begin at the same moment, on real brokers (USHER_TEST_KAFKA)", .serialized,
  .enabled(if: RealKafka.isAvailable))
struct RealBeginningTests {
  @Test("of several that make the changelog at once, none takes it for missing")
  func changelog() async throws {
    let kafka = try RealKafka(brokers: 3, secure: false)
    let shop = try TestShop(SmallShop.case)
    var topics = try RealTopics(on: kafka)
    for port in kafka.brokerPorts {
      let admin = try Admin(KafkaSettings(bootstrapServers: "127.0.0.1:\(port)"))
      defer { admin.close(timeoutMs: 10_000) }
      let warehouse = topics.settings.warehouse
      try await eventually("every broker knows the other topics") {
        try admin.cluster(timeoutMs: 20_000).topic(warehouse) != nil
      }
    }
    for _ in 0..<4 {
      topics.settings.app = RealKafka.name("app")
      let settings = topics.settings
      let processes = (0..<3).map { LaneRun(Ownership.fixed.settings(settings, process: $0, of: 3), shop.plan) }
      for process in processes { try await process.finish() }
    }
  }
}
