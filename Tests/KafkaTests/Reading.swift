import Kafka
import Testing

/// A record copied out of its message, so that tests can compare it.
struct ReadRecord: Equatable {
  var topic = ""
  var partition: Int32 = 0
  var offset: Int64 = 0
  var key: String?
  var value: String?
  var headers: [RecordHeader] = []
  var timestampMs: Int64?

  init(_ message: borrowing Message) {
    topic = message.topic
    partition = message.partition
    offset = message.offset
    key = message.key.map { String(decoding: $0, as: UTF8.self) }
    value = message.value.map { String(decoding: $0, as: UTF8.self) }
    timestampMs = message.timestampMs
    for header in message.headers { headers.append(RecordHeader(header.name, header.value.map { Array($0) })) }
  }
}

/// What a consumer saw, in order.
struct Seen {
  var records: [ReadRecord] = []
  var ends: [TopicPartition: Int64] = [:]
  var assigned: [[TopicPartition]] = []
  var revoked: [[TopicPartition]] = []
  var lost = false

  var values: [String?] { records.map(\.value) }

  /// Polls once and writes down what came.
  mutating func poll(_ consumer: Consumer, timeoutMs: Int32 = 50) throws {
    switch try consumer.poll(timeoutMs: timeoutMs) {
    case .message(let message): records.append(ReadRecord(message))
    case .endOfPartition(let partition, let offset): ends[partition] = offset
    case .assigned(let partitions): assigned.append(partitions)
    case .revoked(let partitions, let isLost):
      revoked.append(partitions)
      lost = lost || isLost
    case .nothing: break
    }
  }

  /// Polls until `isEnough`, or fails the test after a generous time.
  mutating func poll(
    _ consumer: Consumer, within limit: Duration = .seconds(30), _ location: SourceLocation = #_sourceLocation,
    until isEnough: (Seen) -> Bool
  ) throws {
    let start = ContinuousClock.now
    while !isEnough(self) {
      guard ContinuousClock.now - start < limit else {
        Issue.record("gave up waiting; seen so far: \(self)", sourceLocation: location)
        return
      }
      try poll(consumer)
    }
  }
}

extension Consumer {
  /// A consumer that reads `partitions` by hand from the beginning.
  static func reading(
    _ partitions: [TopicPartition], _ settings: KafkaSettings, group: String = "reader",
    readsUncommitted: Bool = false
  ) throws -> Consumer {
    var options = ConsumerOptions(group: group)
    options.readsUncommitted = readsUncommitted
    let consumer = try Consumer(settings, options)
    try consumer.assign(partitions.map { ($0, .beginning) })
    return consumer
  }

  /// A static member of a group.
  static func member(
    _ name: String, of group: String, reading topic: String, _ settings: KafkaSettings
  ) throws -> Consumer {
    var options = ConsumerOptions(group: group, groupInstanceId: name)
    options.sessionTimeoutMs = 6_000
    let consumer = try Consumer(settings, options)
    try consumer.subscribe([topic])
    return consumer
  }

  /// Reads until the end of every assigned partition.
  func readToEnd() throws -> Seen {
    var seen = Seen()
    try seen.poll(self) { $0.ends.count == assignment.count }
    return seen
  }
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

extension Producer {
  func produce(
    _ topic: ProducerTopic, partition: Int32? = nil, key: String?, value: String?, timestampMs: Int64? = nil,
    headers: [RecordHeader] = []
  ) throws {
    let (key, value) = (key?.bytes, value?.bytes)
    try produce(
      topic, partition: partition, key: key?.span.bytes, value: value?.span.bytes, timestampMs: timestampMs,
      headers: headers)
  }
}

extension TransactionalProducer {
  func produce(_ topic: ProducerTopic, partition: Int32 = 0, key: String?, value: String?) throws {
    let (key, value) = (key?.bytes, value?.bytes)
    try produce(topic, partition: partition, key: key?.span.bytes, value: value?.span.bytes)
  }
}

/// The error that `work` throws.
func kafkaError(
  _ location: SourceLocation = #_sourceLocation, from work: () throws -> Void
) throws -> KafkaError {
  do {
    try work()
  } catch let error as KafkaError {
    return error
  }
  Issue.record("no error came", sourceLocation: location)
  throw CancellationError()
}
