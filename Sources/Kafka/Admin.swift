import CKafka

/// Looks after topics and groups. Every call waits for its answer, at most the `timeoutMs` it is given.
/// The controller answers for a change; each broker, and so a description, follows a moment later.
public final class Admin {
  let client: Client

  /// Makes the client. It connects in the background.
  /// - Throws: ``KafkaError`` of kind `settings`.
  public init(_ settings: KafkaSettings) throws(KafkaError) {
    client = try Client(.producer, Configuration(common: settings), settings)
  }

  /// Ends the client.
  /// - Returns: false when librdkafka was not done in time; it goes on by itself.
  @discardableResult
  public func close(timeoutMs: Int32) -> Bool {
    client.end(timeoutMs: timeoutMs)
  }

  /// The brokers and topics of the cluster: also the way to learn whether it can be reached at all.
  /// - Throws: ``KafkaError``: kind `unreachable`, `authentication` or `timedOut` after `timeoutMs`.
  public func cluster(timeoutMs: Int32) throws(KafkaError) -> ClusterMetadata {
    let deadline = Deadline(afterMs: timeoutMs)
    var answer = ClusterMetadata(brokers: [], topics: [])
    try client.ask(until: deadline, during: "ask the cluster for its topics", about: .cluster) { timeoutMs in
      var metadata: UnsafePointer<rd_kafka_metadata>?
      let code = rd_kafka_metadata(client.handle, 1, nil, &metadata, timeoutMs)
      guard let metadata else { return code }
      defer { rd_kafka_metadata_destroy(metadata) }
      answer = ClusterMetadata(metadata.pointee)
      return code
    }
    return answer
  }
}

extension ClusterMetadata {
  init(_ metadata: rd_kafka_metadata) {
    brokers = (0..<Int(metadata.broker_cnt))
      .map { index in
        let broker = metadata.brokers[index]
        return Broker(id: broker.id, host: String(cString: broker.host), port: broker.port)
      }
      .sorted { $0.id < $1.id }
    topics = (0..<Int(metadata.topic_cnt))
      .map { Topic(metadata.topics[$0]) }
      .sorted { $0.name < $1.name }
  }
}

extension ClusterMetadata.Topic {
  init(_ topic: rd_kafka_metadata_topic) {
    let partitions = (0..<Int(topic.partition_cnt)).map { topic.partitions[$0] }
    self.init(
      name: String(cString: topic.topic), partitionCount: partitions.count,
      replicationFactor: partitions.map { Int($0.replica_cnt) }.min() ?? 0,
      partitionsWithoutLeader: partitions.count { $0.leader < 0 })
  }
}
