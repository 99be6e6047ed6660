import CKafka

/// One record as it came from Kafka, owned by the one who polled it. Its bytes are lent, never copied: they are valid
/// as long as the message lives, and go back to librdkafka when it ends.
public struct Message: ~Copyable {
  /// What ``timestampMs`` means.
  public enum TimestampKind: Sendable {
    /// The record carries none.
    case none
    /// The producer's clock when the record was made.
    case createTime
    /// The broker's clock when the record was appended.
    case logAppendTime
  }

  private let pointer: UnsafeMutablePointer<rd_kafka_message_t>

  /// The place of this record's topic in ``Consumer/topics``: an integer to compare instead of a name.
  public let topicIndex: Int
  /// The partition the record came from.
  public let partition: Int32
  /// The record's offset in its partition.
  public let offset: Int64
  /// The value's bytes, or nil for a tombstone. Valid as long as the message lives.
  public let value: UnsafeRawBufferPointer?
  /// The key's bytes, or nil for a record without a key. Valid as long as the message lives.
  public let key: UnsafeRawBufferPointer?

  init(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>, topicIndex: Int) {
    self.pointer = pointer
    self.topicIndex = topicIndex
    partition = pointer.pointee.partition
    offset = pointer.pointee.offset
    value = pointer.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: pointer.pointee.len) }
    key = pointer.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: pointer.pointee.key_len) }
  }

  deinit {
    rd_kafka_message_destroy(pointer)
  }

  /// The topic's name: a new string on every call. ``topicIndex`` costs nothing.
  public var topic: String {
    rd_kafka_topic_name(pointer.pointee.rkt).map { String(cString: $0) } ?? ""
  }

  /// The record's time in milliseconds since 1970, or nil where it has none.
  public var timestampMs: Int64? {
    let time = rd_kafka_message_timestamp(pointer, nil)
    return time >= 0 ? time : nil
  }

  /// Whose clock ``timestampMs`` shows.
  public var timestampKind: TimestampKind {
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    rd_kafka_message_timestamp(pointer, &kind)
    return switch kind {
    case RD_KAFKA_TIMESTAMP_CREATE_TIME: .createTime
    case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: .logAppendTime
    default: .none
    }
  }

  /// The record's headers in their order, parsed on the first call. Valid as long as the message lives.
  public var headers: MessageHeaders {
    var headers: OpaquePointer?
    let code = rd_kafka_message_headers(pointer, &headers)
    return MessageHeaders(headers: code == RD_KAFKA_RESP_ERR_NO_ERROR ? headers : nil)
  }
}
