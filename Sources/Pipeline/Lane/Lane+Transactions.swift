internal import Audiences
internal import Engine
internal import Events
internal import Kafka

extension Lane {
  /// Commits the open transaction: changes, states and offsets together. Then the stores get what changed: never
  /// anything that Kafka has not committed.
  func commit() throws {
    progress.enter(.committing)
    var offsets: [PartitionOffset] = []
    var records: [TopicPartition: [UInt8]] = [:]
    for task in tasks.values where task.isDirty {
      records[task.partition] = try writer.writeState(of: task, by: identity)
      offsets.append(PartitionOffset(task.partition, task.nextOffset))
    }
    checkOwnership(of: offsets)
    try writer.commit(offsets, of: settings.app, member: share == nil ? consumer : nil)
    hasOpenWork = false
    for task in tasks.values where task.isDirty {
      try commitToStore(task, records[task.partition] ?? [])
      task.noteCommitted()
    }
    keepMemory()
    openSize = 0
    totals.commits += 1
    settledTotals = totals
    observe(.committed(totalsNow()))
  }

  /// Brokers check who a member is and which generation of the group it knows, but not whose a partition is.
  private func checkOwnership(of offsets: [PartitionOffset]) {
    let owned = Set(share == nil ? consumer.assignment : fixedPartitions)
    precondition(
      offsets.allSatisfy { owned.contains($0.partition) }, "a transaction holds a partition that is not this lane's")
  }

  /// What was done so far, with how things stand.
  func totalsNow() -> LaneTotals {
    var now = totals
    now.profiles = tasks.values.reduce(0) { $0 + $1.engine.profileCount }
    now.engines = tasks.values.reduce(EngineCounts()) { $0 + $1.engine.counts }
    for plan in plans.all {
      now.unknownEvents += plan.intake.reader.unknownEvents.total
      now.wrongTypes += plan.intake.reader.wrongTypes.reduce(0) { $0 + $1.count }
      now.overflows += plan.intake.reader.overflows
    }
    now.clock = tasks.values.map { $0.engine.clock }.min() ?? .distantPast
    return now
  }
}
