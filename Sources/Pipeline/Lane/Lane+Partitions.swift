internal import Engine
internal import Events
internal import Kafka

extension Lane {
  private static let timeoutMs: Int32 = 30_000

  /// Takes partitions over, in this order (architecture.md): the former owner is fenced by the group's generation; the
  /// stable committed offsets; the changelog up to its last stable offset; then records.
  func takeOver(_ partitions: [TopicPartition]) throws {
    let taken = try restored(partitions)
    for (partition, task) in taken { add(task, for: partition) }
    try consumer.acceptAssignment(startingAt: taken.mapValues { start(of: $0) })
  }

  /// Gives partitions up: what is open is committed first, unless another process may own them by now.
  func release(_ partitions: [TopicPartition], lost: Bool) throws(KafkaError) {
    if hasOpenWork {
      if lost { try replaceWriter() } else { try commit() }
    }
    removeTasks()
    try consumer.acceptRevocation()
    observe(.released(partitions: partitions.map(\.partition).sorted(), lost: lost))
  }

  /// Begins again where the last commit left off, with the partitions that are this lane's.
  func restart() throws {
    let partitions = consumer.assignment
    removeTasks()
    guard !partitions.isEmpty else { return }
    let taken = try restored(partitions)
    for (partition, task) in taken { add(task, for: partition) }
    try consumer.assign(taken.map { ($0.key, start(of: $0.value)) })
  }

  private func restored(_ partitions: [TopicPartition]) throws -> [TopicPartition: PartitionTask] {
    let numbers = partitions.map(\.partition).sorted()
    observe(.restoring(partitions: numbers))
    let startedMs = WallClock.monotonicMs()
    let committed = try consumer.committed(partitions, timeoutMs: Self.timeoutMs)
    var restoration = Restoration(settings, plan)
    let taken = try restoration.read(partitions, committed: committed)
    let profiles = taken.values.reduce(0) { $0 + $1.engine.profileCount }
    observe(
      .restored(
        partitions: numbers, profiles: profiles, records: restoration.records,
        tookMs: WallClock.monotonicMs() - startedMs))
    return taken
  }

  private func start(of task: PartitionTask) -> StartOffset {
    task.nextOffset > 0 ? .at(task.nextOffset) : .beginning
  }

  private func add(_ task: PartitionTask, for partition: TopicPartition) {
    tasks[partition] = task
    let number = Int(partition.partition)
    while taskOfPartition.count <= number { taskOfPartition.append(nil) }
    taskOfPartition[number] = task
  }

  private func removeTasks() {
    tasks = [:]
    taskOfPartition = []
  }
}
