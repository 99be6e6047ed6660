import CKafka

/// A Kafka consumer, owned by one thread. It reads either as a member of its group (``subscribe(_:)``) or the
/// partitions it is given by hand (``assign(_:)``).
///
/// Records are polled one at a time. librdkafka's batch calls are not used: up to 2.1.0, and again from 2.2 to 2.13.2,
/// they skip records around pauses and rebalances.
public final class Consumer {
  let client: Client
  let group: String
  var table: TopicTable? = TopicTable()
  var asked: Rebalance?
  var pausedPartitions: Set<TopicPartition> = []
  /// Records polled since the queue was last found empty.
  var recordsInBurst: UInt32 = 0
  /// The end of a partition was asked for in vain: its leader may be another one by now.
  var mayAskWrongLeader = false

  /// The partitions that this consumer reads now.
  public internal(set) var assignment: [TopicPartition] = []
  /// True once ``close(timeoutMs:)`` was called; no other call is allowed then.
  public internal(set) var isClosed = false

  /// Makes the consumer. It connects in the background; nothing is read before a subscription or an assignment.
  /// - Throws: ``KafkaError`` of kind `settings`.
  public init(_ settings: KafkaSettings, _ options: ConsumerOptions) throws(KafkaError) {
    let configuration = try Configuration.consumer(options, settings)
    configuration.withHandle { RebalanceMailbox.install(in: $0) }
    client = try Client(.consumer, configuration, settings)
    group = options.group
  }

  deinit {
    table = nil
  }

  /// The topics that records came from so far, in the order of ``Message/topicIndex``.
  public var topics: [String] { table?.names ?? [] }

  /// The last trouble with connections that librdkafka reported, or nil. It passes by itself when a broker is back,
  /// and is forgotten at the next answer of a broker to a call of this consumer.
  public var connectionTrouble: KafkaError? {
    client.reports.connectionError.map { last in
      KafkaError(
        last.code, during: "read from Kafka", about: .cluster, detail: last.reason, fate: .retry,
        servers: client.servers)
    }
  }

  /// Takes the next record or event, waiting at most `timeoutMs` for it. No allocation and no copy for a record.
  ///
  /// Messages must have ended before the consumer is closed.
  /// - Throws: ``KafkaError``: what a broker said about a partition or the group. A group member that was silent too
  ///   long gets kind `memberLost`, and is told of its lost partitions by the next poll.
  public func poll(timeoutMs: Int32) throws(KafkaError) -> Polled {
    checkOpen()
    if asked != nil { try answer() }
    guard let pointer = next(timeoutMs: timeoutMs) else { return withoutMessage() }
    guard pointer.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { return try event(pointer) }
    recordsInBurst &+= 1
    if recordsInBurst & 1023 == 0 { client.serve() }
    let index = table?.index(of: pointer.pointee.rkt, in: client.handle) ?? 0
    return .message(Message(pointer, topicIndex: index))
  }

  /// librdkafka came back without a record: time is up, or the group has a question.
  private func withoutMessage() -> Polled {
    client.serve()
    recordsInBurst = 0
    guard let question = client.reports.rebalances.take() else { return .nothing }
    asked = question
    return question.isAssignment
      ? .assigned(question.partitions) : .revoked(question.partitions, lost: question.lost)
  }

  /// A message that is none: the end of a partition, or an error.
  private func event(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>) throws(KafkaError) -> Polled {
    defer { rd_kafka_message_destroy(pointer) }
    let message = pointer.pointee
    let topic = message.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) }
    if message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF, let topic {
      client.reports.forgetConnectionError()
      return .endOfPartition(TopicPartition(topic, message.partition), offset: message.offset)
    }
    let detail = rd_kafka_message_errstr(pointer).map { String(cString: $0) } ?? ""
    throw client.error(
      message.err, during: topic.map { "read \($0)[\(message.partition)]" } ?? "read from Kafka",
      about: subject(of: message.err, topic), detail: detail)
  }

  /// What an error that was polled is about: a topic's own error names the topic, everything else is the group's.
  private func subject(of code: rd_kafka_resp_err_t, _ topic: String?) -> Subject {
    switch (ErrorCodes.kind(of: code), topic) {
    case (.fenced, _), (.memberLost, _), (_, nil): .group(group)
    case (_, let topic?): code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ? .group(group) : .topic(topic)
    }
  }

  func checkOpen() {
    precondition(!isClosed, "a closed consumer was used")
  }
}
