/// Where records go. Owned by the thread that runs its loop.
public protocol Destination: ~Copyable {
  /// Whether the destination itself knows how far it has come. Of one that does not, the group's committed offsets count.
  static var keepsOffsets: Bool { get }
  /// What a destination that drops no repeat was sent, which the loop keeps for it; `nil` of all others.
  var memory: DeliveredMemory? { get }

  /// How far the destination itself knows to have come in a topic: for each partition the offset of the next record.
  /// Partitions that it knows nothing of begin at their oldest record.
  /// - Throws: ``DestinationError``.
  mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64]

  /// Takes a whole batch and its positions, or nothing of it. Records that were taken before change nothing.
  /// - Throws: ``DestinationError``; the batch may be given again then.
  mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome

  /// Told that a batch which was not taken does not come again: its partitions are somebody else's now.
  mutating func abandon()
}

extension Destination where Self: ~Copyable {
  /// Most do: a place that can be written to in transactions.
  public static var keepsOffsets: Bool { true }
  /// Repeats are harmless to most.
  public var memory: DeliveredMemory? { nil }
  /// Most take a batch whole, and remember nothing of one that they did not take.
  public mutating func abandon() {}
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
  /// How many records were for other destinations, or tell nothing that the destination could take.
  public var passedOver = 0
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
    passedOver += other.passedOver
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
  /// What the destination answered, masked; `nil` where it was not asked.
  public let answer: String?

  init(partition: Int32, offset: Int64, reason: String, answer: String? = nil) {
    self.partition = partition
    self.offset = offset
    self.reason = reason
    self.answer = answer
  }
}

/// What a destination could not do.
public struct DestinationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What, where, why, and what to do: one sentence without a full stop, and nothing of any record.
  public let sentence: String
  /// Whether the same may go well later, without anybody's changing the record or the destination's settings.
  public let mayPass: Bool
  /// How long the destination wants to be left alone, in milliseconds; 0 where it does not say.
  public let leastMs: Int64
  /// Whether nothing failed, and the batch is only not done yet.
  let isTurnOver: Bool

  /// An error of a destination.
  public init(_ sentence: String, mayPass: Bool, leastMs: Int64 = 0) {
    self.sentence = sentence
    self.mayPass = mayPass
    self.leastMs = leastMs
    isTurnOver = false
  }

  private init(turnOver sentence: String) {
    self.sentence = sentence
    mayPass = true
    leastMs = 0
    isTurnOver = true
  }

  /// The batch is not done, and the loop is to look after its group before it goes on; or it is to stop.
  static let turnIsOver = DestinationError(turnOver: "the batch is not done yet")

  /// The sentence.
  public var description: String { sentence }
}
