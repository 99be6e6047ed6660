import Events
import Kafka

/// Sends the events of a file, each under its profile's id.
struct EventSender: ~Copyable {
  private let producer: Producer
  private let topic: ProducerTopic
  private var cursor: EventCursor
  private var record: [UInt8] = []
  /// How many were sent.
  private(set) var sent = 0

  private static let timeoutMs: Int32 = 60_000

  init(_ settings: KafkaSettings, topic name: String, _ file: EventFile) throws(Failure) {
    let producer = try kafka { () throws(KafkaError) in try Producer(settings) }
    topic = try kafka { () throws(KafkaError) in try producer.topic(name, timeoutMs: Self.timeoutMs) }
    self.producer = producer
    cursor = EventCursor(file)
  }

  deinit { producer.close(timeoutMs: 5000) }

  /// Sends the next event; false where there is none.
  ///
  /// - Parameter time: the time that the event is to tell instead of its own, in 24 characters.
  mutating func send(time: [UInt8]? = nil) throws(Failure) -> Bool {
    guard let event = try cursor.next() else { return false }
    record.removeAll(keepingCapacity: true)
    record.append(contentsOf: event.bytes)
    if let time {
      for (index, character) in time.enumerated() { record[event.timePlace + index] = character }
    }
    try produce(event.profile)
    sent += 1
    return true
  }

  private func produce(_ key: UnsafeRawBufferPointer) throws(Failure) {
    try kafka { () throws(KafkaError) in
      while true {
        do throws(KafkaError) {
          return try producer.produce(topic, key: key.bytes, value: record.span.bytes)
        } catch {
          guard error.kind == .queueFull else { throw error }
        }
      }
    }
  }

  /// Waits until all are in the log.
  func flush() throws(Failure) {
    try kafka { () throws(KafkaError) in try producer.flush(timeoutMs: Self.timeoutMs) }
  }

  /// Sends a whole file, as fast as it goes.
  /// - Returns: how many events that were.
  static func load(_ file: EventFile, _ settings: KafkaSettings, into topic: String) throws(Failure) -> Int {
    Report.tell("loading the events into a topic")
    var sender = try EventSender(settings, topic: topic, file)
    while try sender.send() {
      if sender.sent & 0xFFFF == 0 { try StopAsked.check() }
    }
    try sender.flush()
    return sender.sent
  }
}
