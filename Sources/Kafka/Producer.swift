import CKafka

/// A plain idempotent producer, for generators, tools and tests: every record once and in order, but outside of any
/// transaction. Owned by one thread.
public final class Producer {
  private let sender: RecordSender
  private var failures: DeliveryFailures?

  /// Makes the producer. It connects in the background.
  /// - Throws: ``KafkaError`` of kind `settings`.
  public init(_ settings: KafkaSettings) throws(KafkaError) {
    sender = try RecordSender(.producer(settings), settings, transactional: false)
  }

  /// The topic to write to; asked for once, and kept.
  /// - Throws: ``KafkaError``: kind `topicMissing`, `unreachable`, `notAuthorized`.
  public func topic(_ name: String, timeoutMs: Int32) throws(KafkaError) -> ProducerTopic {
    try sender.topic(name, timeoutMs: timeoutMs)
  }

  /// Queues one record; its bytes are copied.
  /// - Parameters:
  ///   - partition: nil lets the key decide as Java clients do (murmur2); without a key, chance.
  ///   - value: nil for a tombstone.
  ///   - timestampMs: the record's time in milliseconds since 1970; nil for now.
  /// - Throws: ``KafkaError``: kind `queueFull` (fate `retry`, room was waited for), `messageTooLarge`,
  ///   `partitionMissing`.
  public func produce(
    _ topic: ProducerTopic, partition: Int32? = nil, key: RawSpan?, value: RawSpan?, timestampMs: Int64? = nil,
    headers: [RecordHeader] = []
  ) throws(KafkaError) {
    try sender.send(topic, partition, key: key, value: value, timestampMs: timestampMs, headers: headers)
  }

  /// Waits until every queued record was delivered or given up, at most `timeoutMs`.
  /// - Throws: ``KafkaError``: what became of the first record that was given up since the last flush, or kind
  ///   `timedOut` or `unreachable` while records are still queued.
  public func flush(timeoutMs: Int32) throws(KafkaError) {
    let code = rd_kafka_flush(sender.client.handle, timeoutMs)
    countFailures()
    if let failures {
      self.failures = nil
      throw sender.client.error(
        failures.code, during: "write to \(failures.partition) (\(failures.phrase))",
        about: .topic(failures.partition.topic))
    }
    if code != RD_KAFKA_RESP_ERR_NO_ERROR {
      throw sender.client.error(
        code, during: "deliver \(rd_kafka_outq_len(sender.client.handle)) records", about: .cluster)
    }
  }

  /// How many records were given up in this producer's life.
  public private(set) var failedRecords = 0

  /// Ends the producer without waiting for queued records; flush first.
  /// - Returns: false when librdkafka was not done in time; it goes on by itself.
  @discardableResult
  public func close(timeoutMs: Int32) -> Bool {
    sender.close(timeoutMs: timeoutMs)
  }

  private func countFailures() {
    guard let new = sender.client.reports.takeDeliveryFailures() else { return }
    failedRecords += new.count
    if failures == nil { failures = new } else { failures?.count += new.count }
  }
}
