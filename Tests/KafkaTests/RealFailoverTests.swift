import Kafka
import KafkaTestSupport
import Testing

@Suite("When a leader dies, on real brokers (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealFailoverTests {
  @Test("the end of a partition is told by its new leader, also to who does not read from it")
  func end() throws {
    let kafka = try RealKafka(brokers: 3, secure: false)
    let name = RealKafka.name("t")
    let admin = try Admin(kafka.settings)
    // As many partitions as brokers: one of them leads each.
    try admin.create(NewTopic(name, partitionCount: 3), timeoutMs: 30_000)
    admin.close(timeoutMs: 10_000)
    let consumer = try Consumer(kafka.settings, ConsumerOptions(group: RealKafka.name("g")))
    defer { consumer.close(timeoutMs: 10_000) }
    let partitions = (0..<3).map { TopicPartition(name, Int32($0)) }
    for partition in partitions {
      #expect(try consumer.watermarks(partition, timeoutMs: 30_000) == Watermarks(low: 0, high: 0))
    }
    try kafka.kill(broker: 1)
    for partition in partitions {
      #expect(try consumer.watermarks(partition, timeoutMs: 30_000) == Watermarks(low: 0, high: 0))
    }
  }
}
