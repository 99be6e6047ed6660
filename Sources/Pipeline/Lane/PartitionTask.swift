internal import Audiences
internal import Engine
internal import Events
internal import Kafka

/// One partition of the input: its engine, and where it stands in the log.
final class PartitionTask {
  let partition: TopicPartition
  var engine: PartitionEngine
  /// The offset of the next record to read.
  var nextOffset: Int64
  /// Whether something was done that the last commit does not hold.
  var isDirty = false
  /// Whether every record that is there has been read.
  var isAtEnd = false

  init(_ partition: TopicPartition, engine: consuming PartitionEngine, nextOffset: Int64) {
    self.partition = partition
    self.engine = engine
    self.nextOffset = nextOffset
  }
}
