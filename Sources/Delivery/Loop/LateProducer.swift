import Kafka

/// A producer that is made when something is to be written: most workers never write anything.
struct LateProducer: ~Copyable {
  private let kafka: KafkaSettings
  private var producer: Producer?

  /// Nothing is connected yet.
  init(_ kafka: KafkaSettings) { self.kafka = kafka }

  /// The producer, made now where there was none.
  /// - Throws: ``KafkaError``.
  mutating func connected() throws(KafkaError) -> Producer {
    if let producer { return producer }
    let made = try Producer(kafka)
    producer = made
    return made
  }

  /// Ends the producer, if there is one.
  func close(timeoutMs: Int32) { producer?.close(timeoutMs: timeoutMs) }
}
