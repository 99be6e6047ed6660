public import Kafka

/// What happens while records are delivered, for whoever runs the loop. No record's content is ever in it.
public enum DeliveryEvent: Sendable, Equatable {
  /// These partitions are read from now on.
  case assigned([TopicPartition])
  /// A batch was delivered; the counts since the loop began.
  case delivered(DeliveryCounts)
  /// A record was put aside: the destination can never take it.
  case rejected(TopicPartition, offset: Int64, reason: String)
  /// The destination cannot take a batch now; it is tried again after a while.
  case waiting(DestinationError, ms: Int)
  /// Kafka has trouble that may pass.
  case trouble(KafkaError)
  /// The records from one offset up to another were deleted from the topic before they were delivered.
  case missing(TopicPartition, from: Int64, to: Int64)
}

/// How much was delivered since a loop began.
public struct DeliveryCounts: Sendable, Equatable {
  /// Changes that were new to the destination.
  public var changes = 0
  /// Records that it had taken before.
  public var repeats = 0
  /// New changes that came after a later one of the same profile and audience.
  public var late = 0
  /// Profiles erased.
  public var erased = 0
  /// Records put aside.
  public var rejected = 0
  /// Records that were for other destinations.
  public var passedOver = 0
  /// Records deleted from the topic before they were delivered.
  public var missing: Int64 = 0

  /// Nothing yet.
  public init() {}

  mutating func add(_ outcome: BatchOutcome) {
    changes += outcome.changes
    repeats += outcome.repeats
    late += outcome.late
    erased += outcome.erased
    passedOver += outcome.passedOver
    rejected += outcome.rejected.count
  }
}

/// Why a loop ended before its time.
public enum DeliveryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Kafka could not do something.
  case kafka(KafkaError)
  /// The destination could not take a batch.
  case destination(DestinationError)
  /// The destination has come further than the topic goes.
  case beyondEnd(TopicPartition, delivered: Int64, end: Int64)
  /// The group has committed an offset that lies beyond the topic's end.
  case committedBeyondEnd(TopicPartition, committed: Int64, end: Int64)

  /// What happened, and what to do: one sentence without a full stop.
  public var description: String {
    switch self {
    case .kafka(let error): error.description
    case .destination(let error): error.description
    case .beyondEnd(let partition, let delivered, let end):
      "\(partition) ends at offset \(end), and the destination has it up to \(delivered): the topic was made anew, or "
        + "the destination belongs to another cluster; give the destination a new place, and it is filled from the topic"
    case .committedBeyondEnd(let partition, let committed, let end):
      "\(partition) ends at offset \(end), and the group has committed \(committed): the topic was made anew; reset the "
        + "group's offsets, or begin another group with another --app"
    }
  }
}
