internal import Audiences
internal import Engine
internal import Events
internal import Kafka

extension Lane {
  /// Applies one record of the input.
  func apply(_ message: borrowing Message) throws {
    let number = Int(message.partition)
    // A record below the task's offset was fetched before a seek, and has been done.
    guard number < taskOfPartition.count, let task = taskOfPartition[number], message.offset >= task.nextOffset else {
      return
    }
    if !hasBegun { observe(.firstRecord) }
    hasBegun = true
    try openWork()
    totals.records += 1
    openSize += 1
    task.nextOffset = message.offset + 1
    task.isDirty = true
    task.isAtEnd = false
    guard let value = message.value else {
      totals.skipped += 1
      return
    }
    switch task.plan.intake.read(value) {
    case .skipped: totals.skipped += 1
    case .rejected(let code): try reject(message, because: code)
    case .record(let record): try apply(record, of: message, to: task)
    }
  }

  private func apply(_ record: Record, of message: borrowing Message, to task: PartitionTask<World.Store>) throws {
    guard let time = settledTime(of: record, message.timestampMs) else { return try reject(message, because: .time) }
    if let ahead = record.time, ahead > time + task.plan.plan.policy.future { totals.future += 1 }
    if message.key.map({ Bytes($0) != record.profile }) ?? true { totals.otherKeys += 1 }
    let merges = record.mergesWithinPartition(of: ground.partitionCount)
    try task.store?.prepare(&task.engine, task.shelf, for: record, at: time, merges: merges)
    task.engine.apply(record, at: time, merges: merges)
    if task.engine.changes.count > 0 { try drain(task, offset: message.offset, cause: record.eventName) }
    if record.kind == .delete {
      try writer.write(erasureOf: record.profile, as: task.plan.telling, at: task.engine.clock)
    }
  }

  /// The end of the year 9999: a producer's clock may show anything.
  private static var lastInstant: Instant { Instant(ms: 253_402_300_799_999) }

  /// Nothing happens after it was recorded: the message's own time stands in for a missing time and for a later one.
  func settledTime(of record: Record, _ recordedMs: Int64?) -> Instant? {
    guard let recordedMs else { return record.time }
    let recorded = min(Instant(ms: recordedMs), Self.lastInstant)
    return record.time.map { min($0, recorded) } ?? recorded
  }

  private func reject(_ message: borrowing Message, because code: Rejection) throws(KafkaError) {
    totals.rejected += 1
    let isKept = try writer.write(rejected: message, because: code)
    observe(.rejected(code, partition: message.partition, offset: message.offset, isKept: isKept))
  }

  /// Writes what has changed into the open transaction.
  func drain(
    _ task: PartitionTask<World.Store>, _ telling: ChangeTelling? = nil, offset: Int64, cause: Bytes
  ) throws(KafkaError) {
    let telling = telling ?? task.plan.telling
    let origin = ChangeOrigin(
      partition: Int(task.partition.partition), offset: offset, clock: task.engine.clock,
      emittedAt: settings.wallClock.instant(at: world.systemNow()))
    for index in 0..<task.engine.changes.count {
      let change = task.engine.change(index)
      if try writer.write(change, as: telling, from: origin, cause: cause) { totals.toWarehouse += 1 }
      totals.changes += 1
      openSize += 1
      if let audience = telling.countedAs[change.audience] { totals.count(change.kind, of: audience) }
    }
    task.engine.clearChanges()
  }
}
