import CKafka

extension Consumer {
  /// Stops fetching these partitions until they are resumed; records already fetched for them are dropped.
  /// - Throws: ``KafkaError``.
  public func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
    checkOpen()
    guard !partitions.isEmpty else { return }
    let list = PartitionList(partitions)
    try check(rd_kafka_pause_partitions(client.handle, list.list), during: "pause \(partitions.count) partitions")
    try checkEach(list, during: "pause")
    pausedPartitions.formUnion(partitions)
  }

  /// Fetches these partitions again. Only those that were paused are touched: before 2.4.0, resuming a partition that
  /// was not paused sets it back to an old position.
  /// - Throws: ``KafkaError``.
  public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    checkOpen()
    let paused = partitions.filter { pausedPartitions.contains($0) }
    guard !paused.isEmpty else { return }
    let list = PartitionList(paused)
    try check(rd_kafka_resume_partitions(client.handle, list.list), during: "resume \(paused.count) partitions")
    pausedPartitions.subtract(paused)
  }

  /// Reads `partition` from `start` on. Records already fetched are dropped.
  /// - Throws: ``KafkaError``; kind `timedOut` after `timeoutMs`.
  public func seek(_ partition: TopicPartition, to start: StartOffset, timeoutMs: Int32) throws(KafkaError) {
    checkOpen()
    let deadline = Deadline(afterMs: timeoutMs)
    while true {
      let list = PartitionList(starts: [(partition, start)])
      // 2.0.2 takes this time-out for microseconds (fixed in 2.1.0). Seeking twice does no harm, so it is asked again.
      let error = rd_kafka_seek_partitions(client.handle, list.list, max(1, deadline.remainingMs))
      let code =
        rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_NO_ERROR
        ? list.firstError?.code ?? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error)
      rd_kafka_error_destroy(error)
      if code == RD_KAFKA_RESP_ERR_NO_ERROR { return }
      guard ErrorCodes.fate(of: code) == .retry, !deadline.isOver else {
        throw client.error(code, during: "seek in \(partition)", about: .topic(partition.topic))
      }
      deadline.pause(ms: 5)
    }
  }

  /// The offset after the last record that was polled from `partition`, or nil before the first.
  public func position(_ partition: TopicPartition) -> Int64? {
    checkOpen()
    let list = PartitionList([partition])
    guard rd_kafka_position(client.handle, list.list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    return list.offset(at: 0)
  }

  /// Before an assignment changes: what was paused here must not stay paused in librdkafka.
  func resumeAll() throws(KafkaError) {
    try resume(Array(pausedPartitions))
    pausedPartitions = []
  }

  func checkEach(_ list: borrowing PartitionList, during operation: String) throws(KafkaError) {
    if let (partition, code) = list.firstError {
      throw client.error(code, during: "\(operation) \(partition)", about: .topic(partition.topic))
    }
  }
}
