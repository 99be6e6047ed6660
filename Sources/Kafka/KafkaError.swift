/// What went wrong with Kafka, in one sentence, and what that means for the work at hand.
///
/// No value of a setting, no key and no record ever appears in it.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the owner of a client does next.
  public enum Fate: Sendable, Equatable {
    /// Try the same call again, later.
    case retry
    /// Abort the transaction (or give the partitions up) and do the work again.
    case abort
    /// This client is of no more use, or somebody has to change something first.
    case fatal
  }

  /// What happened, as far as Usher tells cases apart.
  public enum Kind: Sendable, Equatable {
    /// A property or setting that cannot stand.
    case settings
    /// No broker could be reached.
    case unreachable
    /// The brokers refused the log-in, or TLS failed.
    case authentication
    /// This user may not do that.
    case notAuthorized
    /// The topic does not exist.
    case topicMissing
    /// The topic exists already.
    case topicExists
    /// The topic is to be kept on more brokers than there are.
    case brokersTooFew
    /// The topic has no such partition.
    case partitionMissing
    /// A newer client has taken over from this one.
    case fenced
    /// This consumer is no longer a member of its group.
    case memberLost
    /// The offset to read from is not, or no longer, in the partition.
    case offsetOutOfRange
    /// A record is larger than the client or the topic allows.
    case messageTooLarge
    /// The producer's queue is full for the moment.
    case queueFull
    /// The answer did not come in time.
    case timedOut
    /// Anything else; `code` tells it.
    case other
  }

  /// What happened, as far as Usher tells cases apart.
  public let kind: Kind
  /// librdkafka's or the broker's name of the error, for instance `UNKNOWN_TOPIC_OR_PART`.
  public let code: String
  /// What was being done, for instance `commit the transaction`.
  public let operation: String
  /// What the owner of the client does next.
  public let fate: Fate
  /// What, where, why, and what to do: one sentence without a full stop.
  public let sentence: String

  /// A producer that must be replaced before it can begin another transaction.
  public static func spentProducer(_ transactionalId: String) -> KafkaError {
    KafkaError(
      kind: .other, code: "", operation: "begin a transaction", fate: .abort,
      sentence: "could not begin a transaction: a request of transactional id '\(transactionalId)' may have been sent "
        + "twice, so its producer is replaced")
  }

  /// The sentence, with the code in brackets.
  public var description: String {
    code.isEmpty ? sentence : "\(sentence) [\(code)]"
  }
}

extension KafkaError {
  /// An error that does not come from librdkafka: for who stands in for Kafka.
  package init(kind: Kind, code: String, operation: String, fate: Fate) {
    self.init(
      kind: kind, code: code, operation: operation, fate: fate, sentence: "could not \(operation): refused")
  }
}
