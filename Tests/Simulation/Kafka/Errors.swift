import Kafka

/// What clients say, as librdkafka and its wrapper would.
enum Errors {
  /// The process is dead: whatever it does has no effect, and it ends soon.
  static let dead = KafkaError(kind: .settings, code: "DEAD", operation: "go on", fate: .fatal)

  static func fenced(_ operation: String) -> KafkaError {
    KafkaError(kind: .fenced, code: "_FENCED", operation: operation, fate: .fatal)
  }

  static func wrongState(_ operation: String) -> KafkaError {
    KafkaError(kind: .other, code: "INVALID_TXN_STATE", operation: operation, fate: .fatal)
  }

  static func outOfOrder(_ operation: String) -> KafkaError {
    KafkaError(kind: .other, code: "OUT_OF_ORDER_SEQUENCE_NUMBER", operation: operation, fate: .abort)
  }

  static func timedOut(_ operation: String) -> KafkaError {
    KafkaError(kind: .timedOut, code: "_TIMED_OUT", operation: operation, fate: .retry)
  }

  static let memberUnknown = KafkaError(
    kind: .memberLost, code: "UNKNOWN_MEMBER_ID", operation: "send the offsets", fate: .abort)

  static let otherGeneration = KafkaError(
    kind: .memberLost, code: "ILLEGAL_GENERATION", operation: "send the offsets", fate: .abort)

  static let instanceFenced = KafkaError(
    kind: .fenced, code: "FENCED_INSTANCE_ID", operation: "read from Kafka", fate: .fatal)

  /// The transaction has failed already.
  static let failedTransaction = KafkaError(kind: .other, code: "_STATE", operation: "write", fate: .abort)

  static func outOfRange(_ partition: TopicPartition) -> KafkaError {
    KafkaError(kind: .offsetOutOfRange, code: "_AUTO_OFFSET_RESET", operation: "read \(partition)", fate: .fatal)
  }

  static let unreachable = KafkaError(
    kind: .unreachable, code: "_TRANSPORT", operation: "read from Kafka", fate: .retry)
}
