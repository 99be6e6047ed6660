import Kafka
import Testing

@Suite("A group on an embedded cluster")
struct GroupTests {
  let cluster: EmbeddedCluster
  let all = (0..<4).map { TopicPartition("t", $0) }

  init() throws {
    cluster = try EmbeddedCluster()
    try cluster.createTopic("t", partitionCount: 4)
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    for partition: Int32 in 0..<4 {
      for number in 0..<10 { try producer.produce(topic, partition: partition, key: nil, value: "\(number)") }
    }
    try producer.flush(timeoutMs: 10_000)
    producer.close(timeoutMs: 10_000)
  }

  private func member(_ name: String) throws -> Consumer {
    try .member(name, of: "g", reading: "t", cluster.settings)
  }

  @Test("asks before partitions are taken up, and they start where the owner says")
  func startOffsets() throws {
    let consumer = try member("a")
    var seen = Seen()
    try seen.poll(consumer) { !$0.assigned.isEmpty }
    #expect(Set(seen.assigned[0]) == Set(all))
    #expect(consumer.assignment.isEmpty, "nothing is taken up before the owner agrees")
    try consumer.acceptAssignment(startingAt: [all[0]: .at(7), all[1]: .end, all[2]: .at(9)])
    #expect(Set(consumer.assignment) == Set(all))
    try seen.poll(consumer) { $0.ends.count == 4 }
    let counts = all.map { one in seen.records.count { $0.partition == one.partition } }
    #expect(counts == [3, 0, 1, 10], "without an offset of its own or a commit, a partition begins at its beginning")
    #expect(consumer.close(timeoutMs: 20_000))
  }

  @Test("tells a member that the group forgot that its partitions are lost")
  func lost() throws {
    let consumer = try member("a")
    var seen = Seen()
    try seen.poll(consumer) { $0.ends.count == 4 }
    cluster.fail(.heartbeat, with: [.unknownMember])
    try seen.poll(consumer) { !$0.revoked.isEmpty }
    #expect(seen.lost)
    #expect(Set(consumer.assignment) == Set(all), "the owner still has its state when it is told")
    try consumer.acceptRevocation()
    #expect(consumer.assignment.isEmpty)
    try seen.poll(consumer) { $0.assigned.count == 2 }
    #expect(consumer.close(timeoutMs: 20_000))
  }
}
