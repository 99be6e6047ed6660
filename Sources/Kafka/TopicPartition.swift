/// One partition of one topic.
public struct TopicPartition: Hashable, Sendable, CustomStringConvertible {
  /// The topic's name.
  public let topic: String
  /// The partition's number, from 0.
  public let partition: Int32

  /// Partition `partition` of `topic`.
  public init(_ topic: String, _ partition: Int32) {
    self.topic = topic
    self.partition = partition
  }

  /// `topic[partition]`.
  public var description: String { "\(topic)[\(partition)]" }
}

/// A partition and the offset of the next record to read from it: one more than the last record that is done.
public struct PartitionOffset: Hashable, Sendable {
  /// The partition.
  public let partition: TopicPartition
  /// The offset of the next record.
  public let offset: Int64

  /// The next record to read from `partition` is the one at `offset`.
  public init(_ partition: TopicPartition, _ offset: Int64) {
    self.partition = partition
    self.offset = offset
  }
}

/// Where reading a partition begins.
public enum StartOffset: Hashable, Sendable {
  /// At this offset.
  case at(Int64)
  /// At the oldest record that is there.
  case beginning
  /// After the newest record that is there.
  case end
  /// Where the group's last commit left it; without one, as ``ConsumerOptions/withoutOffset`` says.
  case committed
}

/// The offsets between which a partition can be read.
public struct Watermarks: Hashable, Sendable {
  /// The offset of the oldest record.
  public let low: Int64
  /// One more than the offset of the newest record that this consumer can read. For a consumer that reads committed
  /// records only, this is the last stable offset: open transactions lie beyond it.
  public let high: Int64

  /// A partition that can be read from `low` up to, and without, `high`.
  public init(low: Int64, high: Int64) {
    self.low = low
    self.high = high
  }
}
