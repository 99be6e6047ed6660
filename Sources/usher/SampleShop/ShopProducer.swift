import Kafka

/// Writes the shop's records into a topic, keyed by profile, so that a profile's records stay in order.
final class ShopProducer {
  private let producer: Producer
  private let topic: ProducerTopic
  private let timeoutMs: Int32

  /// Connects to a topic. It must be there.
  init(_ settings: KafkaSettings, topic name: String, timeoutMs: Int32) throws(KafkaError) {
    let producer = try Producer(settings)
    self.producer = producer
    self.timeoutMs = timeoutMs
    topic = try producer.topic(name, timeoutMs: timeoutMs)
  }

  deinit { producer.close(timeoutMs: 1000) }

  /// Queues the record that the shop stands at. Where the queue is full, room is waited for.
  ///
  /// - Parameter timestampMs: when the log is to have it; `nil` for now.
  func produce(_ shop: borrowing ShopStream, timestampMs: Int64? = nil) throws(KafkaError) {
    while true {
      do throws(KafkaError) {
        let json = shop.json
        let key = shop.profileID
        return try producer.produce(topic, key: key.span.bytes, value: json.span.bytes, timestampMs: timestampMs)
      } catch  where error.kind == .queueFull {
        continue
      }
    }
  }

  /// Waits until all records are in the log.
  func flush() throws(KafkaError) { try producer.flush(timeoutMs: timeoutMs) }
}
