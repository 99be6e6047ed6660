import Kafka

/// What stands in a topic, read from its beginning to its end.
struct TopicFacts {
  /// When the broker or the producer stamped each record, in milliseconds since 1970, by partition and offset. Offsets
  /// that no reader sees (marks of transactions) are 0.
  private(set) var stampsMs: [[Int64]] = []
  private(set) var records = 0
  /// Of all keys and values.
  private(set) var bytes = 0

  /// Reads a topic.
  init(_ topic: String, _ setup: Setup, keepsStamps: Bool = false) throws(Failure) {
    let consumer = try setup.consumer(group: "\(setup.name)-facts")
    defer { consumer.close(timeoutMs: 2000) }
    let partitions = (0..<TopicKeeper.partitions).map { TopicPartition(topic, $0) }
    try kafka { () throws(KafkaError) in try consumer.assign(partitions.map { ($0, .beginning) }) }
    stampsMs = partitions.map { _ in [] }
    var ended: Set<Int32> = []
    while ended.count < partitions.count {
      try StopAsked.check()
      switch try kafka({ () throws(KafkaError) in try consumer.poll(timeoutMs: 1000) }) {
      case .message(let message): note(message, keepsStamp: keepsStamps)
      case .endOfPartition(let partition, _): ended.insert(partition.partition)
      default: break
      }
    }
  }

  private mutating func note(_ message: borrowing Message, keepsStamp: Bool) {
    records += 1
    bytes += (message.key?.count ?? 0) + (message.value?.count ?? 0)
    guard keepsStamp else { return }
    let (partition, offset) = (Int(message.partition), Int(message.offset))
    while stampsMs[partition].count < offset { stampsMs[partition].append(0) }
    stampsMs[partition].append(message.timestampMs ?? 0)
  }
}
