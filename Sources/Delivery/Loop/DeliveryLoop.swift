import Events
public import Kafka

/// Reads a topic and hands its records to one destination, batch by batch, until it is told to stop.
///
/// The destination keeps the offsets together with what it took, and the loop begins where the destination says. The
/// group's committed offsets are written afterwards, for tools that show lag; they are never read.
///
/// While a destination takes nothing, what was read waits, no more than a batch of it, and the loop stays in its group:
/// reading stands still, and goes on where it stood.
/// Made, run and ended on one thread.
public struct DeliveryLoop<Target: Destination & ~Copyable>: ~Copyable {
  private var target: Target
  private let consumer: Consumer
  private let settings: DeliverySettings
  private let shouldStop: () -> Bool
  private let tell: (DeliveryEvent) -> Void

  private var batch: RecordBatch
  private var dueAtMs: Int64 = 0
  private var reach = Reach()
  private var backoff = Backoff()
  /// The partitions that the group has given, while the destination has not said where they begin.
  private var unplaced: [TopicPartition]?
  private var heardAtMs = MonotonicClock.nowMs()
  private var toldTrouble: KafkaError?
  private var counts = DeliveryCounts()

  /// How long a poll waits at most, so that a stop is noticed soon.
  private static var pollMs: Int64 { 100 }

  /// A loop that delivers to `target`.
  /// - Parameters:
  ///   - shouldStop: asked between records and while waiting; true ends the loop after the current batch.
  ///   - tell: told what happens, on the loop's thread.
  /// - Throws: ``DeliveryError`` where the Kafka settings cannot stand.
  public init(
    to target: consuming Target, _ settings: DeliverySettings, kafka: KafkaSettings,
    shouldStop: @escaping () -> Bool, tell: @escaping (DeliveryEvent) -> Void = { _ in }
  ) throws(DeliveryError) {
    var options = ConsumerOptions(group: settings.group, groupInstanceId: settings.instance)
    options.withoutOffset = .fail
    options.sessionTimeoutMs = settings.sessionTimeoutMs
    consumer = try Self.ofKafka { () throws(KafkaError) in try Consumer(kafka, options) }
    self.target = target
    self.settings = settings
    self.shouldStop = shouldStop
    self.tell = tell
    batch = RecordBatch(topic: settings.topic)
  }

  /// Delivers until it is to stop or, where the settings say so, until the end. The loop can be run once.
  /// - Returns: how much was delivered.
  /// - Throws: ``DeliveryError``; what was not delivered is read again next time.
  public consuming func run() throws(DeliveryError) -> DeliveryCounts {
    defer { consumer.close(timeoutMs: settings.timeoutMs) }
    try Self.ofKafka { () throws(KafkaError) in try consumer.subscribe([settings.topic]) }
    while !shouldStop(), !isDone {
      try step()
      if let unplaced, backoff.isTime(at: MonotonicClock.nowMs()) { try place(unplaced) }
      if isDue { try deliver() }
    }
    if !batch.isEmpty { try deliver() }
    return counts
  }

  private mutating func step() throws(DeliveryError) {
    let polled: Polled
    do throws(KafkaError) {
      polled = try consumer.poll(timeoutMs: Int32(waitMs))
    } catch {
      guard error.fate != .fatal else { throw .kafka(error) }
      return tell(.trouble(error))
    }
    switch consume polled {
    case .message(let message): take(message)
    case .endOfPartition(let partition, let offset):
      heard()
      if reach.move(partition.partition, to: offset) { note { $0.move(partition.partition, to: offset) } }
    case .assigned(let partitions):
      heard()
      unplaced = partitions
      try place(partitions)
    case .revoked(_, let lost): try giveUp(lost: lost)
    case .nothing: try watchConnection()
    }
  }
}

extension DeliveryLoop where Target: ~Copyable {
  private mutating func take(_ message: borrowing Message) {
    heard()
    // A record that was fetched before a seek or a rebalance may come again.
    guard reach.move(message.partition, to: message.offset + 1) else { return }
    let (partition, offset) = (message.partition, message.offset)
    let (key, value) = (message.key.map(Bytes.init), message.value.map(Bytes.init))
    note { $0.append(partition: partition, offset: offset, key: key, value: value) }
  }

  private mutating func note(_ change: (inout RecordBatch) -> Void) {
    if batch.isEmpty { dueAtMs = MonotonicClock.nowMs() + Int64(settings.batchMs) }
    change(&batch)
  }

  /// Whether all is delivered that was to be.
  private var isDone: Bool { settings.untilEnd && reach.isComplete && batch.isEmpty }

  private var isDue: Bool {
    let nowMs = MonotonicClock.nowMs()
    guard !batch.isEmpty, backoff.isTime(at: nowMs) else { return false }
    return isFull || nowMs >= dueAtMs || settings.untilEnd && reach.isComplete
  }

  private var isFull: Bool { batch.count >= settings.batchRecords || batch.byteCount >= settings.batchBytes }

  private var waitMs: Int64 {
    let nowMs = MonotonicClock.nowMs()
    if backoff.isFailing { return min(Self.pollMs, backoff.remainingMs(at: nowMs)) }
    return batch.isEmpty ? Self.pollMs : max(0, min(Self.pollMs, dueAtMs - nowMs))
  }

