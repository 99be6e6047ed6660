import Kafka
import Testing

@Suite("Producers of an embedded cluster")
struct ProducerTests {
  let cluster: EmbeddedCluster

  init() throws {
    cluster = try EmbeddedCluster()
    try cluster.createTopic("t", partitionCount: 1)
    try cluster.createTopic("offsets", partitionCount: 1)
  }

  private func transactional() throws -> (TransactionalProducer, ProducerTopic) {
    let producer = try TransactionalProducer(cluster.settings, transactionalId: "app-0")
    try producer.initialize(timeoutMs: 20_000)
    return (producer, try producer.topic("t", timeoutMs: 10_000))
  }

  @Test("say what became of a record that was not delivered")
  func deliveryError() throws {
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    cluster.fail(.produce, with: [.topicAuthorizationFailed])
    try producer.produce(topic, key: "k", value: "v")
    let error = try kafkaError { try producer.flush(timeoutMs: 10_000) }
    #expect(error.kind == .notAuthorized)
    #expect(error.sentence.contains("topic 't'"))
    #expect(producer.failedRecords == 1)
    producer.close(timeoutMs: 10_000)
  }

  @Test("refuse a partition that is not there, with and without headers")
  func noSuchPartition() throws {
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    for headers in [[], [RecordHeader("a", text: "b")]] {
      let error = try kafkaError { try producer.produce(topic, partition: 1, key: nil, value: "v", headers: headers) }
      #expect(error.kind == .partitionMissing)
    }
    producer.close(timeoutMs: 10_000)
  }

  @Test("refuse a record above the limit, and name the topic")
  func tooLarge() throws {
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    let large = [UInt8](repeating: 7, count: 17 << 20)
    let error = try kafkaError { try producer.produce(topic, key: nil, value: large.span.bytes) }
    #expect(error.kind == .messageTooLarge)
    #expect(error.sentence.contains("topic 't'") && error.sentence.contains("max.message.bytes"))
    producer.close(timeoutMs: 10_000)
  }

  @Test("say that their queue is full, and go on when there is room")
  func queueFull() throws {
    var settings = cluster.settings
    settings.properties["queue.buffering.max.messages"] = "2"
    settings.properties["linger.ms"] = "500"
    let producer = try Producer(settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    try producer.produce(topic, key: nil, value: "1")
    try producer.produce(topic, key: nil, value: "2")
    let error = try kafkaError { try producer.produce(topic, key: nil, value: "3") }
    #expect(error.kind == .queueFull)
    #expect(error.fate == .retry)
    try producer.flush(timeoutMs: 10_000)
    try producer.produce(topic, key: nil, value: "3")
    try producer.flush(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
  }

  @Test("commit transaction after transaction without need of a replacement")
  func transactions() throws {
    let (producer, topic) = try transactional()
    let consumer = try Consumer.reading([TopicPartition("t", 0)], cluster.settings, group: "g")
    for number in 0..<3 {
      try producer.begin()
      try producer.produce(topic, key: "k", value: "\(number)")
      try producer.sendOffsets(
        [PartitionOffset(TopicPartition("offsets", 0), Int64(number))], group: consumer.groupMetadata(),
        timeoutMs: 10_000)
      try producer.commit()
      #expect(!producer.needsReplacement)
    }
    #expect(try consumer.readToEnd().values == ["0", "1", "2"])
    consumer.close(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
  }

  @Test("want a replacement after the end of a transaction had to be sent twice")
  func tainted() throws {
    let (producer, topic) = try transactional()
    try producer.begin()
    try producer.produce(topic, key: "k", value: "v")
    cluster.fail(.endTransaction, with: [.coordinatorLoading])
    try producer.commit()
    #expect(producer.needsReplacement)
    producer.close(timeoutMs: 10_000)
  }

  @Test("want a replacement after a transactional request got no answer")
  func unanswered() throws {
    let (producer, topic) = try transactional()
    try producer.begin()
    try producer.produce(topic, key: "k", value: "v")
    cluster.fail(.endTransaction, with: [.disconnect])
    try producer.commit()
    #expect(producer.needsReplacement)
    producer.close(timeoutMs: 10_000)
  }

  @Test("want a replacement after an abort")
  func aborted() throws {
    let (producer, topic) = try transactional()
    try producer.begin()
    try producer.produce(topic, key: "k", value: "v")
    try producer.abort()
    #expect(producer.needsReplacement)
    #expect(!producer.isInTransaction)
    producer.close(timeoutMs: 10_000)
  }

  @Test("tell at the commit why a record was not delivered, and that the transaction must be aborted")
  func failedTransaction() throws {
    let (producer, topic) = try transactional()
    try producer.begin()
    cluster.fail(.produce, with: [.messageTooLarge])
    try producer.produce(topic, key: "k", value: "v")
    let error = try kafkaError { try producer.commit() }
    #expect(error.fate == .abort)
    #expect(error.kind == .messageTooLarge)
    #expect(error.sentence.contains("1 record was not delivered") && error.sentence.contains("topic 't'"))
    try producer.abort()
    producer.close(timeoutMs: 10_000)
  }
}
