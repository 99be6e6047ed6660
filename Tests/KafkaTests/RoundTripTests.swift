import Kafka
import Testing

@Suite("Records through an embedded cluster")
struct RoundTripTests {
  let cluster: EmbeddedCluster
  let partition = TopicPartition("t", 0)

  init() throws {
    cluster = try EmbeddedCluster()
    try cluster.createTopic("t", partitionCount: 1)
  }

  private func sent(_ work: (Producer, ProducerTopic) throws -> Void) throws -> [ReadRecord] {
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("t", timeoutMs: 10_000)
    try work(producer, topic)
    try producer.flush(timeoutMs: 10_000)
    #expect(producer.failedRecords == 0)
    #expect(producer.close(timeoutMs: 10_000))
    let consumer = try Consumer.reading([partition], cluster.settings)
    defer { consumer.close(timeoutMs: 10_000) }
    return try consumer.readToEnd().records
  }

  @Test("come back with key, value, offset and time")
  func whole() throws {
    let records = try sent { producer, topic in
      #expect(topic.partitionCount == 1)
      try producer.produce(topic, key: "ada", value: "one", timestampMs: 1_700_000_000_123)
      try producer.produce(topic, key: "ben", value: "two")
    }
    #expect(records.map(\.key) == ["ada", "ben"])
    #expect(records.map(\.value) == ["one", "two"])
    #expect(records.map(\.offset) == [0, 1])
    #expect(records.map(\.topic) == ["t", "t"])
    #expect(records[0].timestampMs == 1_700_000_000_123)
  }

  @Test("may be tombstones, and a tombstone is not an empty value")
  func tombstones() throws {
    let records = try sent { producer, topic in
      try producer.produce(topic, key: "gone", value: nil)
      try producer.produce(topic, key: "empty", value: "")
      try producer.produce(topic, key: nil, value: "no key")
      try producer.produce(topic, key: "gone later", value: nil, timestampMs: 1)
    }
    #expect(records.map(\.value) == [nil, "", "no key", nil])
    #expect(records.map(\.key) == ["gone", "empty", nil, "gone later"])
  }

  @Test("carry headers in order, with empty and null values")
  func headers() throws {
    let headers = [
      RecordHeader("reason", text: "not JSON"), RecordHeader("empty", []), RecordHeader("null", nil),
      RecordHeader("reason", text: "again"),
    ]
    let records = try sent { producer, topic in
      try producer.produce(topic, key: "k", value: "v", headers: headers)
      try producer.produce(topic, key: "k", value: "v")
    }
    #expect(records[0].headers == headers)
    #expect(records[1].headers.isEmpty)
  }

  @Test("of one topic have one topic index")
  func topicIndex() throws {
    try cluster.createTopic("u", partitionCount: 1)
    let producer = try Producer(cluster.settings)
    for name in ["t", "u"] {
      let topic = try producer.topic(name, timeoutMs: 10_000)
      for _ in 0..<3 { try producer.produce(topic, key: nil, value: name) }
    }
    try producer.flush(timeoutMs: 10_000)
    let consumer = try Consumer.reading([partition, TopicPartition("u", 0)], cluster.settings)
    var (left, topics) = (6, [String]())
    while left > 0 {
      if case .message(let message) = try consumer.poll(timeoutMs: 10_000) {
        #expect(consumer.topics[message.topicIndex] == message.value.map { String(decoding: $0, as: UTF8.self) })
        topics.append(message.topic)
        left -= 1
      }
    }
    #expect(consumer.topics.sorted() == ["t", "u"])
    #expect(topics.count == 6)
    consumer.close(timeoutMs: 10_000)
  }

  @Test("go to the partition that Java's murmur2 gives their key")
  func partitioning() throws {
    // Values of the hash as Kafka's own tests know them.
    let hashes: [(key: String, murmur2: Int32)] = [
      ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
      ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
      ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
    ]
    let partitionCount: Int32 = 61
    try cluster.createTopic("keyed", partitionCount: partitionCount)
    let producer = try Producer(cluster.settings)
    let topic = try producer.topic("keyed", timeoutMs: 10_000)
    for (key, _) in hashes { try producer.produce(topic, key: key, value: "v") }
    try producer.flush(timeoutMs: 10_000)
    let consumer = try Consumer.reading((0..<partitionCount).map { TopicPartition("keyed", $0) }, cluster.settings)
    var seen = Seen()
    try seen.poll(consumer) { $0.records.count == hashes.count }
    let expected = Dictionary(
      uniqueKeysWithValues: hashes.map { ($0.key, ($0.murmur2 & 0x7fff_ffff) % partitionCount) })
    #expect(Dictionary(uniqueKeysWithValues: seen.records.map { ($0.key ?? "", $0.partition) }) == expected)
    consumer.close(timeoutMs: 10_000)
  }
}
