import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite(
  "Simulated brokers answer as real ones do (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct ScriptTests {
  @Test("in every script", arguments: Script.allCases)
  func alike(script: Script) async throws {
    let topics = try RealTopics(on: RealKafka.shared.get(), partitions: 2)
    let output = RealKafka.name("output")
    let admin = try Admin(topics.kafka.settings)
    try admin.create(NewTopic(output, partitionCount: 1), timeoutMs: 30_000)
    admin.close(timeoutMs: 10_000)
    let stage = Stage(
      KafkaWorld(topics.settings), input: topics.settings.input, output: output, name: RealKafka.name(script.rawValue))
    let real = try script.play(on: stage)
    for seed in 1...20 as ClosedRange<UInt64> {
      let simulated = try SimulatedStage(seed: seed).play(script)
      #expect(simulated == real, "seed \(seed)")
    }
  }
}
