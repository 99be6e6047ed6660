internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// Fills tasks from the changelog, each up to its last stable offset.
struct Restoration {
  let settings: LaneSettings
  let plan: Plan
  let stop: StopFlag
  private(set) var records = 0

  private static let timeoutMs: Int32 = 30_000
  /// How long a state that was committed may stay unseen.
  private static let graceMs: Int64 = 10_000

  init(_ settings: LaneSettings, _ plan: Plan, _ stop: StopFlag) {
    self.settings = settings
    self.plan = plan
    self.stop = stop
  }

  /// The tasks of some partitions of the input: first the group's stable offsets are read, then the changelog, so that
  /// what was written together with the offsets is there.
  ///
  /// - Throws: `KafkaError`, `LaneError` where the state does not fit the definitions or the offsets, or `StopAsked`.
  mutating func read(_ partitions: [TopicPartition]) throws -> [TopicPartition: PartitionTask] {
    var options = ConsumerOptions(group: settings.app)
    options.withoutOffset = .beginning
    // A consumer of its own, for the offsets too: that of the lane may have lost sight of its group in an outage, and
    // finds it again only while it is polled.
    let consumer = try Consumer(settings.reading(waitMs: 10), options)
    defer { consumer.close(timeoutMs: 5000) }
    let committed = try consumer.committed(partitions, timeoutMs: Self.timeoutMs)
    var filling: [Int32: Filling] = [:]
    for partition in partitions { filling[partition.partition] = Filling(plan, committed: committed[partition]) }
    try fill(filling, by: consumer)
    var tasks: [TopicPartition: PartitionTask] = [:]
    for partition in partitions {
      guard let filled = filling[partition.partition] else { continue }
      tasks[partition] = try task(partition, filled)
    }
    return tasks
  }

  private final class Filling {
    var engine: PartitionEngine
    var record: TaskRecord?
    var problem: (offset: Int64, error: CodecError)?
    let committed: Int64?

    init(_ plan: Plan, committed: Int64?) {
      engine = PartitionEngine(plan: plan)
      self.committed = committed
    }

    /// Whether the state that was committed with the group's offset has been read.
    var isUpToDate: Bool { (record?.nextOffset ?? 0) >= committed ?? 0 }

    /// The engine itself: it is not copied, so an empty one takes its place.
    func takeEngine(_ plan: Plan) -> PartitionEngine {
      var taken = PartitionEngine(plan: plan)
      swap(&taken, &engine)
      return taken
    }
  }

  private mutating func fill(_ filling: [Int32: Filling], by consumer: Consumer) throws {
    let unread = try partitions(of: filling, consumer)
    if unread.isEmpty { return }
    try consumer.assign(unread.map { (TopicPartition(settings.changelog, $0), .beginning) })
    try read(unread, into: filling, consumer)
  }

  /// Those partitions of the changelog that hold something, or soon will.
  private func partitions(of filling: [Int32: Filling], _ consumer: Consumer) throws(KafkaError) -> Set<Int32> {
    var holding: Set<Int32> = []
    for (partition, filling) in filling {
      let range = try consumer.watermarks(TopicPartition(settings.changelog, partition), timeoutMs: Self.timeoutMs)
      if range.high > range.low || !filling.isUpToDate { holding.insert(partition) }
    }
    return holding
  }

  /// Reads to the ends. A transaction ends in each partition by itself: the group's offsets may be there a moment before
  /// the state that was committed with them, and then that is waited for.
  private mutating func read(
    _ partitions: Set<Int32>, into filling: [Int32: Filling], _ consumer: Consumer
  ) throws {
    var unread = partitions
    var atEnd: Set<Int32> = []
    var waitUntilMs: Int64 = .max
    while !unread.isEmpty {
      if stop.isRaised { throw StopAsked() }
      switch try poll(consumer) {
      case .message(let message):
        records += 1
        atEnd.remove(message.partition)
        if let filling = filling[message.partition] { take(message, into: filling) }
      case .endOfPartition(let partition, _): atEnd.insert(partition.partition)
      case .assigned: break
      case .revoked: break
      case .nothing: break
      }
      guard !atEnd.isEmpty else { continue }
      unread.subtract(atEnd.filter { filling[$0]?.isUpToDate ?? true })
      guard unread.isSubset(of: atEnd) else { continue }
      let nowMs = WallClock.monotonicMs()
      if waitUntilMs == .max { waitUntilMs = nowMs + Self.graceMs }
      if nowMs >= waitUntilMs { return }
    }
  }

  private func poll(_ consumer: Consumer) throws(KafkaError) -> Polled {
    do {
      return try consumer.poll(timeoutMs: 100)
    } catch {
      guard error.fate == .retry else { throw error }
      return .nothing
    }
  }

  private func take(_ message: borrowing Message, into filling: Filling) {
    guard let key = message.key else { return }
    let id = Bytes(key)
    guard let value = message.value else { return filling.engine.restoreErasure(of: id) }
    do throws(CodecError) {
      if id.isEmpty {
        filling.record = try TaskRecord(Bytes(value))
      } else if filling.record == nil || filling.record?.planHash == plan.hash {
        filling.engine.restore(try ProfileCodec.decode(Bytes(value), id: id, statusWords: plan.statusWords))
      }
    } catch {
      if filling.problem == nil { filling.problem = (message.offset, error) }
    }
  }

  private func task(
    _ partition: TopicPartition, _ filled: Filling
  ) throws(LaneError) -> PartitionTask {
    let changelog = TopicPartition(settings.changelog, partition.partition)
    let committed = filled.committed
    guard let record = filled.record else {
      guard committed == nil else {
        throw LaneError(
          "group '\(settings.app)' has read \(partition) up to offset \(committed ?? 0), but \(changelog) holds no state",
          advice: "give --app another name to begin afresh, or delete the group's offsets")
      }
      return PartitionTask(partition, engine: PartitionEngine(plan: plan), nextOffset: 0)
    }
    guard record.planHash == plan.hash else {
      throw LaneError(
        "\(changelog) was kept under other definitions than those of today",
        advice: "give --app another name: it reads the events from the start under the new definitions. "
          + "Changing definitions of a running application is not supported yet")
    }
    if let problem = filled.problem {
      throw LaneError("\(changelog) cannot be read at offset \(problem.offset): \(problem.error)")
    }
    // The two were committed in one transaction. The group's offset may be gone: brokers forget those of idle groups.
    guard committed == nil || committed == record.nextOffset else {
      throw LaneError(
        "group '\(settings.app)' stands at offset \(committed ?? 0) of \(partition), but its state in \(changelog) at "
          + "\(record.nextOffset)",
        advice: "somebody has set the group's offsets; set them back, or give --app another name")
    }
    filled.engine.restore(clock: record.clock)
    return PartitionTask(partition, engine: filled.takeEngine(plan), nextOffset: record.nextOffset)
  }
}
