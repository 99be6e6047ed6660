import CKafka

extension Consumer {
  /// Joins the group for these topics. What the group decides comes through ``poll(timeoutMs:)``.
  /// - Throws: ``KafkaError``.
  public func subscribe(_ topics: [String]) throws(KafkaError) {
    checkOpen()
    let list = PartitionList(topics.map { TopicPartition($0, rdPartitionUnassigned) })
    try check(rd_kafka_subscribe(client.handle, list.list), during: "subscribe to \(topics.joined(separator: ", "))")
  }

  /// Reads exactly these partitions from here on, without the group's protocol. An empty list stops reading.
  /// - Throws: ``KafkaError``.
  public func assign(_ starts: [(TopicPartition, StartOffset)]) throws(KafkaError) {
    checkOpen()
    try read(starts, isUnassigned: starts.isEmpty)
  }

  private func read(_ starts: [(TopicPartition, StartOffset)], isUnassigned: Bool) throws(KafkaError) {
    try resumeAll()
    let list = PartitionList(starts: starts)
    let code = rd_kafka_assign(client.handle, isUnassigned ? nil : list.list)
    try check(code, during: "take up \(starts.count) partitions")
    assignment = starts.map(\.0)
  }

  /// Takes up the partitions that ``Polled/assigned(_:)`` told of. Those without an offset of their own in `starts`
  /// begin at the group's committed offset. Does nothing when no assignment waits for an answer.
  /// - Throws: ``KafkaError``.
  public func acceptAssignment(startingAt starts: [TopicPartition: StartOffset] = [:]) throws(KafkaError) {
    checkOpen()
    guard let question = asked, question.isAssignment else { return }
    asked = nil
    // An empty share is taken up too: librdkafka would take no list for a revocation, and join the group again.
    try read(question.partitions.map { ($0, starts[$0] ?? .committed) }, isUnassigned: false)
  }

  /// Gives the partitions up that ``Polled/revoked(_:lost:)`` told of.
  /// Does nothing when no revocation waits for an answer.
  /// - Throws: ``KafkaError``.
  public func acceptRevocation() throws(KafkaError) {
    checkOpen()
    guard let question = asked, !question.isAssignment else { return }
    asked = nil
    try assign([])
  }

  /// Gives the membership of the group up, that of a static member too, so that others get its partitions at once. Finish
  /// and commit first, and close next: nothing is read afterwards.
  /// - Returns: false when the group could not be told in time.
  public func leave(timeoutMs: Int32) -> Bool {
    checkOpen()
    client.reports.rebalances.beginClosing()
    if asked != nil { rd_kafka_assign(client.handle, nil) }
    asked = nil
    assignment = []
    // Closing alone tells the group nothing of a static member. To end a subscription does.
    guard rd_kafka_unsubscribe(client.handle) == RD_KAFKA_RESP_ERR_NO_ERROR else { return false }
    let deadline = Deadline(afterMs: timeoutMs)
    while isMember {
      if deadline.isOver { return false }
      if let message = rd_kafka_consumer_poll(client.handle, 10) { rd_kafka_message_destroy(message) }
    }
    return true
  }

  /// Whether the group knows this consumer, as far as librdkafka knows: leaving takes the member id away.
  private var isMember: Bool {
    guard let id = rd_kafka_memberid(client.handle) else { return false }
    defer { rd_kafka_mem_free(client.handle, id) }
    return id.pointee != 0
  }

  /// Leaves the group and ends, waiting at most `timeoutMs`. Finish and commit first: the group's last questions are
  /// answered with "agreed". A static member keeps its partitions until its session time-out.
  /// - Returns: false when librdkafka was not done in time; it goes on by itself, and the process may exit.
  @discardableResult
  public func close(timeoutMs: Int32) -> Bool {
    guard !isClosed else { return true }
    client.reports.rebalances.beginClosing()
    if asked != nil { rd_kafka_assign(client.handle, nil) }
    asked = nil
    isClosed = true
    assignment = []
    table = nil
    return client.end(timeoutMs: timeoutMs)
  }

  /// Agrees to what the group asked, where the owner has not.
  func answer() throws(KafkaError) {
    try acceptAssignment()
    try acceptRevocation()
  }

  func check(_ code: rd_kafka_resp_err_t, during operation: String) throws(KafkaError) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw client.error(code, during: operation, about: .group(group)) }
  }
}

/// "No partition in particular", as librdkafka writes it.
let rdPartitionUnassigned: Int32 = -1
