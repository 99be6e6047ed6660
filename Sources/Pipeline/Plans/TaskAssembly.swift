internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// Puts a task together from what its changelog says.
struct TaskAssembly<World: LaneWorld> {
  let filling: Filling<World>
  let plans: LanePlans
  /// For messages.
  let changelog: TopicPartition
  let nowMs: Int64

  private var own: Definitions { plans.own }
  private var store: World.Store? { filling.store }

  /// The task; to be asked for once.
  ///
  /// - Throws: `LaneError` where plans cannot be read, or `StoreError`.
  func task() throws -> PartitionTask<World.Store> {
    guard let record = filling.record else { return try begun() }
    let standing = record.plans ?? PlanStanding(inForce: 0)
    // Versions that told no plan are of the definitions of today.
    let planRecord =
      record.plans == nil ? own.record(PlanDictionary(own.plan), number: 0) : try self.record(standing.inForce)
    try filling.commitCounted(Shelf(.profiles, plan: standing.inForce))
    if let former = filling.former, filling.isOwn, isStill(former, standing) {
      return try goBack(former, record, planRecord, standing)
    }
    let definitions = record.plans == nil ? own : try plans.definitions(planRecord, "\(changelog)")
    let succession = try standing.adoptedFrom.map {
      Succession(from: try self.record($0).dictionary, to: definitions.plan, at: record.clock)
    }
    let task = PartitionTask<World.Store>(
      filling.partition, engine: try engine(definitions, standing, succession), plans.plan(definitions), planRecord,
      standing, filling.book, nextOffset: record.nextOffset, store: store, changelogOffset: filling.nextOffset ?? 0)
    task.engine.restore(clock: record.clock)
    try putBeside(task, standing)
    if let adoptedFrom = standing.adoptedFrom, let succession {
      task.adoption = try adoption(task, from: try self.record(adoptedFrom), succession)
    }
    return task
  }

  /// A task of which nothing was read yet.
  private func begun() throws(StoreError) -> PartitionTask<World.Store> {
    try filling.commit()
    let record = own.record(PlanDictionary(own.plan))
    let task = PartitionTask<World.Store>(
      filling.partition, engine: PartitionEngine(plan: own.plan, hasStore: store != nil), plans.plan(own), record,
      PlanStanding(inForce: own.number), filling.book, nextOffset: filling.beginning, store: store,
      changelogOffset: filling.nextOffset ?? 0)
    task.write(record)
    task.followsDefinitions = true
    return task
  }

  private func engine(
    _ definitions: Definitions, _ standing: PlanStanding, _ succession: Succession?
  ) throws -> PartitionEngine {
    guard let store else {
      return try reading { () throws(CodecError) in
        try filling.profiles.engine(under: definitions, standing.inForce, succession)
      }
    }
    var engine = PartitionEngine(plan: definitions.plan, hasStore: true, succession: succession)
    if succession == nil {
      try store.introduce(to: &engine)
    } else {
      try store.introduce(Shelf(.profiles, plan: standing.inForce), to: &engine)
    }
    return engine
  }

  /// Puts beside a task what the log was read for: for a plan that is to follow, or that is in force and still adopts.
  private func putBeside(_ task: PartitionTask<World.Store>, _ standing: PlanStanding) throws {
    if store == nil {
      task.leftovers = try reading { () throws(CodecError) in try filling.filled.ids(but: standing.filling?.plan) }
    }
    guard let kept = standing.filling else { return }
    let record = try self.record(kept.plan)
    let definitions = try plans.definitions(record, "\(changelog)")
    task.successor = Successor(definitions, record, engine: try successorEngine(definitions, kept), kept: kept)
  }

  private func successorEngine(_ definitions: Definitions, _ kept: PlanStanding.Filling) throws -> PartitionEngine {
    var engine: PartitionEngine
    if let store {
      engine = PartitionEngine(plan: definitions.plan, hasStore: true, isFilling: true)
      try store.introduce(Shelf(.filled, plan: kept.plan), to: &engine)
    } else {
      engine = try reading { () throws(CodecError) in try filling.filled.engine(under: definitions, kept.plan) }
    }
    engine.restore(clock: kept.clock)
    return engine
  }

  private func adoption(
    _ task: PartitionTask<World.Store>, from former: PlanRecord, _ succession: Succession
  ) throws -> Adoption {
    let source: FormerStates
    if store != nil {
      source = .store(from: 0)
    } else {
      source = try reading { () throws(CodecError) in try filling.profiles.states(under: former.number) }
    }
    let telling = ChangeTelling(succession.plan, countedBy: own.plan, after: succession)
    defer { task.successor = nil }
    return Adoption(from: former, telling, filled: task.successor, source, beganMs: nowMs)
  }

  // MARK: Going back

  /// Whether a task that this lane had stands under the same plans still, so that most of it can stay.
  private func isStill(_ former: PartitionTask<World.Store>, _ standing: PlanStanding) -> Bool {
    store != nil && standing.adoptedFrom == nil && former.adoption == nil
      && former.standing.inForce == standing.inForce
  }

  /// The former task as the last commit left it: what changed since is thrown away, and the rest stays in memory.
  private func goBack(
    _ task: PartitionTask<World.Store>, _ record: TaskRecord, _ planRecord: PlanRecord, _ standing: PlanStanding
  ) throws -> PartitionTask<World.Store> {
    guard let store else { preconditionFailure("without a store nothing comes back") }
    for hash in task.engine.dropDirty() { try store.tellDue(under: hash, to: &task.engine, task.shelf) }
    task.engine.restore(coldProfiles: (store.position?.profiles ?? 0) - task.engine.profilesInMemory)
    task.engine.restore(clock: record.clock)
    task.nextOffset = record.nextOffset
    task.changelogOffset = filling.nextOffset ?? 0
    (task.isDirty, task.isAtEnd) = (false, false)
    (task.record, task.standing, task.book) = (planRecord, standing, filling.book)
    (task.unwritten, task.followsDefinitions, task.successor) = ([], false, nil)
    try putBeside(task, standing)
    return task
  }

  // MARK: Reading

  private func record(_ number: UInt32) throws(LaneError) -> PlanRecord {
    guard let record = try reading({ () throws(CodecError) in try filling.book.record(number) }) else {
      throw LaneError(
        "\(changelog) does not tell which definitions it was kept under",
        advice: "give --app another name: it reads the events from the start under the definitions of today")
    }
    return record
  }

  private func reading<Result: ~Copyable>(_ body: () throws(CodecError) -> Result) throws(LaneError) -> Result {
    do throws(CodecError) {
      return try body()
    } catch {
      throw LaneError("\(changelog) cannot be read: \(error)")
    }
  }
}
