internal import Audiences
internal import Engine
internal import Events
internal import Kafka

extension Lane {
  /// Commits the open transaction: changes, states and offsets together.
  func commit() throws(KafkaError) {
    var offsets: [PartitionOffset] = []
    for task in tasks.values where task.isDirty {
      try writer.writeState(of: task, plan)
      offsets.append(PartitionOffset(task.partition, task.nextOffset))
    }
    try writer.commit(offsets, group: consumer.groupMetadata())
    for task in tasks.values where task.isDirty {
      task.engine.clearDirty()
      task.isDirty = false
    }
    hasOpenWork = false
    openRecords = 0
    totals.commits += 1
    settledTotals = totals
    observe(.committed(totalsNow()))
  }

  /// What was done so far, with how things stand.
  func totalsNow() -> LaneTotals {
    var now = totals
    now.profiles = tasks.values.reduce(0) { $0 + $1.engine.profileCount }
    now.engines = tasks.values.reduce(EngineCounts()) { $0 + $1.engine.counts }
    now.unknownEvents = intake.reader.unknownEvents.total
    now.wrongTypes = intake.reader.wrongTypes.reduce(0) { $0 + $1.count }
    now.overflows = intake.reader.overflows
    now.clock = tasks.values.map { $0.engine.clock }.min() ?? .distantPast
    return now
  }
}
