/// The requests of Kafka's protocol that Usher watches or makes fail, by their number on the wire.
public enum RequestKind: Int16, Sendable {
  /// Records to append.
  case produce = 0
  /// Records to read.
  case fetch = 1
  /// The first or last offset of a partition.
  case listOffsets = 2
  /// Topics, partitions, leaders.
  case metadata = 3
  /// A group's offsets to keep.
  case offsetCommit = 8
  /// A group's offsets to read.
  case offsetFetch = 9
  /// Who coordinates a group or a transactional id.
  case findCoordinator = 10
  /// A member that joins its group.
  case joinGroup = 11
  /// A member's sign of life.
  case heartbeat = 12
  /// A producer's identity and epoch.
  case initProducerId = 22
  /// Partitions that become part of a transaction.
  case addPartitionsToTransaction = 24
  /// A group whose offsets become part of a transaction.
  case addOffsetsToTransaction = 25
  /// The end of a transaction: commit or abort.
  case endTransaction = 26
  /// A group's offsets within a transaction.
  case transactionOffsetCommit = 28
}
