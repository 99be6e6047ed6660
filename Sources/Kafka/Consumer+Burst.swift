import CKafka

extension Consumer {
  /// So many records in a row without a pause mean that librdkafka's queue may have been full.
  static let burstLength: UInt32 = 5_000

  /// Takes the next message from librdkafka's queue.
  ///
  /// When its queue is full, librdkafka 2.0.2 stops fetching and looks again only a second later, though the queue may
  /// be empty long before (later versions: `fetch.queue.backoff.ms`). A reader that is faster than that would stand
  /// still most of the time. So when the queue runs dry after a long burst, the brokers are asked something harmless:
  /// their answers wake librdkafka's threads, and these fetch at once.
  func next(timeoutMs: Int32) -> UnsafeMutablePointer<rd_kafka_message_t>? {
    guard recordsInBurst >= Consumer.burstLength else { return rd_kafka_consumer_poll(client.handle, timeoutMs) }
    if let pointer = rd_kafka_consumer_poll(client.handle, 0) { return pointer }
    recordsInBurst = 0
    if client.reports.rebalances.isAsking { return nil }
    wakeFetchers()
    return rd_kafka_consumer_poll(client.handle, timeoutMs)
  }

  private func wakeFetchers() {
    let partitions = assignment
    client.aside(timeoutMs: 0) { handle in
      for partition in partitions {
        var (low, high) = (Int64(0), Int64(0))
        rd_kafka_query_watermark_offsets(handle, partition.topic, partition.partition, &low, &high, 1000)
      }
    }
  }
}
