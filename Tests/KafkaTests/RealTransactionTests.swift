import Kafka
import KafkaTestSupport
import Testing

// These need a real broker: the embedded cluster ignores isolation and drops the offsets of transactions.
@Suite("Transactions on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealTransactionTests {
  let kafka: RealKafka
  let topicName = RealKafka.name("t")
  let group = RealKafka.name("g")
  let partition: TopicPartition
  let input: TopicPartition

  init() throws {
    kafka = try RealKafka.shared.get()
    partition = TopicPartition(topicName, 0)
    input = TopicPartition(topicName, 1)
    let admin = try Admin(kafka.settings)
    try admin.create(NewTopic(topicName, partitionCount: 2), timeoutMs: 20_000)
    admin.close(timeoutMs: 10_000)
  }

  private func producer(_ id: String) throws -> (TransactionalProducer, ProducerTopic) {
    let producer = try TransactionalProducer(kafka.settings, transactionalId: id)
    try producer.initialize(timeoutMs: 30_000)
    return (producer, try producer.topic(topicName, timeoutMs: 10_000))
  }

  private func read(uncommitted: Bool = false) throws -> Seen {
    let consumer = try Consumer.reading([partition], kafka.settings, readsUncommitted: uncommitted)
    defer { consumer.close(timeoutMs: 10_000) }
    return try consumer.readToEnd()
  }

  @Test("records are seen by readers of committed records only after the commit")
  func commit() throws {
    let (producer, topic) = try producer(RealKafka.name("x"))
    try producer.begin()
    try producer.produce(topic, key: "k", value: "first")
    try producer.produce(topic, key: "k", value: "second")
    try waitUntilWritten(2)
    let consumer = try Consumer.reading([partition], kafka.settings)
    #expect(try consumer.readToEnd().records.isEmpty)
    // The end that is told, and the watermark, are the last stable offset.
    #expect(try consumer.watermarks(partition, timeoutMs: 10_000) == Watermarks(low: 0, high: 0))
    try producer.commit()
    #expect(!producer.needsReplacement)
    var seen = Seen()
    try seen.poll(consumer) { ($0.ends[partition] ?? 0) > 0 }
    #expect(seen.values == ["first", "second"])
    #expect(seen.ends[partition] == 3, "the end lies behind the record of the commit itself")
    #expect(try consumer.watermarks(partition, timeoutMs: 10_000) == Watermarks(low: 0, high: 3))
    consumer.close(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
  }

  @Test("an abort leaves nothing to readers of committed records")
  func abort() throws {
    let (producer, topic) = try producer(RealKafka.name("x"))
    try producer.begin()
    try producer.produce(topic, key: "k", value: "never")
    try waitUntilWritten(1)
    try producer.abort()
    #expect(producer.needsReplacement)
    let seen = try read()
    #expect(seen.records.isEmpty)
    #expect(seen.ends[partition] == 2)
    producer.close(timeoutMs: 10_000)
  }

  @Test("offsets come with the commit, and not with an abort")
  func offsets() throws {
    let id = RealKafka.name("x")
    let consumer = try Consumer(kafka.settings, ConsumerOptions(group: group))
    for (offset, commits) in [(Int64(5), true), (9, false)] {
      let (producer, topic) = try producer(id)
      try producer.begin()
      try producer.produce(topic, key: "k", value: "v")
      try producer.sendOffsets([PartitionOffset(input, offset)], group: consumer.groupMetadata(), timeoutMs: 10_000)
      if commits { try producer.commit() } else { try producer.abort() }
      producer.close(timeoutMs: 10_000)
      #expect(try consumer.committed([input], timeoutMs: 10_000) == [input: 5])
    }
    consumer.close(timeoutMs: 10_000)
  }

  @Test("committed offsets are not told while a transaction holds newer ones")
  func stableOffsets() throws {
    let (producer, topic) = try producer(RealKafka.name("x"))
    let consumer = try Consumer(kafka.settings, ConsumerOptions(group: group))
    try producer.begin()
    try producer.produce(topic, key: "k", value: "v")
    try producer.sendOffsets([PartitionOffset(input, 5)], group: consumer.groupMetadata(), timeoutMs: 10_000)
    let error = try kafkaError { _ = try consumer.committed([input], timeoutMs: 500) }
    #expect(error.fate == .retry)
    try producer.commit()
    #expect(try consumer.committed([input], timeoutMs: 10_000) == [input: 5])
    consumer.close(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
  }

  @Test("a newer producer of the same id shuts the older one out, and ends its transaction")
  func fencing() throws {
    let id = RealKafka.name("x")
    let (zombie, zombieTopic) = try producer(id)
    try zombie.begin()
    try zombie.produce(zombieTopic, key: "k", value: "from the zombie")
    try waitUntilWritten(1)
    let (successor, topic) = try producer(id)
    let error = try kafkaError { try zombie.commit() }
    #expect(error.kind == .fenced)
    #expect(error.fate == .fatal)
    #expect(error.sentence.contains("transactional id '\(id)'"))
    #expect(zombie.needsReplacement)
    try successor.begin()
    try successor.produce(topic, key: "k", value: "from the successor")
    try successor.commit()
    #expect(try read().values == ["from the successor"])
    zombie.close(timeoutMs: 10_000)
    successor.close(timeoutMs: 10_000)
  }

  @Test("a member that its group has forgotten cannot commit offsets")
  func memberLost() throws {
    var options = ConsumerOptions(group: group)
    options.sessionTimeoutMs = 6_000
    let first = try Consumer(kafka.settings, options)
    try first.subscribe([topicName])
    var seen = Seen()
    try seen.poll(first) { !$0.assigned.isEmpty }
    try first.acceptAssignment()
    let (producer, topic) = try producer(RealKafka.name("x"))
    try producer.begin()
    try producer.produce(topic, key: "k", value: "v")
    let before = first.groupMetadata()
    // A second member makes a new generation; the first one answers, and its old generation is worth nothing.
    let second = try Consumer(kafka.settings, options)
    try second.subscribe([topicName])
    var secondSeen = Seen()
    try seen.poll(first) { _ in
      _ = try? secondSeen.poll(second, timeoutMs: 10)
      return second.assignment.count == 1 && first.assignment.count == 1
    }
    let error = try kafkaError {
      try producer.sendOffsets([PartitionOffset(partition, 1)], group: before, timeoutMs: 10_000)
    }
    #expect(error.fate == .abort)
    #expect(error.kind == .memberLost)
    #expect(error.sentence.contains("consumer group '\(group)'"))
    try producer.abort()
    producer.close(timeoutMs: 10_000)
    second.close(timeoutMs: 20_000)
    first.close(timeoutMs: 20_000)
  }

  @Test("a static member that comes back in time finds its partitions where they were")
  func staticMember() throws {
    func member(_ name: String) throws -> Consumer {
      let consumer = try Consumer(kafka.settings, ConsumerOptions(group: group, groupInstanceId: name))
      try consumer.subscribe([topicName])
      return consumer
    }
    let (first, second) = (try member("lane-0"), try member("lane-1"))
    var (seen, secondSeen) = (Seen(), Seen())
    try seen.poll(first) { _ in
      _ = try? secondSeen.poll(second, timeoutMs: 10)
      return first.assignment.count == 1 && second.assignment.count == 1
    }
    let owned = first.assignment
    first.close(timeoutMs: 20_000)
    let again = try member("lane-0")
    let revocations = secondSeen.revoked.count
    try seen.poll(again) { _ in
      _ = try? secondSeen.poll(second, timeoutMs: 10)
      return again.assignment == owned
    }
    #expect(secondSeen.revoked.count == revocations, "the other member was not disturbed")
    again.close(timeoutMs: 20_000)
    second.close(timeoutMs: 20_000)
  }

  @Test("the first transaction of a warmed producer does not wait for metadata")
  func warmed() throws {
    let (producer, topic) = try producer(RealKafka.name("x"))
    let start = ContinuousClock.now
    try producer.begin()
    try producer.produce(topic, key: "k", value: "v")
    try producer.commit()
    #expect(ContinuousClock.now - start < .milliseconds(900), "without warming it takes more than a second")
    producer.close(timeoutMs: 10_000)
  }

  /// Waits until the open transaction's records are in the log.
  private func waitUntilWritten(_ count: Int) throws {
    let consumer = try Consumer.reading([partition], kafka.settings, readsUncommitted: true)
    defer { consumer.close(timeoutMs: 10_000) }
    var seen = Seen()
    try seen.poll(consumer) { $0.records.count == count }
  }
}
