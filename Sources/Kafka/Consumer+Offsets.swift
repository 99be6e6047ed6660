import CKafka

extension Consumer {
  /// The group's committed offsets. With committed records only (the default), these are stable: while a transaction
  /// that commits offsets is open, the broker is asked again until it has ended.
  /// - Returns: an offset for each partition that has one.
  /// - Throws: ``KafkaError``; kind `timedOut`, or `UNSTABLE_OFFSET_COMMIT`, after `timeoutMs`.
  public func committed(
    _ partitions: [TopicPartition], timeoutMs: Int32
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    checkOpen()
    let list = PartitionList(partitions)
    try client.ask(
      until: Deadline(afterMs: timeoutMs), during: "read the committed offsets", about: .group(group), news: groupError
    ) { timeoutMs in
      list.clearErrors()
      let code = rd_kafka_committed(client.handle, list.list, timeoutMs)
      guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return code }
      return list.firstError?.code ?? code
    }
    var offsets: [TopicPartition: Int64] = [:]
    for index in 0..<list.count { offsets[list.partition(at: index)] = list.offset(at: index) }
    return offsets
  }

  /// Asks the broker between which offsets `partition` can be read.
  /// - Throws: ``KafkaError``; kind `timedOut` after `timeoutMs`.
  public func watermarks(_ partition: TopicPartition, timeoutMs: Int32) throws(KafkaError) -> Watermarks {
    checkOpen()
    var marks = Watermarks(low: 0, high: 0)
    try client.ask(
      until: Deadline(afterMs: timeoutMs), during: "read the end of \(partition)", about: .topic(partition.topic)
    ) { timeoutMs in
      if mayAskWrongLeader { lookForLeaders(of: partition.topic, timeoutMs: timeoutMs) }
      let answer = queryWatermarks(partition, timeoutMs: timeoutMs)
      mayAskWrongLeader = answer.code != RD_KAFKA_RESP_ERR_NO_ERROR
      marks = Watermarks(low: answer.low, high: answer.high)
      return answer.code
    }
    return marks
  }

  /// Where `partition` ended when records were last fetched from it, those of open transactions included; nil before
  /// the first fetch. Nothing is asked for it.
  public func fetchedEnd(_ partition: TopicPartition) -> Int64? {
    checkOpen()
    var (low, high) = (Int64(0), Int64(0))
    let code = rd_kafka_get_watermark_offsets(client.handle, partition.topic, partition.partition, &low, &high)
    return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
  }

  /// Asks the brokers where each partition's first record lies that was recorded at an instant or later; where there is
  /// none, its end.
  /// - Parameter instantMs: in milliseconds since 1970, by the records' own times.
  /// - Throws: ``KafkaError``; kind `timedOut` after `timeoutMs`.
  public func offsets(
    recordedFrom instantMs: Int64, _ partitions: [TopicPartition], timeoutMs: Int32
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    checkOpen()
    let deadline = Deadline(afterMs: timeoutMs)
    let instants = partitions.map { PartitionOffset($0, instantMs) }
    var found: [TopicPartition: Int64] = [:]
    try client.ask(until: deadline, during: "look for an instant", about: .topic(partitions.first?.topic ?? "")) {
      timeoutMs in
      // The list holds instants first, and offsets afterwards: each try needs a new one.
      let list = PartitionList(offsets: instants)
      let code = rd_kafka_offsets_for_times(client.handle, list.list, timeoutMs)
      guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return code }
      for index in 0..<list.count { found[list.partition(at: index)] = list.offset(at: index) }
      return list.firstError?.code ?? code
    }
    for partition in partitions where found[partition] == nil {
      found[partition] = try watermarks(partition, timeoutMs: max(1, deadline.remainingMs)).high
    }
    return found
  }

  /// Commits offsets for the group, outside of any transaction: for readers that keep no state with their results.
  /// - Throws: ``KafkaError``; kind `memberLost` when the group has moved on, `timedOut` after `timeoutMs`.
  public func commit(_ offsets: [PartitionOffset], timeoutMs: Int32) throws(KafkaError) {
    checkOpen()
    guard !offsets.isEmpty else { return }
    let operation = "commit \(offsets.count) offsets"
    let list = PartitionList(offsets: offsets)
    let queue = rd_kafka_queue_new(client.handle)
    defer { rd_kafka_queue_destroy(queue) }
    try check(rd_kafka_commit_queue(client.handle, list.list, queue, nil, nil), during: operation)
    guard let event = rd_kafka_queue_poll(queue, timeoutMs) else {
      throw client.error(RD_KAFKA_RESP_ERR__TIMED_OUT, during: operation, about: .group(group))
    }
    defer { rd_kafka_event_destroy(event) }
    try check(rd_kafka_event_error(event), during: operation)
    client.reports.forgetConnectionError()
  }

  /// Who this consumer is in its group now, for ``TransactionalProducer/sendOffsets(_:group:timeoutMs:)``.
  public func groupMetadata() -> GroupMetadata {
    checkOpen()
    guard let pointer = rd_kafka_consumer_group_metadata(client.handle) else {
      preconditionFailure("a consumer without a group id")
    }
    return GroupMetadata(pointer, group: group)
  }

  /// What librdkafka has to say about the group while nothing is assigned: it says so only to those who poll, and no
  /// record can come then.
  private func groupError() -> rd_kafka_resp_err_t? {
    guard assignment.isEmpty, let pointer = rd_kafka_consumer_poll(client.handle, 0) else { return nil }
    defer { rd_kafka_message_destroy(pointer) }
    return pointer.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : pointer.pointee.err
  }

  /// librdkafka asks the leader that it knows of. It does not look for another one while that one does not answer, unless
  /// it reads from the partition: of a broker that died, the end would be asked until it is back.
  private func lookForLeaders(of topic: String, timeoutMs: Int32) {
    guard let pointer = rd_kafka_topic_new(client.handle, topic, nil) else { return }
    defer { rd_kafka_topic_destroy(pointer) }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    _ = rd_kafka_metadata(client.handle, 0, pointer, &metadata, timeoutMs)
    if let metadata { rd_kafka_metadata_destroy(metadata) }
  }

  /// 2.0.2 may wait for ever here (fixed in 2.3.0), so it is asked on a thread of its own.
  private func queryWatermarks(
    _ partition: TopicPartition, timeoutMs: Int32
  ) -> (code: rd_kafka_resp_err_t, low: Int64, high: Int64) {
    let answer = client.aside(timeoutMs: timeoutMs) { handle in
      var (low, high) = (Int64(0), Int64(0))
      let code = rd_kafka_query_watermark_offsets(
        handle, partition.topic, partition.partition, &low, &high, timeoutMs)
      return (code: code, low: low, high: high)
    }
    return answer ?? (RD_KAFKA_RESP_ERR__TIMED_OUT, 0, 0)
  }
}

/// Who a consumer was in its group at one instant: the fence of a transaction's offsets.
public struct GroupMetadata: ~Copyable {
  let pointer: OpaquePointer
  let group: String

  init(_ pointer: OpaquePointer, group: String) {
    self.pointer = pointer
    self.group = group
  }

  /// Nobody in particular: offsets of a group that has no members. Only the producer's epoch fences these.
  public init(withoutMemberIn group: String) {
    guard let pointer = rd_kafka_consumer_group_metadata_new(group) else {
      preconditionFailure("no memory for the name of a group")
    }
    self.init(pointer, group: group)
  }

  deinit {
    rd_kafka_consumer_group_metadata_destroy(pointer)
  }
}
