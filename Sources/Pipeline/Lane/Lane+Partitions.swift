internal import Engine
internal import Events
internal import Kafka

extension Lane {
  private static var timeoutMs: Int32 { 30_000 }

  /// Takes partitions over, in this order (architecture.md): the former owner is fenced, by the group's generation or by
  /// the producer's epoch; the stable committed offsets; the changelog up to its last stable offset; then records.
  func takeOver(_ partitions: [TopicPartition]) throws {
    awaited = partitions
    try begin(partitions)
  }

  /// Gives partitions up: what is open is committed first, unless another process may own them by now. Whatever goes
  /// wrong, they are no longer this lane's afterwards: their next owner does again what was not committed.
  func release(_ partitions: [TopicPartition], lost: Bool) throws {
    var problem: (any Error)?
    if !lost {
      do {
        try keepWhatWasReadOfLog()
        if hasOpenWork { try commit() }
        try settleStores()
      } catch {
        problem = error
      }
    }
    if hasOpenWork { giveUpWork() }
    removeTasks()
    stores = [:]
    awaited = nil
    hasShare = false
    try consumer.acceptRevocation()
    observe(.released(partitions: partitions.map(\.partition).sorted(), lost: lost))
    if let problem { throw problem }
  }

  /// Begins again where the last commit left off, with the partitions that are this lane's.
  func restart() throws {
    let former = tasks
    removeTasks()
    guard awaited != nil || !consumer.assignment.isEmpty else { return }
    try begin(awaited ?? consumer.assignment, former: former)
  }

  /// Reads what the partitions' profiles are, and then their records. After a failure on the way it can be done again.
  private func begin(_ partitions: [TopicPartition], former: [TopicPartition: PartitionTask<World.Store>] = [:]) throws
  {
    hasShare = false
    let taken = partitions.isEmpty ? [:] : try restoredUnderFence(partitions, former: former)
    if awaited != nil, share == nil {
      try consumer.acceptAssignment(startingAt: taken.mapValues { start(of: $0) })
    } else {
      try consumer.assign(taken.map { ($0.key, start(of: $0.value)) })
    }
    awaited = nil
    for (partition, task) in taken { add(task, for: partition) }
    hasShare = true
  }

  /// The records that come next must be in the topic still. librdkafka 2.0.2 does not see that a topic was made anew.
  func checkIsThere(_ task: PartitionTask<World.Store>) throws {
    guard task.nextOffset > 0 else { return }
    let range = try consumer.watermarks(task.partition, timeoutMs: Self.timeoutMs)
    guard task.nextOffset < range.low || task.nextOffset > range.high else { return }
    let what =
      task.nextOffset > range.high
      ? "ends at offset \(range.high): the topic was made anew, or has lost records"
      : "begins at offset \(range.low): records were deleted before they were read"
    throw LaneError(
      "\(task.partition) has been read up to offset \(task.nextOffset), but now \(what)",
      advice: "give --app another name: it reads what is there from the start")
  }

  private func start(of task: PartitionTask<World.Store>) -> StartOffset {
    task.nextOffset > 0 ? .at(task.nextOffset) : .beginning
  }

  func add(_ task: PartitionTask<World.Store>, for partition: TopicPartition) {
    tasks[partition] = task
    let number = Int(partition.partition)
    while taskOfPartition.count <= number { taskOfPartition.append(nil) }
    taskOfPartition[number] = task
  }

  /// The tasks go, and what was put into their stores and Kafka has not committed.
  func removeTasks() {
    for store in stores.values { store.discard() }
    stopReadingLog()
    tasks = [:]
    taskOfPartition = []
  }
}
