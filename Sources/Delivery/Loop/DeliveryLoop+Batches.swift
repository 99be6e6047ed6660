import Events
import Kafka

extension DeliveryLoop where Target: ~Copyable {
  mutating func take(_ message: borrowing Message) {
    heard()
    let (partition, offset) = (message.partition, message.offset)
    if settings.untilEnd, offset >= reach.end(of: partition) { return }
    // A record that was fetched before a seek or a rebalance may come again.
    guard reach.move(partition, to: offset + 1) else { return }
    let (key, value) = (message.key.map { Bytes($0) }, message.value.map { Bytes($0) })
    let origin = settings.readsLetters ? RecordOrigin(message.headers) : nil
    note { $0.append(partition: partition, offset: offset, key: key, value: value, origin: origin) }
  }

  mutating func note(_ change: (inout RecordBatch) -> Void) {
    if batch.isEmpty { dueAtMs = MonotonicClock.nowMs() + Int64(settings.batchMs) }
    change(&batch)
  }

  mutating func heard() { heardAtMs = MonotonicClock.nowMs() }

  /// Whether all is delivered that was to be.
  var isDone: Bool { settings.untilEnd && reach.isComplete && batch.isEmpty }

  var isDue: Bool {
    let nowMs = MonotonicClock.nowMs()
    guard !batch.isEmpty, backoff.isTime(at: nowMs) else { return false }
    return isHeld || isFull || nowMs >= dueAtMs || settings.untilEnd && reach.isComplete
  }

  private var isFull: Bool { batch.count >= settings.batchRecords || batch.byteCount >= settings.batchBytes }

  /// Delivers the batch, and tells the group how far it came.
  mutating func deliver() throws(DeliveryError) {
    let outcome: BatchOutcome
    do throws(DestinationError) {
      if let taken { outcome = taken } else { outcome = try target.deliver(batch) }
    } catch {
      rememberSent()
      return try wait(because: error)
    }
    taken = outcome
    do throws(KafkaError) {
      try settle(outcome)
    } catch {
      // A destination that keeps the offsets has those that count.
      guard Target.keepsOffsets else { return try wait(because: error) }
      tell(.trouble(error))
    }
    try goOn()
    taken = nil
    counts.add(outcome)
    for record in outcome.rejected {
      let partition = TopicPartition(settings.topic, record.partition)
      tell(.rejected(partition, offset: record.offset, reason: record.reason))
    }
    batch.clear()
    tell(.delivered(counts))
  }

  /// Puts aside what can never be delivered, keeps what is to be remembered, and only then commits.
  private mutating func settle(_ outcome: BatchOutcome) throws(KafkaError) {
    guard !settings.isDryRun else { return }
    try letters?.put(outcome.rejected, of: batch, timeoutMs: settings.timeoutMs)
    if let memory = target.memory { try remembered?.put(memory, timeoutMs: settings.timeoutMs) }
    let offsets = batch.positions.map { PartitionOffset(TopicPartition(settings.topic, $0.key), $0.value) }
    try consumer.commit(offsets, timeoutMs: settings.timeoutMs)
  }

  /// Keeps what was sent of a batch that is not done: whoever goes on with it must not send it again.
  mutating func rememberSent() {
    guard !settings.isDryRun, let memory = target.memory else { return }
    do throws(KafkaError) {
      try remembered?.put(memory, timeoutMs: settings.timeoutMs)
    } catch {
      // It is kept with the next try.
      tell(.trouble(error))
    }
  }

  /// The destination is asked again later, where that can help; meanwhile nothing more is read.
  mutating func wait(because error: DestinationError) throws(DeliveryError) {
    if error.isTurnOver {
      // It has got on since it last failed.
      backoff.succeed()
      return try hold()
    }
    guard error.mayPass, mayWait else { throw .destination(error) }
    try hold()
    tell(.waiting(error, ms: backoff.fail(at: MonotonicClock.nowMs(), leastMs: error.leastMs)))
  }

  /// Kafka is asked again later, where that can help.
  private mutating func wait(because error: KafkaError) throws(DeliveryError) {
    guard error.fate != .fatal, mayWait else { throw .kafka(error) }
    try hold()
    _ = backoff.fail(at: MonotonicClock.nowMs())
    tell(.trouble(error))
  }

  private var mayWait: Bool {
    let nowMs = MonotonicClock.nowMs()
    return !shouldStop() && nowMs - (backoff.failingSinceMs ?? nowMs) < settings.retryForMs ?? .max
  }

  private mutating func hold() throws(DeliveryError) {
    guard !isHeld else { return }
    try Self.ofKafka { () throws(KafkaError) in try consumer.pause(consumer.assignment) }
    isHeld = true
  }

  /// What was waited for goes on.
  private mutating func goOn() throws(DeliveryError) {
    backoff.succeed()
    guard isHeld else { return }
    heard()
    try Self.ofKafka { () throws(KafkaError) in try consumer.resume(consumer.assignment) }
    isHeld = false
  }
}
