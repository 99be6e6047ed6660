import Kafka
import KafkaTestSupport
import Testing

// What a client does when its requests to the transaction coordinator are late, lost or come twice.
@Suite(
  "Requests that are late, lost or come twice, on a real broker (USHER_TEST_KAFKA)", .serialized,
  .enabled(if: RealKafka.isAvailable))
struct RealProxyTests {
  let kafka: RealKafka
  let proxy: KafkaProxy
  let topicName = RealKafka.name("t")
  let id = RealKafka.name("x")
  let partition: TopicPartition

  init() throws {
    kafka = try RealKafka.shared.get()
    proxy = try KafkaProxy(before: kafka)
    partition = TopicPartition(topicName, 0)
    let admin = try Admin(kafka.settings)
    try admin.create(NewTopic(topicName, partitionCount: 1), timeoutMs: 20_000)
    admin.close(timeoutMs: 10_000)
  }

  /// A producer behind the proxy, which gives a request up after a second.
  private func producer() throws -> (TransactionalProducer, ProducerTopic) {
    var settings = proxy.settings
    settings.properties["socket.timeout.ms"] = "1000"
    let producer = try TransactionalProducer(settings, transactionalId: id)
    try producer.initialize(timeoutMs: 30_000)
    return (producer, try producer.topic(topicName, timeoutMs: 10_000))
  }

  /// What readers of committed records see, asked without the proxy.
  private func read() throws -> [String?] {
    let consumer = try Consumer.reading([partition], kafka.settings)
    defer { consumer.close(timeoutMs: 10_000) }
    return try consumer.readToEnd().values
  }

  /// Waits until the open transaction's records are in the log.
  private func waitUntilWritten(_ count: Int) throws {
    let consumer = try Consumer.reading([partition], kafka.settings, readsUncommitted: true)
    defer { consumer.close(timeoutMs: 10_000) }
    var seen = Seen()
    try seen.poll(consumer) { $0.records.count == count }
  }

  private func commit(_ value: String, _ producer: TransactionalProducer, _ topic: ProducerTopic) throws {
    try producer.begin()
    try producer.produce(topic, key: "k", value: value)
    try producer.commit()
  }

  @Test("a client stays on the proxy, and its transaction commits")
  func passes() throws {
    let (producer, topic) = try producer()
    try commit("first", producer, topic)
    #expect(!producer.needsReplacement)
    #expect(proxy.requests(of: .produce) == 1 && proxy.requests(of: .endTransaction) == 1)
    #expect(proxy.broker(ofLast: .endTransaction) == 0)
    #expect(try read() == ["first"])
    producer.close(timeoutMs: 10_000)
  }

  @Test(
    "where the end of a transaction has to be asked for twice, it commits, and the producer is to be replaced",
    arguments: [RequestFault.Action.delay(ms: 2500), .dropAnswer])
  func twice(action: RequestFault.Action) throws {
    let (producer, topic) = try producer()
    proxy.add(RequestFault(.endTransaction, action))
    try commit("first", producer, topic)
    #expect(proxy.requests(of: .endTransaction) == 2)
    #expect(producer.needsReplacement)
    producer.close(timeoutMs: 10_000)
    #expect(try read() == ["first"])
  }

  @Test("an end of a transaction that comes when its producer was replaced changes nothing")
  func late() throws {
    let (first, firstTopic) = try producer()
    proxy.add(RequestFault(.endTransaction, .hold))
    try commit("first", first, firstTopic)
    #expect(first.needsReplacement && proxy.heldCount == 1)
    first.close(timeoutMs: 10_000)
    let (second, topic) = try producer()
    try second.begin()
    try second.produce(topic, key: "k", value: "open")
    try waitUntilWritten(2)
    let answers = proxy.deliverHeld()
    #expect(answers == [47] || answers == [90], "refused: its epoch is an older one")
    #expect(try read() == ["first"], "the open transaction is still open")
    try second.abort()
    second.close(timeoutMs: 10_000)
    #expect(try read() == ["first"])
  }

  @Test("while the producer is the same, it ends the next transaction too early: that is what replacing is for")
  func early() throws {
    let (producer, topic) = try producer()
    proxy.add(RequestFault(.endTransaction, .repeat))
    try commit("first", producer, topic)
    #expect(!producer.needsReplacement, "nobody tells it that the network brings its request twice")
    try producer.begin()
    try producer.produce(topic, key: "k", value: "open")
    try waitUntilWritten(2)
    #expect(proxy.deliverHeld() == [0])
    var seen: [String?] = []
    for _ in 0..<50 where seen.count < 2 { seen = try read() }
    #expect(seen == ["first", "open"], "committed by nobody")
    producer.close(timeoutMs: 10_000)
  }
}
