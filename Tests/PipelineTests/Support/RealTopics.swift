import Audiences
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation

/// Topics of their own for a lane on a real broker.
struct RealTopics {
  let kafka: RealKafka
  var settings: LaneSettings

  init(on kafka: RealKafka, partitions: Int32 = 4, inputConfiguration: [String: String] = [:]) throws {
    self.kafka = kafka
    settings = LaneSettings(kafka: kafka.settings, app: RealKafka.name("app"))
    settings.input = RealKafka.name("events")
    settings.outputPrefix = RealKafka.name("audience")
    settings.rejected = RealKafka.name("rejected")
    settings.endsAtEnd = true
    // A lane that is gone is missed soon.
    settings.kafka.properties = ["session.timeout.ms": "3000", "heartbeat.interval.ms": "500"]
    let admin = try Admin(kafka.settings)
    defer { admin.close(timeoutMs: 10_000) }
    for topic in [
      Self.input(settings.input, partitions: partitions, inputConfiguration),
      NewTopic(settings.warehouse, partitionCount: 3), NewTopic(settings.rejected, partitionCount: 1),
    ] {
      try admin.create(topic, timeoutMs: 30_000)
    }
  }

  /// The input takes records of any time: those of tests lie ahead.
  static func input(_ name: String, partitions: Int32, _ configuration: [String: String] = [:]) -> NewTopic {
    let anyTime = ["message.timestamp.after.max.ms": "9223372036854775807"]
    return NewTopic(name, partitionCount: partitions, configuration: configuration.merging(anyTime) { mine, _ in mine })
  }

  /// The same topics for another of the application's processes.
  func instance(_ name: String) -> RealTopics {
    var other = self
    other.settings.instance = name
    return other
  }

  func write(_ records: some Sequence<Outgoing>) throws {
    try PipelineTests.write(Array(records), to: settings.input, kafka.settings)
  }

  func changes() throws -> ChangesByProfile { try PipelineTests.changes(in: settings.warehouse, kafka.settings) }

  /// A lane that works until everything is done, or is asked to end.
  func lane(_ plan: Plan) -> LaneRun { LaneRun(settings, plan) }

  /// How many records of the input the group has done.
  func committed(partitions: Int32 = 4) throws -> Int64 {
    let consumer = try Consumer(kafka.settings, ConsumerOptions(group: settings.app))
    defer { consumer.close(timeoutMs: 10_000) }
    let all = (0..<partitions).map { TopicPartition(settings.input, $0) }
    return try consumer.committed(all, timeoutMs: 30_000).values.reduce(0, +)
  }
}
