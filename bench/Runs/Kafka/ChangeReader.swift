import Events
import Kafka

/// Reads an application's changes as everybody downstream does: what is committed, from the topic.
struct ChangeReader: ~Copyable {
  private let consumer: Consumer
  private var reader = ChangeRecordReader()
  private var room: [UInt8] = []

  /// A change, and when it was there to be read.
  struct Seen {
    /// The partition and the offset of the event that brought it.
    let partition: Int
    let offset: Int
    /// When this reader had it, in microseconds since 1970.
    let atUs: Int64
    /// When it was written, in milliseconds since 1970.
    let writtenMs: Int64
  }

  init(_ setup: Setup, _ topics: RunTopics) throws(Failure) {
    let consumer = try setup.consumer(group: "\(topics.app)-reader")
    let partitions = (0..<TopicKeeper.partitions).map { TopicPartition(topics.changes, $0) }
    try kafka { () throws(KafkaError) in try consumer.assign(partitions.map { ($0, .beginning) }) }
    self.consumer = consumer
  }

  deinit { consumer.close(timeoutMs: 2000) }

  /// The next change, waited for at most so long; nil where none came.
  mutating func next(waitMs: Int32) throws(Failure) -> Seen? {
    let polled = try kafka { () throws(KafkaError) in try consumer.poll(timeoutMs: waitMs) }
    guard case .message(let message) = polled, let value = message.value else { return nil }
    let atUs = Clock.wallUs()
    room.removeAll(keepingCapacity: true)
    room.append(contentsOf: value)
    room.append(contentsOf: repeatElement(0, count: ChangeRecordReader.padding))
    let count = value.count
    do throws(ChangeRejection) {
      return try room.withUnsafeBufferPointer { bytes throws(ChangeRejection) in
        let source = try reader.read(Bytes(UnsafeRawBufferPointer(bytes)).slice(0, count)).source
        let written = source.emittedAt.flatMap { Instant(iso8601: $0) }
        return Seen(
          partition: Int(source.partition), offset: Int(source.offset), atUs: atUs, writtenMs: written?.ms ?? .min)
      }
    } catch {
      throw Failure("\(message.topic)[\(message.partition)] at \(message.offset): no change: \(error.sentence)")
    }
  }
}
