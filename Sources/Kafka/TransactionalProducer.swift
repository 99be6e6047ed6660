import CKafka

/// A producer whose records and offsets become visible together, or not at all. Owned by one thread.
///
/// Order of use: ``initialize(timeoutMs:)``, ``topic(_:timeoutMs:)`` for every topic, then again and again
/// ``begin()``, `produce`, ``sendOffsets(_:group:timeoutMs:)``, ``commit()`` or ``abort()``.
/// When ``needsReplacement`` is true after a transaction, close the producer and make a new one with the same id.
public final class TransactionalProducer {
  /// The name under which the brokers know this producer over restarts.
  public let transactionalId: String
  /// True between ``begin()`` and the end of the transaction.
  public private(set) var isInTransaction = false

  private let watch: RequestWatch
  private let sender: RecordSender
  private var isSpent = false

  /// Makes the producer. It connects in the background.
  /// - Throws: ``KafkaError`` of kind `settings`.
  public init(_ settings: KafkaSettings, transactionalId: String) throws(KafkaError) {
    self.transactionalId = transactionalId
    let watch = RequestWatch()
    self.watch = watch
    let configuration = try Configuration.transactional(settings, id: transactionalId)
    configuration.withHandle { watch.install(in: $0) }
    sender = try RecordSender(configuration, settings, transactional: true)
  }

  /// True when this producer must not begin another transaction: one was aborted, something fatal happened, or a
  /// transactional request may have reached the brokers twice.
  public var needsReplacement: Bool { isSpent || watch.sawDoubt }

  /// Shuts out every older producer of this id and ends its open transaction. To be called once, first.
  /// - Throws: ``KafkaError``: kind `unreachable` or `timedOut` after `timeoutMs`, `notAuthorized`.
  public func initialize(timeoutMs: Int32) throws(KafkaError) {
    let deadline = Deadline(afterMs: timeoutMs)
    try repeated(until: deadline, "take up the transactional id") { handle in
      rd_kafka_init_transactions(handle, max(1, deadline.remainingMs))
    }
    sender.client.reports.forgetConnectionError()
  }

  /// The topic to write to; asked for once, before work, and kept.
  /// - Throws: ``KafkaError``: kind `topicMissing`, `unreachable`, `notAuthorized`.
  public func topic(_ name: String, timeoutMs: Int32) throws(KafkaError) -> ProducerTopic {
    try sender.topic(name, timeoutMs: timeoutMs)
  }

  /// Begins a transaction. Nothing is sent.
  /// - Throws: ``KafkaError`` with fate `fatal`.
  public func begin() throws(KafkaError) {
    precondition(!isInTransaction, "a transaction is open already")
    precondition(!needsReplacement, "a spent producer must be replaced")
    watch.beginTransaction()
    _ = sender.client.reports.takeDeliveryFailures()
    try checked("begin a transaction") { rd_kafka_begin_transaction($0) }
    isInTransaction = true
  }

  /// Queues one record of the transaction; its bytes are copied.
  /// - Parameters:
  ///   - partition: nil lets the key decide as Java clients do (murmur2); without a key, chance.
  ///   - value: nil for a tombstone.
  ///   - timestampMs: the record's time in milliseconds since 1970; nil for now.
  /// - Throws: ``KafkaError``: kind `queueFull` (fate `retry`, room was waited for), `messageTooLarge`,
  ///   `partitionMissing`; fate `abort` when the transaction has failed meanwhile.
  public func produce(
    _ topic: ProducerTopic, partition: Int32? = nil, key: RawSpan?, value: RawSpan?, timestampMs: Int64? = nil,
    headers: [RecordHeader] = []
  ) throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    try sender.send(topic, partition, key: key, value: value, timestampMs: timestampMs, headers: headers)
  }

  /// Makes the group's offsets a part of the transaction. The same request is sent again until it is answered.
  /// - Parameter group: who the consumer is now; the broker refuses it when the group has moved on.
  /// - Throws: ``KafkaError``: kind `memberLost` with fate `abort`; `timedOut` after `timeoutMs`.
  public func sendOffsets(
    _ offsets: [PartitionOffset], group: borrowing GroupMetadata, timeoutMs: Int32
  ) throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    guard !offsets.isEmpty else { return }
    let list = PartitionList(offsets: offsets)
    let (partitions, member, deadline) = (list.list, group.pointer, Deadline(afterMs: timeoutMs))
    try repeated(until: deadline, "send the offsets of group '\(group.group)'", about: .group(group.group)) { handle in
      rd_kafka_send_offsets_to_transaction(handle, partitions, member, max(1, deadline.remainingMs))
    }
  }

  /// Sends what is queued and commits. It waits as long as the transaction may live (`transaction.timeout.ms`).
  ///
  /// After an error with fate `retry`, call it again; with `abort`, call ``abort()``. Where records could not be
  /// delivered, the error tells why the first one was not.
  /// - Throws: ``KafkaError``. An error of kind `messageTooLarge` comes back with the same records.
  public func commit() throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    do {
      // librdkafka knows best how long it may take.
      try checked("commit the transaction") { rd_kafka_commit_transaction($0, -1) }
    } catch {
      throw withDeliveryFailure(error)
    }
    isInTransaction = false
  }

  /// Gives the transaction up: none of its records and offsets will ever be seen by readers of committed records.
  /// The producer is spent afterwards.
  /// - Throws: ``KafkaError``. After fate `retry`, call it again; otherwise close the producer: its successor's
  ///   ``initialize(timeoutMs:)`` ends the transaction.
  public func abort() throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    isSpent = true
    try checked("abort the transaction") { rd_kafka_abort_transaction($0, -1) }
    _ = sender.client.reports.takeDeliveryFailures()
    isInTransaction = false
  }

  /// Ends the producer. An open transaction is left to its successor or to its time-out.
  /// - Returns: false when librdkafka was not done in time; it goes on by itself.
  @discardableResult
  public func close(timeoutMs: Int32) -> Bool {
    isSpent = true
    isInTransaction = false
    return sender.close(timeoutMs: timeoutMs)
  }

  /// Calls until it succeeds, fails for good, or the deadline passes; with the same arguments, as librdkafka demands.
  private func repeated(
    until deadline: Deadline, _ operation: String, about subject: Subject? = nil,
    _ call: (OpaquePointer) -> OpaquePointer?
  ) throws(KafkaError) {
    while true {
      do {
        return try checked(operation, about: subject, call)
      } catch {
        guard error.fate == .retry, !deadline.isOver else { throw error }
        deadline.pause(ms: 20)
      }
    }
  }

  private func checked(
    _ operation: String, about subject: Subject? = nil, _ call: (OpaquePointer) -> OpaquePointer?
  ) throws(KafkaError) {
    let client = sender.client
    do {
      try client.check(call(client.handle), during: operation, about: subject ?? .transactionalId(transactionalId))
    } catch {
      if error.fate == .fatal { isSpent = true }
      throw error
    }
  }

  /// librdkafka only says that some records were not delivered; the first one's report says why.
  private func withDeliveryFailure(_ error: KafkaError) -> KafkaError {
    guard error.fate == .abort, let failures = sender.client.reports.takeDeliveryFailures() else { return error }
    return sender.client.error(
      failures.code, during: "\(error.operation) (\(failures.phrase))",
      about: .topic(failures.partition.topic), fate: .abort)
  }
}
