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

  /// librdkafka's own; nil where ``copy`` stands for it.
  private let pointer: UnsafeMutablePointer<rd_kafka_message_t>?
  private let copy: MessageCopy?

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
    copy = nil
    self.topicIndex = topicIndex
    partition = pointer.pointee.partition
    offset = pointer.pointee.offset
    value = pointer.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: pointer.pointee.len) }
    key = pointer.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: pointer.pointee.key_len) }
  }

  /// A record that does not come from librdkafka: for who stands in for Kafka.
  package init(_ copy: MessageCopy) {
    pointer = nil
    self.copy = copy
    topicIndex = 0
    partition = copy.partition
    offset = copy.offset
    value = copy.value.map { UnsafeRawBufferPointer($0) }
    key = copy.key.map { UnsafeRawBufferPointer($0) }
  }

  deinit {
    if let pointer { rd_kafka_message_destroy(pointer) }
  }

  /// The topic's name: a new string on every call. ``topicIndex`` costs nothing.
  public var topic: String {
    guard let pointer else { return copy?.topic ?? "" }
    return rd_kafka_topic_name(pointer.pointee.rkt).map { String(cString: $0) } ?? ""
  }

  /// The record's time in milliseconds since 1970, or nil where it has none.
  public var timestampMs: Int64? {
    guard let pointer else { return copy?.timestampMs }
    let time = rd_kafka_message_timestamp(pointer, nil)
    return time >= 0 ? time : nil
  }

  /// Whose clock ``timestampMs`` shows.
  public var timestampKind: TimestampKind {
    guard let pointer else { return copy?.timestampMs == nil ? .none : .createTime }
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
    guard let pointer else { return MessageHeaders(headers: nil) }
    var headers: OpaquePointer?
    let code = rd_kafka_message_headers(pointer, &headers)
    return MessageHeaders(headers: code == RD_KAFKA_RESP_ERR_NO_ERROR ? headers : nil)
  }
}

/// A record with memory of its own, which a ``Message`` lends.
package final class MessageCopy {
  let topic: String
  let partition: Int32
  let offset: Int64
  let timestampMs: Int64?
  let key: UnsafeMutableRawBufferPointer?
  let value: UnsafeMutableRawBufferPointer?

  package init(topic: String, partition: Int32, offset: Int64, timestampMs: Int64?, key: [UInt8]?, value: [UInt8]?) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.timestampMs = timestampMs
    self.key = key.map(Self.copied)
    self.value = value.map(Self.copied)
  }

  deinit {
    key?.deallocate()
    value?.deallocate()
  }

  private static func copied(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 8)
    memory.copyBytes(from: bytes)
    return UnsafeMutableRawBufferPointer(rebasing: memory[..<bytes.count])
  }
}
