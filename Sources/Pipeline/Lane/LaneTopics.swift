internal import Kafka

/// Sees to it that the topics of a lane are there and fit together before anything is read.
struct LaneTopics {
  let settings: LaneSettings

  private static let timeoutMs: Int32 = 15_000

  /// Checks the topics, and creates the changelog's where it is missing. Returns whether rejected records can be kept.
  func prepare() throws(LaneError) -> Bool {
    let (admin, cluster) = try asking { () throws(KafkaError) in
      let admin = try Admin(settings.kafka)
      return (admin, try admin.cluster(timeoutMs: Self.timeoutMs))
    }
    defer { admin.close(timeoutMs: 5000) }
    let partitions = try partitionCount(of: settings.input, in: cluster)
    _ = try partitionCount(of: settings.warehouse, in: cluster)
    if let changelog = cluster.topic(settings.changelog) {
      try agree(partitions, changelog.partitionCount)
    } else {
      try asking { () throws(KafkaError) in
        try admin.create(changelog(partitions: partitions), timeoutMs: Self.timeoutMs)
      }
    }
    return cluster.topic(settings.rejected) != nil
  }

  private func partitionCount(of topic: String, in cluster: ClusterMetadata) throws(LaneError) -> Int {
    guard let found = cluster.topic(topic) else {
      throw LaneError(
        "topic '\(topic)' does not exist at \(settings.kafka.bootstrapServers), or this user may not see it",
        advice: "create it with 'usher topics apply', or grant the user the right to describe it")
    }
    return found.partitionCount
  }

  private func agree(_ input: Int, _ changelog: Int) throws(LaneError) {
    guard input != changelog else { return }
    throw LaneError(
      "\(settings.input) has \(input) partitions, but \(settings.changelog) has \(changelog): a profile and its state "
        + "must be in partitions of the same number",
      advice: "give --app another name: it makes a changelog of \(input) partitions and reads the events from the start"
    )
  }

  /// Compacted, since only the latest state of a profile counts; tombstones stay long enough for a reader that is slow.
  private func changelog(partitions: Int) -> NewTopic {
    NewTopic(
      settings.changelog, partitionCount: Int32(partitions),
      configuration: [
        "cleanup.policy": "compact", "delete.retention.ms": "604800000", "max.compaction.lag.ms": "86400000",
      ])
  }

  private func asking<Result>(_ body: () throws(KafkaError) -> Result) throws(LaneError) -> Result {
    do {
      return try body()
    } catch {
      throw LaneError(error)
    }
  }
}
