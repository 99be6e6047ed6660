import Kafka

/// How far an application has committed the events that it reads. Looked up without joining its group.
final class CommittedOffsets {
  private let consumer: Consumer
  private let partitions: [TopicPartition]

  init(_ setup: Setup, _ topics: RunTopics) throws(Failure) {
    consumer = try setup.consumer(group: topics.app)
    partitions = (0..<TopicKeeper.partitions).map { TopicPartition(topics.input, $0) }
  }

  deinit { consumer.close(timeoutMs: 2000) }

  /// Whether all that is in the topic now is done.
  func areAtEnd() throws(Failure) -> Bool {
    try kafka { () throws(KafkaError) in
      let committed = try consumer.committed(partitions, timeoutMs: TopicKeeper.timeoutMs)
      for partition in partitions {
        let end = try consumer.watermarks(partition, timeoutMs: TopicKeeper.timeoutMs).high
        if end > committed[partition] ?? 0 { return false }
      }
      return true
    }
  }
}