  /// Delivers the batch, and tells the group how far it came.
  private mutating func deliver() throws(DeliveryError) {
    let outcome: BatchOutcome
    do throws(DestinationError) {
      outcome = try target.deliver(batch)
    } catch {
      return try wait(because: error)
    }
    try goOn()
    counts.add(outcome)
    for record in outcome.rejected {
      let partition = TopicPartition(settings.topic, record.partition)
      tell(.rejected(partition, offset: record.offset, reason: record.reason))
    }
    let offsets = batch.positions.map { PartitionOffset(TopicPartition(settings.topic, $0.key), $0.value) }
    batch.clear()
    do throws(KafkaError) {
      try consumer.commit(offsets, timeoutMs: settings.timeoutMs)
    } catch {
      // The destination has the offsets that count.
      tell(.trouble(error))
    }
    tell(.delivered(counts))
  }

  /// The destination is asked again later, where that can help; meanwhile nothing more is read.
  private mutating func wait(because error: DestinationError) throws(DeliveryError) {
    let nowMs = MonotonicClock.nowMs()
    let failedForMs = nowMs - (backoff.failingSinceMs ?? nowMs)
    guard error.mayPass, !shouldStop(), failedForMs < settings.retryForMs ?? .max else { throw .destination(error) }
    if !backoff.isFailing {
      try Self.ofKafka { () throws(KafkaError) in try consumer.pause(consumer.assignment) }
    }
    tell(.waiting(error, ms: backoff.fail(at: nowMs)))
  }

  /// The destination takes what it is given.
  private mutating func goOn() throws(DeliveryError) {
    guard backoff.isFailing else { return }
    backoff.succeed()
    heard()
    try Self.ofKafka { () throws(KafkaError) in try consumer.resume(consumer.assignment) }
  }

  /// Begins each new partition where the destination has left it. Where it does not say, they are taken up without being
  /// read, and it is asked again.
  private mutating func place(_ partitions: [TopicPartition]) throws(DeliveryError) {
    let stored: [Int32: Int64]
    do throws(DestinationError) {
      stored = try target.positions(in: settings.topic)
    } catch {
      if consumer.assignment != partitions { try begin(partitions.map { ($0, .end) }) }
      return try wait(because: error)
    }
    var begun: [Int32: (next: Int64, end: Int64)] = [:]
    var starts: [(TopicPartition, StartOffset)] = []
    for partition in partitions {
      let there = try watermarks(partition)
      let next = stored[partition.partition] ?? there.low
      guard next <= there.high else { throw .beyondEnd(partition, delivered: next, end: there.high) }
      if next < there.low {
        counts.missing += there.low - next
        tell(.missing(partition, from: next, to: there.low))
      }
      begun[partition.partition] = (max(next, there.low), there.high)
      starts.append((partition, .at(max(next, there.low))))
    }
    try begin(starts)
    unplaced = nil
    backoff.succeed()
    reach.begin(begun)
    tell(.assigned(partitions))
  }

  /// Reads these partitions, and no others, from here on: as the answer to the group, and whenever that is to change.
  private func begin(_ starts: [(TopicPartition, StartOffset)]) throws(DeliveryError) {
    try Self.ofKafka { () throws(KafkaError) in
      if starts.map(\.0) == consumer.assignment, !starts.isEmpty { return try consumer.assign(starts) }
      try consumer.acceptAssignment(startingAt: Dictionary(uniqueKeysWithValues: starts))
    }
  }

  private func watermarks(_ partition: TopicPartition) throws(DeliveryError) -> Watermarks {
    try Self.ofKafka { () throws(KafkaError) in try consumer.watermarks(partition, timeoutMs: settings.timeoutMs) }
  }

  /// Asks Kafka for something without which the loop cannot go on.
  private static func ofKafka<Answer: ~Copyable>(
    _ ask: () throws(KafkaError) -> Answer
  ) throws(DeliveryError) -> Answer {
    do throws(KafkaError) {
      return try ask()
    } catch {
      throw .kafka(error)
    }
  }

  /// Finishes what is open before partitions go. What is lost already is left to whoever has it now.
  private mutating func giveUp(lost: Bool) throws(DeliveryError) {
    heard()
    if !lost, !batch.isEmpty, !backoff.isFailing { try deliver() }
    // What is not delivered now is read again by whoever has the partitions next.
    batch.clear()
    reach.lose()
    unplaced = nil
    backoff.succeed()
    try Self.ofKafka { () throws(KafkaError) in try consumer.acceptRevocation() }
  }

  private mutating func heard() { heardAtMs = MonotonicClock.nowMs() }

  /// Tells trouble with connections once. Whoever waits for the end does not wait for ever.
  private mutating func watchConnection() throws(DeliveryError) {
    guard let trouble = consumer.connectionTrouble else {
      toldTrouble = nil
      return
    }
    if trouble != toldTrouble { tell(.trouble(trouble)) }
    toldTrouble = trouble
    let silentMs = MonotonicClock.nowMs() - heardAtMs
    // While the destination is waited for, nothing is read.
    if settings.untilEnd, !backoff.isFailing, silentMs > Int64(settings.timeoutMs) { throw .kafka(trouble) }
  }
}

extension Bytes {
  /// The bytes of a message, lent as long as it lives.
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else {
      self = .empty
      return
    }
    self.init(start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }
}
