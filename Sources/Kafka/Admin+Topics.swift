import CKafka

/// A topic to create.
public struct NewTopic: Sendable, Equatable {
  /// The topic's name.
  public var name: String
  /// How many partitions it gets.
  public var partitionCount: Int32
  /// On how many brokers each partition is kept; nil for the cluster's default.
  public var replicationFactor: Int32?
  /// Its configuration, by Kafka's own names, for instance `cleanup.policy`.
  public var configuration: [String: String]

  /// A topic of `partitionCount` partitions.
  public init(
    _ name: String, partitionCount: Int32, replicationFactor: Int32? = nil, configuration: [String: String] = [:]
  ) {
    self.name = name
    self.partitionCount = partitionCount
    self.replicationFactor = replicationFactor
    self.configuration = configuration
  }
}

extension Admin {
  /// Creates one topic.
  /// - Throws: ``KafkaError``: kind `topicExists`, `notAuthorized`, `unreachable`; `other` with the broker's words for
  ///   a configuration it does not take.
  public func create(_ topic: NewTopic, timeoutMs: Int32) throws(KafkaError) {
    let operation = "create topic '\(topic.name)'"
    let (new, reason) = withErrorText { text, capacity in
      rd_kafka_NewTopic_new(topic.name, topic.partitionCount, topic.replicationFactor ?? -1, text, capacity)
    }
    guard let new else {
      throw .settings("could not \(operation): \(reason)")
    }
    defer { rd_kafka_NewTopic_destroy(new) }
    for (name, value) in topic.configuration { rd_kafka_NewTopic_set_config(new, name, value) }
    var list: [OpaquePointer?] = [new]
    let answer = try request(
      RD_KAFKA_ADMIN_OP_CREATETOPICS, operation, about: .topic(topic.name), timeoutMs: timeoutMs,
      send: { rd_kafka_CreateTopics(client.handle, &list, 1, $0, $1) },
      read: { event in
        var count = 0
        return Admin.topicAnswer(rd_kafka_CreateTopics_result_topics(event, &count), count)
      })
    try check(answer, operation, about: .topic(topic.name))
  }

  /// Deletes one topic and all its records.
  /// - Throws: ``KafkaError``: kind `topicMissing`, `notAuthorized`, `unreachable`.
  public func deleteTopic(_ name: String, timeoutMs: Int32) throws(KafkaError) {
    let operation = "delete topic '\(name)'"
    let topic = rd_kafka_DeleteTopic_new(name)
    defer { rd_kafka_DeleteTopic_destroy(topic) }
    var list: [OpaquePointer?] = [topic]
    let answer = try request(
      RD_KAFKA_ADMIN_OP_DELETETOPICS, operation, about: .topic(name), timeoutMs: timeoutMs,
      send: { rd_kafka_DeleteTopics(client.handle, &list, 1, $0, $1) },
      read: { event in
        var count = 0
        return Admin.topicAnswer(rd_kafka_DeleteTopics_result_topics(event, &count), count)
      })
    try check(answer, operation, about: .topic(name))
  }

  /// Gives a topic more partitions. Keys go to other partitions from then on.
  /// - Parameter total: how many there are to be in all; Kafka refuses fewer than there are.
  /// - Throws: ``KafkaError``: kind `topicMissing`, `notAuthorized`, `unreachable`, `other` with the broker's words.
  public func addPartitions(to name: String, total: Int32, timeoutMs: Int32) throws(KafkaError) {
    let operation = "give topic '\(name)' \(total) partitions"
    let (new, reason) = withErrorText { rd_kafka_NewPartitions_new(name, Int(total), $0, $1) }
    guard let new else { throw .settings("could not \(operation): \(reason)") }
    defer { rd_kafka_NewPartitions_destroy(new) }
    var list: [OpaquePointer?] = [new]
    let answer = try request(
      RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, operation, about: .topic(name), timeoutMs: timeoutMs,
      send: { rd_kafka_CreatePartitions(client.handle, &list, 1, $0, $1) },
      read: { event in
        var count = 0
        return Admin.topicAnswer(rd_kafka_CreatePartitions_result_topics(event, &count), count)
      })
    try check(answer, operation, about: .topic(name))
  }
}
