import Kafka
import KafkaTestSupport
import Testing

// These need a real broker: the embedded cluster has no admin requests for topics, no rights and no limits on size.
@Suite("Topics and rights on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealClusterTests {
  let kafka: RealKafka
  let admin: Admin
  let name = RealKafka.name("t")

  init() throws {
    kafka = try RealKafka.shared.get()
    admin = try Admin(kafka.settings)
  }

  /// Describes the topic until it `isAsWanted`: brokers learn of a change a moment after it was made.
  private func described(
    _ location: SourceLocation = #_sourceLocation, _ isAsWanted: (TopicDescription) -> Bool
  ) throws -> TopicDescription {
    let start = ContinuousClock.now
    while true {
      let topic = try admin.describe(name, timeoutMs: 20_000)
      if isAsWanted(topic) { return topic }
      if ContinuousClock.now - start > .seconds(10) {
        Issue.record("the change did not come: \(topic)", sourceLocation: location)
        return topic
      }
    }
  }

  @Test("a topic is created, described, changed, grown and deleted")
  func life() throws {
    try admin.create(
      NewTopic(
        name, partitionCount: 3, replicationFactor: 1,
        configuration: ["cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1"]), timeoutMs: 20_000)
    var topic = try described { $0.partitionCount == 3 }
    #expect(topic.replicationFactor == 1)
    #expect(topic.configuration["cleanup.policy"]?.value == "compact")
    #expect(topic.configuration["cleanup.policy"]?.isSetOnTopic == true)
    #expect(topic.configuration["max.message.bytes"]?.isSetOnTopic == false)

    try admin.setConfiguration(
      of: name, ["retention.ms": "60000", "min.cleanable.dirty.ratio": nil], timeoutMs: 20_000)
    topic = try described { $0.configuration["retention.ms"]?.isSetOnTopic == true }
    #expect(topic.configuration["retention.ms"]?.value == "60000")
    #expect(topic.configuration["cleanup.policy"]?.value == "compact", "what the topic set itself is kept")
    #expect(topic.configuration["min.cleanable.dirty.ratio"]?.isSetOnTopic == false, "back to the default")

    try admin.addPartitions(to: name, total: 5, timeoutMs: 20_000)
    _ = try described { $0.partitionCount == 5 }
    #expect(try admin.cluster(timeoutMs: 20_000).topic(name)?.partitionsWithoutLeader == 0)
    #expect(try admin.cluster(timeoutMs: 20_000).brokers.count == 1)

    try admin.deleteTopic(name, timeoutMs: 20_000)
    let error = try kafkaError { _ = try described { _ in false } }
    #expect(error.kind == .topicMissing)
    admin.close(timeoutMs: 10_000)
  }

  @Test("what cannot be done is told with the broker's reason")
  func refusals() throws {
    let topic = NewTopic(name, partitionCount: 2)
    try admin.create(topic, timeoutMs: 20_000)
    let twice = try kafkaError { try admin.create(topic, timeoutMs: 20_000) }
    #expect(twice.kind == .topicExists)
    #expect(twice.sentence.contains("topic '\(name)'"))
    let wide = NewTopic(RealKafka.name("wide"), partitionCount: 1, replicationFactor: 3)
    let tooFew = try kafkaError { try admin.create(wide, timeoutMs: 20_000) }
    #expect(tooFew.kind == .brokersTooFew && tooFew.code == "INVALID_REPLICATION_FACTOR")
    #expect(tooFew.sentence.contains("--replication of 1"))
    let fewer = try kafkaError { try admin.addPartitions(to: name, total: 1, timeoutMs: 20_000) }
    #expect(fewer.code == "INVALID_PARTITIONS")
    let bad = try kafkaError { try admin.setConfiguration(of: name, ["retention.ms": "soon"], timeoutMs: 20_000) }
    #expect(bad.sentence.contains("retention.ms"))
    #expect(try admin.describe(name, timeoutMs: 20_000).configuration["retention.ms"]?.isSetOnTopic == false)
    // The first question about any group has the broker make its topic of offsets, and may come too early for it.
    let deadline = ContinuousClock.now + .seconds(20)
    var missing: KafkaError
    repeat {
      missing = try kafkaError { try admin.deleteGroup(RealKafka.name("g"), timeoutMs: 20_000) }
    } while missing.fate == .retry && ContinuousClock.now < deadline
    #expect(missing.code == "GROUP_ID_NOT_FOUND" && missing.fate == .fatal, "\(missing)")
    admin.close(timeoutMs: 10_000)
  }

  @Test("a group can be deleted with its offsets")
  func group() throws {
    let (group, partition) = (RealKafka.name("g"), TopicPartition(name, 0))
    try admin.create(NewTopic(name, partitionCount: 1), timeoutMs: 20_000)
    let consumer = try Consumer(kafka.settings, ConsumerOptions(group: group))
    try consumer.assign([(partition, .beginning)])
    try consumer.commit([PartitionOffset(partition, 4)], timeoutMs: 10_000)
    #expect(try consumer.committed([partition], timeoutMs: 10_000) == [partition: 4])
    try admin.deleteGroup(group, timeoutMs: 20_000)
    #expect(try consumer.committed([partition], timeoutMs: 10_000) == [:])
    consumer.close(timeoutMs: 10_000)
    admin.close(timeoutMs: 10_000)
  }

  @Test("a topic that is not there is named, with the way to make it")
  func topicMissing() throws {
    let producer = try Producer(kafka.settings)
    let write = try kafkaError { _ = try producer.topic(name, timeoutMs: 20_000) }
    let describe = try kafkaError { _ = try admin.describe(name, timeoutMs: 20_000) }
    let consumer = try Consumer(kafka.settings, ConsumerOptions(group: RealKafka.name("g")))
    try consumer.subscribe([name])
    var seen = Seen()
    let read = try kafkaError { try seen.poll(consumer) { _ in false } }
    for error in [write, describe, read] {
      #expect(error.kind == .topicMissing)
      #expect(error.sentence.contains("topic '\(name)' does not exist"))
      #expect(error.sentence.contains("usher topics apply"))
    }
    consumer.close(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
    admin.close(timeoutMs: 10_000)
  }

  @Test("a user without rights is told what it lacks")
  func noRights() throws {
    try admin.create(NewTopic(name, partitionCount: 1), timeoutMs: 20_000)
    let settings = kafka.secureSettings(user: "usher", password: "usher-secret")
    let (group, id) = (RealKafka.name("g"), RealKafka.name("x"))
    let producer = try Producer(settings)
    let write = try kafkaError { _ = try producer.topic(name, timeoutMs: 20_000) }
    #expect(write.kind == .notAuthorized && write.sentence.contains("topic '\(name)'"))

    let transactional = try TransactionalProducer(settings, transactionalId: id)
    let begin = try kafkaError { try transactional.initialize(timeoutMs: 20_000) }
    #expect(begin.kind == .notAuthorized && begin.sentence.contains("transactional id '\(id)'"))

    let consumer = try Consumer(settings, ConsumerOptions(group: group))
    let committed = try kafkaError { _ = try consumer.committed([TopicPartition(name, 0)], timeoutMs: 20_000) }
    #expect(committed.kind == .notAuthorized && committed.sentence.contains("consumer group '\(group)'"))
    // librdkafka says it once to each consumer.
    let reader = try Consumer(settings, ConsumerOptions(group: group))
    try reader.subscribe([name])
    var seen = Seen()
    let read = try kafkaError { try seen.poll(reader) { _ in false } }
    #expect(read.kind == .notAuthorized)
    reader.close(timeoutMs: 10_000)

    let secureAdmin = try Admin(settings)
    let create = try kafkaError {
      try secureAdmin.create(NewTopic(RealKafka.name("u"), partitionCount: 1), timeoutMs: 20_000)
    }
    #expect(create.kind == .notAuthorized)
    for error in [write, begin, committed, read, create] {
      #expect(error.fate == .fatal)
      #expect(!"\(error)".contains("usher-secret"))
    }
    secureAdmin.close(timeoutMs: 10_000)
    consumer.close(timeoutMs: 10_000)
    transactional.close(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
    admin.close(timeoutMs: 10_000)
  }

  @Test("a wrong password is told as such, and is not shown")
  func wrongPassword() throws {
    let stranger = try Admin(kafka.secureSettings(user: "usher", password: "wrong-hunter2"))
    let error = try kafkaError { _ = try stranger.cluster(timeoutMs: 3_000) }
    #expect(error.kind == .authentication)
    #expect(error.sentence.contains("refused the log-in"))
    #expect(!"\(error)".contains("hunter2"))
    stranger.close(timeoutMs: 10_000)
    admin.close(timeoutMs: 10_000)
  }

  @Test("a record of 2 MB passes through a topic that allows it, and is refused by one that does not")
  func largeRecord() throws {
    let small = RealKafka.name("small")
    try admin.create(
      NewTopic(name, partitionCount: 1, configuration: ["max.message.bytes": "4194304"]), timeoutMs: 20_000)
    try admin.create(NewTopic(small, partitionCount: 1), timeoutMs: 20_000)
    // Bytes that do not compress: what counts is the size on the wire.
    var random = SystemRandomNumberGenerator()
    let large = (0..<(2 << 20)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let producer = try Producer(kafka.settings)
    try producer.produce(producer.topic(name, timeoutMs: 10_000), key: nil, value: large.span.bytes)
    try producer.flush(timeoutMs: 20_000)
    let consumer = try Consumer.reading([TopicPartition(name, 0)], kafka.settings)
    var matches = false
    var ended = false
    while !ended {
      switch try consumer.poll(timeoutMs: 20_000) {
      case .message(let message): matches = message.value.map { $0.elementsEqual(large) } ?? false
      default: ended = true
      }
    }
    #expect(matches)
    try producer.produce(producer.topic(small, timeoutMs: 10_000), key: nil, value: large.span.bytes)
    let error = try kafkaError { try producer.flush(timeoutMs: 20_000) }
    #expect(error.kind == .messageTooLarge)
    #expect(error.sentence.contains("topic '\(small)'"))
    consumer.close(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
    admin.close(timeoutMs: 10_000)
  }
}
