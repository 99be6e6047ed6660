import Kafka

/// The topic on which a ``DeliveredMemory`` is kept.
struct MemoryLog: ~Copyable {
  private let topic: String
  private let kafka: KafkaSettings
  private var producer: LateProducer

  /// Nothing is connected yet.
  init(topic: String, _ kafka: KafkaSettings) {
    self.topic = topic
    self.kafka = kafka
    producer = LateProducer(kafka)
  }

  /// Reads what is kept of some partitions.
  /// - Throws: ``KafkaError``.
  func restore(_ partitions: [Int32], into memory: DeliveredMemory, timeoutMs: Int32) throws(KafkaError) {
    let consumer = try Consumer(kafka, ConsumerOptions(group: "\(topic)-reader"))
    defer { consumer.close(timeoutMs: timeoutMs) }
    var unread = Set(partitions)
    try consumer.assign(partitions.map { (TopicPartition(topic, $0), .beginning) })
    var silentSinceMs = MonotonicClock.nowMs()
    while !unread.isEmpty {
      switch try consumer.poll(timeoutMs: 1000) {
      case .message(let message):
        guard let key = message.key else { continue }
        let value = message.value.map { String(decoding: $0, as: UTF8.self) }
        memory.recall(String(decoding: key, as: UTF8.self), value)
      case .endOfPartition(let partition, _): unread.remove(partition.partition)
      default:
        guard let trouble = consumer.connectionTrouble else { continue }
        if MonotonicClock.nowMs() - silentSinceMs > Int64(timeoutMs) { throw trouble }
        continue
      }
      silentSinceMs = MonotonicClock.nowMs()
    }
  }

  /// Writes what was noted, and waits until the brokers have it.
  /// - Throws: ``KafkaError``; it may be written again then.
  mutating func put(_ memory: DeliveredMemory, timeoutMs: Int32) throws(KafkaError) {
    guard !memory.changes.isEmpty else { return }
    let producer = try self.producer.connected()
    let written = try producer.topic(topic, timeoutMs: timeoutMs)
    for entry in memory.changes {
      let (key, value) = (Array(entry.key.utf8), entry.seq.map { Array("\($0)".utf8) })
      try producer.produce(written, partition: entry.partition, key: key.span.bytes, value: value?.span.bytes)
    }
    try producer.flush(timeoutMs: timeoutMs)
    memory.written()
  }

  /// Ends the producer.
  func close(timeoutMs: Int32) { producer.close(timeoutMs: timeoutMs) }
}
