import Kafka
import Pipeline
import Simulation
import Testing

@Suite("A lane that cannot begin says why in one sentence")
struct StartTests {
  private func failure(_ settings: LaneSettings) async throws -> LaneError {
    try await LaneRun(settings, try TestShop(SmallShop.case).plan).failure()
  }

  private func expectOneSentence(_ error: LaneError, location: SourceLocation = #_sourceLocation) {
    #expect(!error.description.contains("\n") && !error.description.hasSuffix("."), sourceLocation: location)
  }

  @Test("where a topic is missing", arguments: ["retention.events", "audience.warehouse"])
  func topicMissing(topic: String) async throws {
    let embedded = try Embedded(without: [topic])
    let error = try await failure(embedded.settings)
    #expect(error.description.hasPrefix("topic '\(topic)' does not exist at 127.0.0.1:"))
    #expect(error.advice?.contains("usher topics apply") == true)
    expectOneSentence(error)
  }

  @Test(
    "where a topic is missing that ad platforms or analytics are told on", arguments: ["ads", "members", "analytics"])
  func toldTopicMissing(name: String) async throws {
    let embedded = try Embedded(without: ["audience.\(name)"])
    let plan = try SmallShop.plan(files: [
      "ops/audiences/a.yaml": "when: { event: Product Viewed }\nto: { ads: [meta], analytics: [segment] }\n"
    ])
    let error = try await LaneRun(embedded.settings, plan).failure()
    #expect(error.description.hasPrefix("topic 'audience.\(name)' does not exist at 127.0.0.1:"))
    #expect(error.advice?.contains("usher topics apply") == true)
  }

  @Test("where the changelog has another number of partitions")
  func partitionCounts() async throws {
    let embedded = try Embedded(partitions: 4, changelog: 3)
    let error = try await failure(embedded.settings)
    #expect(error.description.hasPrefix("retention.events has 4 partitions, but shop.usher.profiles has 3"))
    #expect(error.advice?.contains("--app") == true)
    expectOneSentence(error)
  }

  @Test("where Kafka cannot be reached")
  func unreachable() async throws {
    let settings = LaneSettings(kafka: KafkaSettings(bootstrapServers: "127.0.0.1:1"), app: "shop")
    let started = ContinuousClock.now
    let error = try await failure(settings)
    #expect(ContinuousClock.now - started < .seconds(25))
    #expect(error.description.contains("no Kafka broker can be reached at 127.0.0.1:1"))
    expectOneSentence(error)
  }

  @Test("where a Kafka property is unknown")
  func property() async throws {
    var settings = LaneSettings(kafka: KafkaSettings(bootstrapServers: "127.0.0.1:1"), app: "shop")
    settings.kafka.properties["fetch.min.byte"] = "1"
    let error = try await failure(settings)
    #expect(error.description.contains("'fetch.min.byte' is unknown"))
    expectOneSentence(error)
  }
}
