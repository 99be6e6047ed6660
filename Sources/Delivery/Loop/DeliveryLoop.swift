import Events
public import Kafka

/// Reads a topic and hands its records to one destination, batch by batch, until it is told to stop.
///
/// A destination that keeps the offsets together with what it took says where the loop begins; the group's committed
/// offsets are written afterwards, for tools that show lag. Of one that keeps none the group's offsets count, and they are
/// committed once the batch was delivered, and what can never be was written to the topic of dead letters: nothing more
/// is read before. So a process that dies repeats a batch at most.
///
/// While a destination takes nothing, what was read waits, no more than a batch of it, and the loop stays in its group:
/// reading stands still, and goes on where it stood.
/// Made, run and ended on one thread.
public struct DeliveryLoop<Target: Destination & ~Copyable>: ~Copyable {
  var target: Target
  let consumer: Consumer
  let settings: DeliverySettings
  let kafka: KafkaSettings
  let shouldStop: () -> Bool
  let tell: (DeliveryEvent) -> Void

  var batch: RecordBatch
  /// What became of the batch, once the destination has taken it, and until that is settled with Kafka.
  var taken: BatchOutcome?
  var letters: DeadLetters?
  var remembered: MemoryLog?
  var dueAtMs: Int64 = 0
  var reach = Reach()
  var backoff = Backoff()
  /// Whether reading stands still.
  var isHeld = false
  /// The partitions that the group has given, while the destination has not said where they begin.
  var unplaced: [TopicPartition]?
  var heardAtMs = MonotonicClock.nowMs()
  private var toldTrouble: KafkaError?
  var counts = DeliveryCounts()

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
    var options = ConsumerOptions(group: settings.group, groupInstanceId: settings.isDryRun ? nil : settings.instance)
    options.withoutOffset = .fail
    options.sessionTimeoutMs = settings.sessionTimeoutMs
    consumer = try Self.ofKafka { () throws(KafkaError) in try Consumer(kafka, options) }
    self.target = target
    self.settings = settings
    self.kafka = kafka
    self.shouldStop = shouldStop
    self.tell = tell
    batch = RecordBatch(topic: settings.topic)
    if self.target.memory != nil, let topic = settings.deliveredTopic { remembered = MemoryLog(topic: topic, kafka) }
    self.target.memory?.isUsed = !settings.readsLetters
    if let topic = settings.deadTopic { letters = DeadLetters(topic: topic, kafka) }
  }

  /// Delivers until it is to stop or, where the settings say so, until the end. The loop can be run once.
  /// - Returns: how much was delivered.
  /// - Throws: ``DeliveryError``; what was not delivered is read again next time.
  public consuming func run() throws(DeliveryError) -> DeliveryCounts {
    defer {
      consumer.close(timeoutMs: settings.timeoutMs)
      letters?.close(timeoutMs: settings.timeoutMs)
      remembered?.close(timeoutMs: settings.timeoutMs)
    }
    try join()
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
      // What comes after the end that was found at first is left to who reads next.
      let end = settings.untilEnd ? min(offset, reach.end(of: partition.partition)) : offset
      if reach.move(partition.partition, to: end) { note { $0.move(partition.partition, to: end) } }
    case .assigned(let partitions):
      heard()
      unplaced = partitions
      try place(partitions)
    case .revoked(_, let lost): try giveUp(lost: lost)
    case .nothing: try watchConnection()
    }
  }

  private var waitMs: Int64 {
    let nowMs = MonotonicClock.nowMs()
    if backoff.isFailing { return min(Self.pollMs, backoff.remainingMs(at: nowMs)) }
    if isHeld { return 0 }
    return batch.isEmpty ? Self.pollMs : max(0, min(Self.pollMs, dueAtMs - nowMs))
  }

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

  /// Asks Kafka for something without which the loop cannot go on.
  static func ofKafka<Answer: ~Copyable>(_ ask: () throws(KafkaError) -> Answer) throws(DeliveryError) -> Answer {
    do throws(KafkaError) {
      return try ask()
    } catch {
      throw .kafka(error)
    }
  }
}
