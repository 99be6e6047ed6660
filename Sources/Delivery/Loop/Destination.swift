/// Where records go. Owned by the thread that runs its loop.
public protocol Destination: ~Copyable {
  /// How far the destination itself knows to have come in a topic: for each partition the offset of the next record.
  /// Partitions that it knows nothing of begin at their oldest record.
  /// - Throws: ``DestinationError``.
  mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64]

  /// Takes a whole batch and its positions, or nothing of it. Records that were taken before change nothing.
  /// - Throws: ``DestinationError``; the batch may be given again then.
  mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome
}

/// What became of a batch.
public struct BatchOutcome: Sendable, Equatable {
  /// How many changes were new.
  public var changes = 0
  /// How many records had been taken before.
  public var repeats = 0
  /// How many of the new changes came after a later one of the same profile and audience, which stays what counts.
  public var late = 0
  /// How many profiles were erased of which there was anything.
  public var erased = 0
  /// The records that the destination can never take, and has put aside.
  public var rejected: [RejectedRecord] = []

  /// Nothing yet.
  public init() {}

  /// What became of two parts of a batch.
  mutating func add(_ other: BatchOutcome) {
    changes += other.changes
    repeats += other.repeats
    late += other.late
    erased += other.erased
    rejected += other.rejected
  }
}

/// A record that a destination can never take.
public struct RejectedRecord: Sendable, Equatable {
  /// The partition it came from.
  public let partition: Int32
  /// Its offset there.
  public let offset: Int64
  /// Why, in words; nothing of the record itself.
  public let reason: String
}

/// What a destination could not do.
public struct DestinationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What, where, why, and what to do: one sentence without a full stop, and nothing of any record.
  public let sentence: String
  /// Whether the same may go well later, without anybody's changing the record or the destination's settings.
  public let mayPass: Bool

  /// An error of a destination.
  public init(_ sentence: String, mayPass: Bool) {
    self.sentence = sentence
    self.mayPass = mayPass
  }

  /// The sentence.
  public var description: String { sentence }
}
