internal import Kafka

/// How the partitions of the input come to the lanes of an application.
public enum PartitionSharing: Equatable, Sendable {
  /// The consumer group shares them among the lanes that are there.
  case group
  /// By arithmetic, among a fixed number of processes with the same number of lanes each: no group takes part. `process`
  /// counts from 0.
  case fixed(process: Int, processes: Int)
}

/// One lane's share by arithmetic: of `total` lanes it has every partition whose number leaves `number` over.
struct FixedShare {
  let number: Int
  let total: Int

  func partitions(of topic: String, count: Int) -> [TopicPartition] {
    stride(from: number, to: count, by: total).map { TopicPartition(topic, Int32($0)) }
  }
}
