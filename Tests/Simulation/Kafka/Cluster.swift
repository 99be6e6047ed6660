import Judge
import Kafka

/// The brokers, as one: topics, transactions, groups. They answer at once; what takes time is the way to them.
final class Cluster {
  let schedule: Schedule
  private var topics: [String: [PartitionLog]] = [:]
  private(set) lazy var transactions = Transactions(self)
  private(set) lazy var groups = Groups(self)
  /// Whether nobody is served now.
  private(set) var isDown = false
  /// How many outages there were.
  private(set) var outages = 0
  /// How disturbed the way to the brokers is, of a thousand requests.
  var disturbancePerMille = 0
  /// How many records of a topic a fetch gives at most, where that is not the usual.
  var mostPerFetch: [String: Int] = [:]

  init(_ schedule: Schedule) { self.schedule = schedule }

  func create(_ topic: String, partitions: Int) {
    if topics[topic] == nil { topics[topic] = (0..<partitions).map { _ in PartitionLog() } }
  }

  func partitionCount(of topic: String) -> Int { topics[topic]?.count ?? 0 }

  func log(_ partition: TopicPartition) -> PartitionLog {
    guard let logs = topics[partition.topic], partition.partition < logs.count else {
      preconditionFailure("no \(partition)")
    }
    return logs[Int(partition.partition)]
  }

  /// The committed records of a topic, partition by partition.
  func committed(_ topic: String) -> [PartitionLog.Entry] {
    (topics[topic] ?? []).flatMap { $0.committed.map(\.entry) }
  }

  /// Serves nobody for a while. What was answered stays.
  func breakDown(forMs: Int64) {
    if isDown { return }
    isDown = true
    outages += 1
    schedule.after(forMs) { [self] in isDown = false }
  }

  /// How long the mark of a transaction's end takes to a partition.
  func markDelayMs() -> Int64 {
    schedule.chance.perMille(50) ? schedule.chance.from(1...400) : schedule.chance.from(0...5)
  }
}
