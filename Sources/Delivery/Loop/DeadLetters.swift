import Events
import Kafka

/// Where records go that a destination can never take: as they came, with headers that say why and where from.
struct DeadLetters: ~Copyable {
  private let topic: String
  private var producer: LateProducer

  /// Nothing is connected before the first letter.
  init(topic: String, _ kafka: KafkaSettings) {
    self.topic = topic
    producer = LateProducer(kafka)
  }

  /// Writes letters, and waits until the brokers have them.
  /// - Throws: ``KafkaError``; some may have been written then.
  mutating func put(
    _ rejected: [RejectedRecord], of batch: borrowing RecordBatch, timeoutMs: Int32
  ) throws(KafkaError) {
    guard !rejected.isEmpty else { return }
    let places = rejected.map { (Place(partition: $0.partition, offset: $0.offset), $0) }
    let reasons = Dictionary(places) { first, _ in first }
    let producer = try self.producer.connected()
    let written = try producer.topic(topic, timeoutMs: timeoutMs)
    for index in 0..<batch.count {
      let record = batch[index]
      guard let reason = reasons[Place(partition: record.partition, offset: record.offset)] else { continue }
      try producer.produce(
        written, key: record.key?.buffer.bytes, value: record.value?.buffer.bytes,
        headers: Self.headers(record, reason, batch.topic))
    }
    try producer.flush(timeoutMs: timeoutMs)
  }

  /// Ends the producer.
  func close(timeoutMs: Int32) { producer.close(timeoutMs: timeoutMs) }

  private struct Place: Hashable {
    let partition: Int32
    let offset: Int64
  }

  private static func headers(_ record: BatchRecord, _ why: RejectedRecord, _ topic: String) -> [RecordHeader] {
    let origin = record.origin ?? RecordOrigin(topic: topic, partition: record.partition, offset: record.offset)
    return [
      RecordHeader("usher.reason", text: why.reason), RecordHeader("usher.answer", text: why.answer ?? ""),
      RecordHeader("usher.topic", text: origin.topic), RecordHeader("usher.partition", text: "\(origin.partition)"),
      RecordHeader("usher.offset", text: "\(origin.offset)"),
    ]
  }
}

extension RecordOrigin {
  /// Where a dead letter says that it came from; nothing where it does not.
  init?(_ headers: MessageHeaders) {
    guard let topic = headers.text(of: "usher.topic"),
      let partition = headers.text(of: "usher.partition").flatMap({ Int32($0) }),
      let offset = headers.text(of: "usher.offset").flatMap({ Int64($0) })
    else { return nil }
    self.init(topic: topic, partition: partition, offset: offset)
  }
}
