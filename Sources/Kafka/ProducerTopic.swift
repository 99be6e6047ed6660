import CKafka

/// A topic that a producer writes to. It is asked for once, before work begins, so that no record waits for metadata:
/// 2.0.2 lets the first record to an unknown topic wait a whole second (fixed in 2.10.1).
public final class ProducerTopic {
  /// The topic's name.
  public let name: String
  /// How many partitions the topic had when the brokers were last asked.
  public private(set) var partitionCount: Int32 = 0

  private let client: Client
  private var pointer: OpaquePointer?

  init(_ name: String, of client: Client, timeoutMs: Int32) throws(KafkaError) {
    self.name = name
    self.client = client
    guard let pointer = rd_kafka_topic_new(client.handle, name, nil) else {
      throw client.error(rd_kafka_last_error(), during: "write to topic '\(name)'", about: .topic(name))
    }
    self.pointer = pointer
    try refresh(timeoutMs: timeoutMs)
  }

  deinit {
    close()
  }

  /// Asks the brokers again how many partitions there are.
  /// - Throws: ``KafkaError``: kind `topicMissing` when the topic does not come into being within a second,
  ///   `unreachable`, `notAuthorized`.
  public func refresh(timeoutMs: Int32) throws(KafkaError) {
    // A topic that was made just now is not known to every broker at once.
    let grace = Deadline(afterMs: min(timeoutMs, 1000))
    var count: Int32 = 0
    try client.ask(
      until: Deadline(afterMs: timeoutMs), during: "write to topic '\(name)'", about: .topic(name),
      mayPass: { ErrorCodes.kind(of: $0) == .topicMissing && !grace.isOver }
    ) { timeoutMs in
      let code: rd_kafka_resp_err_t
      (code, count) = metadata(timeoutMs: timeoutMs)
      return code
    }
    partitionCount = count
  }

  var handle: OpaquePointer {
    guard let pointer else { preconditionFailure("topic '\(name)' was used after its producer was closed") }
    return pointer
  }

  func close() {
    if let pointer { rd_kafka_topic_destroy(pointer) }
    pointer = nil
  }

  private func metadata(timeoutMs: Int32) -> (rd_kafka_resp_err_t, Int32) {
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let code = rd_kafka_metadata(client.handle, 0, handle, &metadata, timeoutMs)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else { return (code, 0) }
    defer { rd_kafka_metadata_destroy(metadata) }
    guard metadata.pointee.topic_cnt == 1 else { return (RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, 0) }
    let topic = metadata.pointee.topics[0]
    if topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, topic.partition_cnt == 0 {
      return (RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, 0)
    }
    return (topic.err, topic.partition_cnt)
  }
}
