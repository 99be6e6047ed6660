import Kafka
import KafkaTestSupport
import Testing

// These need a real broker: the embedded cluster of librdkafka 2.0.2 counts a group's leader twice among those who have
// synchronised, and so turns away every other member that comes after it.
@Suite("Groups on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealGroupTests {
  let kafka: RealKafka
  let topic = RealKafka.name("t")
  let group = RealKafka.name("g")
  let all: [TopicPartition]

  init() throws {
    kafka = try RealKafka.shared.get()
    all = [TopicPartition(topic, 0), TopicPartition(topic, 1), TopicPartition(topic, 2), TopicPartition(topic, 3)]
    let admin = try Admin(kafka.settings)
    try admin.create(NewTopic(topic, partitionCount: 4), timeoutMs: 20_000)
    admin.close(timeoutMs: 10_000)
  }

  private func member(_ name: String) throws -> Consumer {
    try .member(name, of: group, reading: topic, kafka.settings)
  }

  @Test("move partitions to a second member, after the first was asked to give them up")
  func rebalance() throws {
    let first = try member("a")
    var firstSeen = Seen()
    try firstSeen.poll(first) { $0.ends.count == 4 }
    let second = try member("b")
    var secondSeen = Seen()
    try firstSeen.poll(first) { seen in
      _ = try? secondSeen.poll(second, timeoutMs: 10)
      return first.assignment.count == 2 && second.assignment.count == 2 && !seen.revoked.isEmpty
    }
    #expect(Set(firstSeen.revoked[0]) == Set(all), "an eager group gives everything back first")
    #expect(!firstSeen.lost)
    #expect(Set(first.assignment).union(second.assignment) == Set(all))
    #expect(second.close(timeoutMs: 20_000))
    #expect(first.close(timeoutMs: 20_000))
    #expect(first.assignment.isEmpty)
  }
}
