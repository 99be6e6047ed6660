internal import Engine
internal import Kafka
internal import ProfileStore

// Who owns a partition where the group does not say so.
//
// The lane's own transactional id fences the former process of its number. Where the number of lanes has changed, another
// id may still be at work on the partition, so every id that the partition's task record names is fenced as well. And
// because a process may have read these records without having written any yet, whoever takes over signs first (an empty
// transaction with its name and a session), and looks who else has signed before: of two that begin at the same time the
// later one in the log fences the earlier.

extension Lane {
  private static var timeoutMs: Int32 { 30_000 }

  /// The partitions that are this lane's by arithmetic.
  var fixedPartitions: [TopicPartition] {
    share?.partitions(of: settings.input, count: ground.partitionCount) ?? []
  }

  /// Reads what the partitions' profiles are, once nobody else can change them.
  ///
  /// - Parameter former: the tasks as they were before a transaction failed, if the lane had them.
  func restoredUnderFence(
    _ partitions: [TopicPartition], former: [TopicPartition: PartitionTask<World.Store>] = [:]
  ) throws -> [TopicPartition: PartitionTask<World.Store>] {
    if share != nil { try checkGroupIsEmpty() }
    var former = former
    let numbers = partitions.map(\.partition).sorted()
    let startedMs = world.monotonicMs()
    while true {
      progress.enter(.restoring)
      observe(.restoring(partitions: numbers))
      var restoration = try Restoration(world, settings, ground, plans, stop, progress)
      try openStores(of: partitions, restoration)
      try restoration.read(
        partitions, into: stores, former: former, of: identity, mustFence: mustFence,
        tell: { observe(.restoreProgress(partitions: numbers, $0)) })
      // What was read while somebody could write may not fit together.
      if try fence(restoration.writers) {
        former = [:]
        continue
      }
      let taken = try restoration.tasks()
      for task in taken.values { try checkIsThere(task) }
      if share != nil {
        try sign(taken)
        if try fence(restoration.writers(before: identity)) {
          former = [:]
          continue
        }
      }
      let profiles = taken.values.reduce(0) { $0 + $1.engine.profileCount }
      observe(
        .restored(
          partitions: numbers, profiles: profiles, records: restoration.reading.records,
          tookMs: world.monotonicMs() - startedMs))
      return taken
    }
  }

  /// Fences those writers that nothing else does.
  /// - Returns: whether there were any; they may have written until now.
  private func fence(_ writers: Set<TaskWriter>) throws(KafkaError) -> Bool {
    let unfenced = writers.filter(mustFence)
    for id in Set(unfenced.map(\.transactionalId)).sorted() {
      let producer = try world.writer(transactionalId: id)
      defer { producer.close(timeoutMs: 5000) }
      progress.enter(.fencing)
      try producer.initialize(timeoutMs: Self.timeoutMs)
      observe(.fenced(transactionalId: id))
    }
    fenced.formUnion(unfenced)
    return !unfenced.isEmpty
  }

  /// The group's members are fenced by its generation, this lane's own id by its producer.
  private func mustFence(_ writer: TaskWriter) -> Bool {
    writer.transactionalId != settings.transactionalId && !fenced.contains(writer)
      && (share != nil || writer.transactionalId.hasPrefix(settings.fixedPrefix))
  }

  /// Commits the tasks as they are, under a new session.
  private func sign(_ taken: [TopicPartition: PartitionTask<World.Store>]) throws {
    identity.session = world.randomNumber()
    for (partition, task) in taken {
      add(task, for: partition)
      task.isDirty = true
    }
    defer { removeTasks() }
    try openWork()
    try commit()
  }

  /// Before the lane fences others again after a failure: whether it was itself fenced by somebody who goes on with its
  /// partitions. Its producer may as well have been shut out because its transaction took too long.
  func checkNobodyTookOver(after error: KafkaError?) throws {
    guard share != nil else { return }
    if hasShare,
      let other = try ChangelogTail(world, settings).writers(of: fixedPartitions).first(where: { $0 != identity })
    {
      throw takenOver("it writes to \(settings.changelog) as '\(other.transactionalId)'")
    }
    // Who has just fenced may not have written yet. Brokers answer the end of a transaction with UNKNOWN where the fence
    // falls into it.
    guard hasOpenWork, let error, error.kind == .fenced || error.code == "UNKNOWN" else { return }
    let openSinceMs = commitDueMs - settings.commitIntervalMs
    if world.monotonicMs() - openSinceMs < settings.transactionTimeoutMs {
      throw takenOver("transactional id '\(settings.transactionalId)' was shut out within a transaction")
    }
  }

  private func takenOver(_ how: String) -> LaneError {
    LaneError(
      "another process has taken over partitions of this one, which stood still or was replaced: \(how)",
      advice: "if nobody meant to start a second one, look for two with the same --instance, or with another number of "
        + "--processes or --lanes")
  }

  /// Members of the group and lanes by arithmetic would not know of each other.
  private func checkGroupIsEmpty() throws {
    let members = try world.memberCount(ofGroup: settings.app, timeoutMs: Self.timeoutMs)
    guard members > 0 else { return }
    throw LaneError(
      "consumer group '\(settings.app)' has \(members) members, so partitions cannot be owned by arithmetic beside it",
      advice: "stop the processes that run with --assign group; the group forgets them after their session.timeout.ms")
  }
}
