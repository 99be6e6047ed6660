import CKafka

/// One topic as the cluster has it.
public struct TopicDescription: Sendable, Equatable {
  /// One entry of a topic's configuration.
  public struct Entry: Sendable, Equatable {
    /// The value in force, or nil where the broker does not show it.
    public let value: String?
    /// True where the topic itself sets it; false where it follows the cluster's or Kafka's default.
    public let isSetOnTopic: Bool
  }

  /// The topic's name.
  public let name: String
  /// How many partitions it has.
  public let partitionCount: Int
  /// On how many brokers each partition is kept.
  public let replicationFactor: Int
  /// The whole configuration in force, by Kafka's own names.
  public let configuration: [String: Entry]
}

extension Admin {
  /// What the cluster says about one topic.
  /// - Throws: ``KafkaError``: kind `topicMissing`, `notAuthorized`, `unreachable`.
  public func describe(_ name: String, timeoutMs: Int32) throws(KafkaError) -> TopicDescription {
    let deadline = Deadline(afterMs: timeoutMs)
    let configuration = try topicConfiguration(name, until: deadline)
    guard let topic = try cluster(timeoutMs: max(1, deadline.remainingMs)).topic(name) else {
      throw client.error(
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, during: "describe topic '\(name)'", about: .topic(name))
    }
    return TopicDescription(
      name: name, partitionCount: topic.partitionCount, replicationFactor: topic.replicationFactor,
      configuration: configuration)
  }

  /// Sets entries of a topic's configuration, and takes entries back to their default where the value is nil.
  ///
  /// librdkafka 2.0.2 can only replace a topic's whole configuration, so what the topic sets itself is read first and
  /// written back with the changes. Somebody else's change between the two is lost.
  /// - Throws: ``KafkaError``: kind `topicMissing`, `notAuthorized`, `unreachable`; `other` with the broker's words for
  ///   a value it does not take.
  public func setConfiguration(
    of name: String, _ changes: [String: String?], timeoutMs: Int32
  ) throws(KafkaError) {
    let deadline = Deadline(afterMs: timeoutMs)
    var whole: [String: String] = [:]
    for (key, entry) in try topicConfiguration(name, until: deadline) where entry.isSetOnTopic {
      whole[key] = entry.value
    }
    for (key, value) in changes { whole[key] = value }
    let operation = "set the configuration of topic '\(name)'"
    let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
    defer { rd_kafka_ConfigResource_destroy(resource) }
    for (key, value) in whole { rd_kafka_ConfigResource_set_config(resource, key, value) }
    var list: [OpaquePointer?] = [resource]
    let answer = try request(
      RD_KAFKA_ADMIN_OP_ALTERCONFIGS, operation, about: .topic(name), timeoutMs: max(1, deadline.remainingMs),
      send: { rd_kafka_AlterConfigs(client.handle, &list, 1, $0, $1) },
      read: { event in
        var count = 0
        return Admin.resourceAnswer(rd_kafka_AlterConfigs_result_resources(event, &count), count)
      })
    try check(answer, operation, about: .topic(name))
  }

  /// The topic's configuration; a topic that was made just now is not known to every broker at once.
  private func topicConfiguration(
    _ name: String, until deadline: Deadline
  ) throws(KafkaError) -> [String: TopicDescription.Entry] {
    let grace = Deadline(afterMs: min(deadline.remainingMs, 1000))
    while true {
      do {
        return try readTopicConfiguration(name, timeoutMs: max(1, deadline.remainingMs))
      } catch {
        guard error.kind == .topicMissing, !grace.isOver else { throw error }
        grace.pause(ms: 50)
      }
    }
  }

  private func readTopicConfiguration(
    _ name: String, timeoutMs: Int32
  ) throws(KafkaError) -> [String: TopicDescription.Entry] {
    let operation = "describe topic '\(name)'"
    let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
    defer { rd_kafka_ConfigResource_destroy(resource) }
    var list: [OpaquePointer?] = [resource]
    let (answer, entries) = try request(
      RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, operation, about: .topic(name), timeoutMs: timeoutMs,
      send: { rd_kafka_DescribeConfigs(client.handle, &list, 1, $0, $1) },
      read: { event in
        var count = 0
        let resources = rd_kafka_DescribeConfigs_result_resources(event, &count)
        return (Admin.resourceAnswer(resources, count), Admin.entries(resources, count))
      })
    try check(answer, operation, about: .topic(name))
    return entries
  }

  private static func resourceAnswer(_ list: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int) -> AdminAnswer? {
    guard count > 0, let resource = list?[0] else { return nil }
    return AdminAnswer(
      code: rd_kafka_ConfigResource_error(resource), detail: rd_kafka_ConfigResource_error_string(resource))
  }

  private static func entries(
    _ list: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
  ) -> [String: TopicDescription.Entry] {
    guard count > 0, let resource = list?[0] else { return [:] }
    var entryCount = 0
    guard let entries = rd_kafka_ConfigResource_configs(resource, &entryCount) else { return [:] }
    var result: [String: TopicDescription.Entry] = [:]
    for index in 0..<entryCount {
      guard let entry = entries[index], let name = rd_kafka_ConfigEntry_name(entry) else { continue }
      result[String(cString: name)] = TopicDescription.Entry(
        value: rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) },
        isSetOnTopic: rd_kafka_ConfigEntry_source(entry) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG)
    }
    return result
  }
}
