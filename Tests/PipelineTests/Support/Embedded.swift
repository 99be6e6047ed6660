import Audiences
import Kafka
import Pipeline
import Simulation
import Testing

/// An embedded cluster with the topics of a lane.
struct Embedded {
  let cluster: EmbeddedCluster
  var settings: LaneSettings

  init(
    partitions: Int32 = 4, changelog: Int32? = nil, without missing: Set<String> = []
  ) throws {
    cluster = try EmbeddedCluster()
    settings = LaneSettings(kafka: cluster.settings, app: "shop")
    settings.endsAtEnd = true
    // The embedded cluster knows no static members: a lane of the same name waits until the former's session ends.
    settings.kafka.properties = ["session.timeout.ms": "6000"]
    var topics = [(settings.input, partitions), (settings.rejected, 1), (settings.changelog, changelog ?? partitions)]
    topics += settings.outputs.map { ($0, 2) }
    for (topic, count) in topics where !missing.contains(topic) {
      try cluster.createTopic(topic, partitionCount: count)
    }
  }

  func write(_ records: [Outgoing]) throws {
    try PipelineTests.write(records, to: settings.input, settings.kafka)
  }

  func changes() throws -> ChangesByProfile { try PipelineTests.changes(in: settings.warehouse, settings.kafka) }

  func rejected() throws -> [Incoming] { try read(settings.rejected, settings.kafka) }

  /// A lane that works until everything is done, or is asked to end.
  func lane(_ plan: Plan) -> LaneRun { LaneRun(settings, plan) }
}
