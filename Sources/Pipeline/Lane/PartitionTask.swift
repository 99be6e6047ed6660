internal import Audiences
internal import Engine
internal import Events
internal import Kafka

/// One partition of the input: its engine, and where it stands in the log.
final class PartitionTask<Store: LaneStore> {
  let partition: TopicPartition
  var engine: PartitionEngine
  /// The profiles on disk; nil where all are in memory.
  let store: Store?
  /// The offset of the next record to read.
  var nextOffset: Int64
  /// An offset of the changelog up to which everything is in the store with its next commit.
  var changelogOffset: Int64
  /// Where readers saw the changelog's end between the last transactions. Whether all up to there was this lane's is known
  /// when another transaction has been committed: only who was the owner all the time can do that.
  var seenChangelogEnd: Int64?
  /// Whether something was done that the last commit does not hold.
  var isDirty = false
  /// Whether every record that is there has been read.
  var isAtEnd = false

  init(
    _ partition: TopicPartition, engine: consuming PartitionEngine, nextOffset: Int64, store: Store? = nil,
    changelogOffset: Int64 = 0
  ) {
    self.partition = partition
    self.engine = engine
    self.nextOffset = nextOffset
    self.store = store
    self.changelogOffset = changelogOffset
  }
}
