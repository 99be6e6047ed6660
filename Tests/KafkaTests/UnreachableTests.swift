import Kafka
import Testing

@Suite("Without a broker")
struct UnreachableTests {
  /// Port 1 of loopback: nobody listens there.
  let settings = KafkaSettings(bootstrapServers: "127.0.0.1:1")

  private func expectUnreachable(_ error: KafkaError) {
    #expect(error.kind == .unreachable)
    #expect(error.fate == .retry)
    #expect(error.sentence.contains("no Kafka broker can be reached at 127.0.0.1:1"))
    #expect(!error.sentence.contains("\n"))
  }

  @Test("the admin client names the bootstrap servers, within its deadline")
  func admin() throws {
    let start = ContinuousClock.now
    let admin = try Admin(settings)
    expectUnreachable(try kafkaError { _ = try admin.cluster(timeoutMs: 700) })
    expectUnreachable(try kafkaError { _ = try admin.describe("t", timeoutMs: 700) })
    expectUnreachable(try kafkaError { try admin.create(NewTopic("t", partitionCount: 1), timeoutMs: 700) })
    admin.close(timeoutMs: 5_000)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("the producers name the bootstrap servers")
  func producers() throws {
    let producer = try Producer(settings)
    expectUnreachable(try kafkaError { _ = try producer.topic("t", timeoutMs: 700) })
    producer.close(timeoutMs: 5_000)
    let transactional = try TransactionalProducer(settings, transactionalId: "x")
    expectUnreachable(try kafkaError { try transactional.initialize(timeoutMs: 1_000) })
    transactional.close(timeoutMs: 5_000)
  }

  @Test("the consumer names the bootstrap servers, and can be closed")
  func consumer() throws {
    let consumer = try Consumer.reading([TopicPartition("t", 0)], settings)
    expectUnreachable(try kafkaError { _ = try consumer.committed([TopicPartition("t", 0)], timeoutMs: 700) })
    expectUnreachable(try kafkaError { _ = try consumer.watermarks(TopicPartition("t", 0), timeoutMs: 700) })
    expectUnreachable(try #require(consumer.connectionTrouble))
    #expect(consumer.close(timeoutMs: 10_000))
  }

  @Test("a topic's metadata comes once the broker is back")
  func comesBack() throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("t", partitionCount: 3)
    try cluster.stopBroker(1)
    let producer = try Producer(cluster.settings)
    let error = try kafkaError { _ = try producer.topic("t", timeoutMs: 500) }
    #expect(error.kind == .unreachable)
    try cluster.startBroker(1)
    #expect(try producer.topic("t", timeoutMs: 20_000).partitionCount == 3)
    producer.close(timeoutMs: 5_000)
  }
}
