internal import Audiences
internal import Glibc
internal import Kafka

/// Sees to it that the topics of the lanes are there and fit together before anything is read.
struct LaneTopics {
  let settings: LaneSettings
  /// The definitions of the process.
  let plan: Plan

  private static let timeoutMs: Int32 = 15_000
  private static let graceMs: Int64 = 1000

  /// Checks the topics, and creates the changelog's where it is missing.
  func prepare() throws(LaneError) -> LaneGround {
    let admin = try asking { () throws(KafkaError) in try Admin(settings.kafka) }
    defer { admin.close(timeoutMs: 5000) }
    let cluster = try topics(admin)
    let partitions = try partitionCount(of: settings.input, in: cluster)
    for topic in needed { _ = try partitionCount(of: topic, in: cluster) }
    if let changelog = cluster.topic(settings.changelog) {
      try agree(partitions, changelog.partitionCount)
    } else {
      try create(changelog(partitions: partitions), admin)
    }
    let all = (0..<partitions).map { TopicPartition(settings.input, Int32($0)) }
    return LaneGround(
      partitionCount: partitions,
      topics: Set((settings.outputs + [settings.rejected]).filter { cluster.topic($0) != nil }),
      beginnings: try asking { () throws(KafkaError) in try settings.beginning.offsets(of: all, settings) })
  }

  /// The topics that somebody is to be told on.
  private var needed: [String] {
    let told = plan.audiences.map(\.definition.to)
    var topics = [settings.warehouse]
    if told.contains(where: { !$0.ads.isEmpty }) { topics += [settings.ads, settings.members] }
    if told.contains(where: { !$0.analytics.isEmpty }) { topics.append(settings.analytics) }
    return topics
  }

  /// The topics that there are. One that was made just now is not known to every broker at once.
  private func topics(_ admin: Admin) throws(LaneError) -> ClusterMetadata {
    let graceEndMs = WallClock.monotonicMs() + Self.graceMs
    while true {
      let cluster = try asking { () throws(KafkaError) in try admin.cluster(timeoutMs: Self.timeoutMs) }
      let areAllThere = ([settings.input, settings.rejected] + needed).allSatisfy { cluster.topic($0) != nil }
      if areAllThere || WallClock.monotonicMs() >= graceEndMs { return cluster }
      usleep(100_000)
    }
  }

  /// Creates the changelog's topic. Another process of the application may do so at the same moment.
  private func create(_ changelog: NewTopic, _ admin: Admin) throws(LaneError) {
    do {
      try admin.create(changelog, timeoutMs: Self.timeoutMs)
    } catch {
      guard error.kind == .topicExists else { throw LaneError(error) }
      try agree(Int(changelog.partitionCount), try partitionCount(ofNew: changelog.name, admin))
    }
  }

  /// Of a topic that somebody else makes at this moment. It is there, but not every broker knows it yet.
  private func partitionCount(ofNew topic: String, _ admin: Admin) throws(LaneError) -> Int {
    let endMs = WallClock.monotonicMs() + Int64(Self.timeoutMs)
    while true {
      do {
        return try admin.describe(topic, timeoutMs: Self.timeoutMs).partitionCount
      } catch {
        guard error.kind == .topicMissing, WallClock.monotonicMs() < endMs else { throw LaneError(error) }
        usleep(100_000)
      }
    }
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
        // A profile's state is one record, however much there is to keep of it.
        "max.message.bytes": "16777216",
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
