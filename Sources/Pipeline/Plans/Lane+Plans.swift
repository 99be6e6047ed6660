internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// How a task comes under the definitions of today (architecture.md, "When definitions change"): where only the log knows
/// what is new in them, it is read from its start for them, while those of before stay in force; then the profiles are
/// adopted, and the differences told.
extension Lane {
  /// Looks at tasks that have just come to the lane, and at those for which the log has been read.
  func followDefinitions() throws {
    for task in tasks.values {
      if task.adoption != nil { try adopt(task) }
      if !task.followsDefinitions { try follow(task) }
      if task.successor?.hasCaughtUp ?? false { try succeed(task) }
    }
  }

  private func follow(_ task: PartitionTask<World.Store>) throws {
    let target = try definitionsToFollow(task)
    task.followsDefinitions = true
    if target.number == task.standing.inForce {
      try giveUpSuccessor(of: task)
      return keepWhatIsTold(task, target)
    }
    if task.standing.filling?.plan == target.number { return }
    try giveUpSuccessor(of: task)
    let succession = Succession(from: task.record.dictionary, to: target.plan, at: task.engine.clock)
    let record = target.record(succession.dictionary)
    observe(
      .definitionsChanged(
        partition: task.partition.partition, needsLog: succession.needsLog, audiences: target.plan.audiences.count))
    task.write(record)
    guard succession.needsLog else { return try beginAdoption(task, of: target) }
    let kept = PlanStanding.Filling(
      plan: target.number, nextOffset: ground.beginnings[task.partition.partition] ?? 0, clock: .distantPast)
    let engine = PartitionEngine(plan: target.plan, hasStore: task.store != nil, isFilling: true)
    task.successor = Successor(target, record, engine: engine, kept: kept)
    task.standing.filling = kept
    try openWork()
    task.isDirty = true
    stopReadingLog()
  }

  /// The definitions of the process, unless others were brought later by a process that has had the task before: this one
  /// was only not started again yet.
  private func definitionsToFollow(_ task: PartitionTask<World.Store>) throws(LaneError) -> Definitions {
    let newest = task.successor?.record ?? task.record
    guard newest.number != plans.own.number, newest.introducedAt > plans.own.readAt else { return plans.own }
    observe(.newerDefinitions(partition: task.partition.partition))
    return try plans.definitions(newest, settings.changelog)
  }

  /// Names and versions may have changed where nothing else has: they are kept for whoever goes by them later.
  private func keepWhatIsTold(_ task: PartitionTask<World.Store>, _ target: Definitions) {
    let dictionary = PlanDictionary(target.plan, departed: task.record.dictionary.departed)
    guard dictionary != task.record.dictionary, target.readAt > task.record.introducedAt else { return }
    task.record = target.record(dictionary)
    task.write(task.record)
  }

  /// What was read for a plan that is not to be in force any more is removed.
  private func giveUpSuccessor(of task: PartitionTask<World.Store>) throws {
    var ids = task.leftovers
    if let store = task.store, task.standing.filling != nil {
      ids = try store.filledIds()
    } else if let successor = task.successor {
      _ = successor.engine.forEachState(from: 0, most: .max) { ids.append(Array($0.id.buffer)) }
    }
    (task.leftovers, task.successor, task.standing.filling) = ([], nil, nil)
    for id in ids { id.withUnsafeBytes { task.remove(filled: Bytes($0)) } }
    task.removeOtherPlans()
    if task.unwritten.isEmpty { return }
    try openWork()
    task.isDirty = true
    stopReadingLog()
  }

  /// The plan that the log was read for comes into force.
  private func succeed(_ task: PartitionTask<World.Store>) throws {
    guard let successor = task.successor else { return }
    try task.store?.prepare(&successor.engine, successor.shelf, toAdvanceTo: task.engine.clock)
    successor.engine.advance(to: task.engine.clock)
    try beginAdoption(task, of: successor.definitions)
  }
}
