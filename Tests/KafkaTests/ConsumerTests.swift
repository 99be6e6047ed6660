import Kafka
import Testing

@Suite("A consumer of an embedded cluster")
struct ConsumerTests {
  let cluster: EmbeddedCluster
  let zero = TopicPartition("t", 0)
  let one = TopicPartition("t", 1)

  /// Two partitions with 20 records each, whose values are their offsets.
  init() throws {
    cluster = try EmbeddedCluster()
    try cluster.createTopic("t", partitionCount: 2)
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    for number in 0..<20 {
      for partition: Int32 in [0, 1] { try producer.produce(topic, partition: partition, key: nil, value: "\(number)") }
    }
    try producer.flush(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
  }

  @Test("is told the end of each partition, with its offset")
  func end() throws {
    let consumer = try Consumer.reading([zero, one], cluster.settings)
    let seen = try consumer.readToEnd()
    #expect(seen.ends == [zero: 20, one: 20])
    #expect(seen.records.count == 40)
    #expect(consumer.position(zero) == 20)
    #expect(try consumer.watermarks(zero, timeoutMs: 10_000) == .init(low: 0, high: 20))
    consumer.close(timeoutMs: 10_000)
  }

  @Test("gets nothing of a paused partition until it is resumed, and then every record once")
  func pauseAndResume() throws {
    let consumer = try Consumer.reading([zero, one], cluster.settings)
    try consumer.pause([one])
    var seen = Seen()
    try seen.poll(consumer) { $0.ends[zero] != nil }
    for _ in 0..<5 { try seen.poll(consumer) }
    #expect(seen.records.allSatisfy { $0.partition == 0 })
    // Resuming what was never paused must not read it again.
    try consumer.resume([zero, one])
    try seen.poll(consumer) { $0.ends[one] != nil }
    #expect(seen.records.filter { $0.partition == 0 }.map(\.offset) == Array(0..<20))
    #expect(seen.records.filter { $0.partition == 1 }.map(\.offset) == Array(0..<20))
    consumer.close(timeoutMs: 10_000)
  }

  @Test("reads again from the offset it seeks")
  func seek() throws {
    let consumer = try Consumer.reading([zero], cluster.settings)
    _ = try consumer.readToEnd()
    try consumer.seek(zero, to: .at(15), timeoutMs: 10_000)
    let seen = try consumer.readToEnd()
    #expect(seen.records.map(\.offset) == Array(15..<20))
    consumer.close(timeoutMs: 10_000)
  }

  @Test("starts each partition where it is told")
  func starts() throws {
    let consumer = try Consumer(cluster.settings, ConsumerOptions(group: "g"))
    try consumer.assign([(zero, .at(18)), (one, .end)])
    let seen = try consumer.readToEnd()
    #expect(seen.values == ["18", "19"])
    #expect(seen.ends == [zero: 20, one: 20])
    consumer.close(timeoutMs: 10_000)
  }

  @Test("commits for its group, and the next one starts there")
  func commit() throws {
    let first = try Consumer.reading([zero, one], cluster.settings, group: "g")
    #expect(try first.committed([zero, one], timeoutMs: 10_000) == [:])
    try first.commit([PartitionOffset(zero, 17)], timeoutMs: 10_000)
    first.close(timeoutMs: 10_000)
    let second = try Consumer(cluster.settings, ConsumerOptions(group: "g"))
    #expect(try second.committed([zero, one], timeoutMs: 10_000) == [zero: 17])
    try second.assign([(zero, .committed)])
    #expect(try second.readToEnd().values == ["17", "18", "19"])
    second.close(timeoutMs: 10_000)
  }

  @Test("waits for stable offsets until its deadline, and says so")
  func unstable() throws {
    let consumer = try Consumer.reading([zero], cluster.settings, group: "g")
    try consumer.commit([PartitionOffset(zero, 3)], timeoutMs: 10_000)
    cluster.fail(.offsetFetch, with: [.unstableOffsetCommit, .unstableOffsetCommit])
    #expect(try consumer.committed([zero], timeoutMs: 10_000) == [zero: 3])
    consumer.close(timeoutMs: 10_000)
  }

  @Test("fails rather than guess where its offset is gone, if told so")
  func outOfRange() throws {
    var options = ConsumerOptions(group: "g")
    options.withoutOffset = .fail
    let consumer = try Consumer(cluster.settings, options)
    try consumer.assign([(zero, .at(1_000))])
    let error = try kafkaError { _ = try Seen.first(consumer) }
    #expect(error.kind == .offsetOutOfRange)
    #expect(error.sentence.contains("topic 't'"))
    consumer.close(timeoutMs: 10_000)
  }
}

extension Seen {
  /// What comes first.
  static func first(_ consumer: Consumer) throws -> Seen {
    var seen = Seen()
    try seen.poll(consumer) { !$0.records.isEmpty || !$0.ends.isEmpty }
    return seen
  }
}
