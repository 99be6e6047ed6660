import Kafka
import Simulation
import Testing

/// A record copied out of its message.
struct Incoming: Equatable {
  var key: String?
  var value: String?
  var partition: Int32
  var offset: Int64
  var headers: [String: String]
}

/// Writes records in order, and waits until they are there.
func write(_ records: [Outgoing], to name: String, _ kafka: KafkaSettings) throws {
  let producer = try Producer(kafka)
  defer { producer.close(timeoutMs: 10_000) }
  let topic = try producer.topic(name, timeoutMs: 20_000)
  for record in records {
    let (key, value) = (record.key.map { Array($0.utf8) }, record.value.map { Array($0.utf8) })
    try producer.produce(
      topic, partition: record.partition, key: key?.span.bytes, value: value?.span.bytes,
      timestampMs: record.recordedMs)
  }
  try producer.flush(timeoutMs: 60_000)
}

/// Reads committed records of a topic from its beginning to its end.
func read(_ name: String, _ kafka: KafkaSettings, location: SourceLocation = #_sourceLocation) throws -> [Incoming] {
  let admin = try Admin(kafka)
  defer { admin.close(timeoutMs: 10_000) }
  let count = try #require(try admin.cluster(timeoutMs: 20_000).topic(name)?.partitionCount, sourceLocation: location)
  let consumer = try Consumer(kafka, ConsumerOptions(group: "reader"))
  defer { consumer.close(timeoutMs: 10_000) }
  let partitions = (0..<count).map { TopicPartition(name, Int32($0)) }
  try consumer.assign(partitions.map { ($0, .beginning) })
  var records: [Incoming] = []
  var unread = Set(partitions)
  let deadline = ContinuousClock.now + .seconds(90)
  while !unread.isEmpty {
    try #require(ContinuousClock.now < deadline, "the end of \(unread) does not come", sourceLocation: location)
    switch try consumer.poll(timeoutMs: 1000) {
    case .message(let message):
      var headers: [String: String] = [:]
      for header in message.headers { headers[header.name] = header.value.map { String(decoding: $0, as: UTF8.self) } }
      records.append(
        Incoming(
          key: message.key.map { String(decoding: $0, as: UTF8.self) },
          value: message.value.map { String(decoding: $0, as: UTF8.self) }, partition: message.partition,
          offset: message.offset, headers: headers))
    case .endOfPartition(let partition, _): unread.remove(partition)
    default: break
    }
  }
  return records
}

/// The changes that a topic holds.
func changes(in topic: String, _ kafka: KafkaSettings) throws -> ChangesByProfile {
  var changes: ChangesByProfile = [:]
  for record in try read(topic, kafka) {
    changes[record.key ?? "(no key)", default: []].append(withoutOrigin(record.value ?? "(no value)"))
  }
  return changes
}

/// Expects the same changes of the same profiles, and tells the first profile that differs.
func expectSame(_ found: ChangesByProfile, _ expected: ChangesByProfile, location: SourceLocation = #_sourceLocation) {
  for profile in Set(found.keys).union(expected.keys).sorted() where found[profile] != expected[profile] {
    Issue.record(
      """
      \(profile) differs; found:
      \(found[profile, default: []].joined(separator: "\n"))
      expected:
      \(expected[profile, default: []].joined(separator: "\n"))
      """, sourceLocation: location)
    return
  }
  #expect(found.values.reduce(0) { $0 + $1.count } > 0, "nothing was compared", sourceLocation: location)
}
