internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// The log is read once more, from its start, for plans that are to be in force: a slice at a time beside the records that
/// come, and never further than these have been read.
extension Lane {
  private static var tellEachMs: Int64 { 1000 }
  private static var timeoutMs: Int32 { 30_000 }

  /// Whether a plan is on its way for one of the lane's partitions.
  var isFilling: Bool { tasks.values.contains { $0.successor != nil } }

  /// Reads a slice of the log; a longer one where the lane has nothing else to do.
  func readLog(isDrained: Bool, nowMs: Int64) throws {
    let reader = try logReader ?? startReadingLog()
    let pace = settings.successionPace
    let endMs = nowMs + (isDrained ? pace.idleSliceMs : pace.sliceMs)
    var isAtPause = false
    while !isAtPause, world.monotonicMs() < endMs {
      for _ in 0..<pace.recordsPerLook where !isAtPause { isAtPause = try !readOne(reader, mayWait: isDrained) }
    }
    try keepSometimes(nowMs)
  }

  private func startReadingLog() throws(KafkaError) -> World.Reader {
    var options = ConsumerOptions(group: settings.app)
    options.withoutOffset = .beginning
    let reader = try world.reader(options, waitMs: 10)
    logReader = reader
    let starts = tasks.values.compactMap { task in task.successor.map { (task.partition, $0.nextOffset) } }
    try reader.assignAtOnce(starts.map { ($0.0, $0.1 > 0 ? .at($0.1) : .beginning) }, timeoutMs: Self.timeoutMs)
    return reader
  }

  /// What was fetched is of no use any more; whoever goes on begins where each task stands.
  func stopReadingLog() {
    logReader?.close(timeoutMs: 5000)
    logReader = nil
  }

  /// Takes the next record or event; false where there is none for now, or a task has caught up.
  private func readOne(_ reader: World.Reader, mayWait: Bool) throws -> Bool {
    switch try poll(reader, waitMs: mayWait ? 5 : 0) {
    case .message(let message):
      let number = Int(message.partition)
      guard number < taskOfPartition.count, let task = taskOfPartition[number], let successor = task.successor,
        message.offset >= successor.nextOffset, !successor.hasCaughtUp
      else { return true }
      guard message.offset < task.nextOffset else {
        successor.hasCaughtUp = true
        return false
      }
      try apply(message, to: successor, of: task)
      return true
    case .endOfPartition(let partition, let offset):
      guard let task = tasks[partition], let successor = task.successor else { return true }
      successor.nextOffset = max(successor.nextOffset, offset)
      if successor.nextOffset >= task.nextOffset { successor.hasCaughtUp = true }
      return !successor.hasCaughtUp
    default: return false
    }
  }

  private func apply(
    _ message: borrowing Message, to successor: Successor, of task: PartitionTask<World.Store>
  ) throws {
    successor.nextOffset = message.offset + 1
    guard let value = message.value, case .record(let record) = successor.intake.read(value),
      let time = settledTime(of: record, message.timestampMs)
    else { return }
    let merges = record.mergesWithinPartition(of: ground.partitionCount)
    try task.store?.prepare(&successor.engine, successor.shelf, for: record, at: time, merges: merges)
    successor.engine.apply(record, at: time, merges: merges)
  }

  /// Has the next commit hold what was read: a start in the middle goes on from there.
  func keepWhatWasReadOfLog() throws(KafkaError) {
    for task in tasks.values { try keepWhatWasRead(of: task) }
  }

  private func keepWhatWasRead(of task: PartitionTask<World.Store>) throws(KafkaError) {
    guard let successor = task.successor, successor.filling != successor.kept else { return }
    successor.isToBeKept = true
    try openWork()
    task.isDirty = true
  }

  /// The same now and then, and tells how far it is.
  private func keepSometimes(_ nowMs: Int64) throws(KafkaError) {
    let pace = settings.successionPace
    for task in tasks.values {
      guard let successor = task.successor, !successor.isToBeKept else { continue }
      guard nowMs >= successor.keepAtMs || successor.engine.dirtyCount >= pace.mostChanged else { continue }
      successor.keepAtMs = nowMs + pace.keepEachMs
      try keepWhatWasRead(of: task)
    }
    guard nowMs >= tellFillingAtMs else { return }
    tellFillingAtMs = nowMs + Self.tellEachMs
    for task in tasks.values {
      guard let successor = task.successor else { continue }
      observe(
        .filling(partition: task.partition.partition, offset: successor.nextOffset, of: task.nextOffset))
    }
  }
}
