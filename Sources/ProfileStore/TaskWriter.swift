/// Who wrote a partition's states: the producer that must be fenced before somebody else goes on with them.
public struct TaskWriter: Hashable, Sendable {
  /// The producer's transactional id.
  public var transactionalId: String
  /// Tells apart the times at which a producer of this id took partitions over.
  public var session: UInt64

  /// A writer.
  public init(transactionalId: String, session: UInt64) {
    self.transactionalId = transactionalId
    self.session = session
  }
}
