internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// Profiles that were kept under a former plan come under the one in force, so many in a transaction; no record is read
/// before all have.
extension Lane {
  /// Puts a plan in force, once everything under the former one is committed.
  func beginAdoption(_ task: PartitionTask<World.Store>, of definitions: Definitions) throws {
    task.successor?.isToBeKept = task.successor != nil
    try openWork()
    task.isDirty = true
    try commit()
    // What waits for the disk would have to be put in order for every few profiles.
    try task.store?.flush()
    // The clock has moved on since the log was begun to be read.
    let former = task.record
    let succession = Succession(from: former.dictionary, to: definitions.plan, at: task.engine.clock)
    var engine = PartitionEngine(plan: definitions.plan, hasStore: task.store != nil, succession: succession)
    engine.restore(clock: task.engine.clock)
    swap(&engine, &task.engine)
    let telling = ChangeTelling(definitions.plan, countedBy: plans.own.plan, after: succession)
    task.adoption = Adoption(
      from: former, telling, filled: task.successor,
      task.store == nil ? .engine(FormerEngine(engine), place: 0) : .store(from: 0), beganMs: world.monotonicMs())
    task.successor = nil
    task.plan = plans.plan(definitions)
    task.record = definitions.record(succession.dictionary)
    task.write(task.record)
    task.standing.adoptedFrom = former.number
    task.standing.inForce = definitions.number
    stopReadingLog()
    try adopt(task)
  }

  /// Adopts all profiles that are still to be.
  ///
  /// - Throws: besides errors, `StopAsked` where the lane is to end meanwhile: no record may be read before all have been.
  func adopt(_ task: PartitionTask<World.Store>) throws {
    guard let adoption = task.adoption else { return }
    progress.enter(.adopting)
    defer { progress.enter(.reading) }
    while try adoptSome(of: task, adoption) {
      if stop.isRaised { throw StopAsked() }
      progress.step()
    }
    task.standing = PlanStanding(inForce: task.standing.inForce)
    task.removeOtherPlans()
    try openWork()
    task.isDirty = true
    try commit()
    task.adoption = nil
    observe(
      .definitionsInForce(
        partition: task.partition.partition, profiles: task.engine.profileCount, changes: adoption.changes,
        tookMs: world.monotonicMs() - adoption.beganMs))
  }

  /// Adopts the next profiles.
  /// - Returns: whether there may be more.
  private func adoptSome(of task: PartitionTask<World.Store>, _ adoption: Adoption) throws -> Bool {
    try openWork()
    task.isDirty = true
    let before = task.engine.dirtyCount
    let hasMore = try takeSome(of: task, adoption)
    adoption.changes += task.engine.changes.count
    openSize += task.engine.dirtyCount - before
    try drain(task, adoption.telling, offset: max(0, task.nextOffset - 1), cause: .empty)
    if openSize >= settings.commitSize || world.monotonicMs() >= commitDueMs { try commit() }
    return hasMore
  }

  private func takeSome(of task: PartitionTask<World.Store>, _ adoption: Adoption) throws -> Bool {
    switch adoption.source {
    case .engine(let former, let place):
      let next = former.engine.forEachState(from: place, most: settings.successionPace.profilesAtOnce) { state in
        adopt(state, filled: adoption.filled?.engine.state(of: state.id), in: task)
      }
      adoption.source = next.map { .engine(former, place: $0) } ?? .none
      return true
    case .bytes(var states):
      for _ in 0..<min(settings.successionPace.profilesAtOnce, states.count) {
        let (id, state) = states.removeLast()
        try withState(id, state, adoption.former.dictionary.statusWords, in: task) { former in
          adopt(former, filled: adoption.filled?.engine.state(of: former.id), in: task)
        }
      }
      adoption.source = states.isEmpty ? .none : .bytes(states)
      return true
    case .store(let hash):
      guard let store = task.store else { return false }
      let (entries, next) = try store.entries(from: hash, most: settings.successionPace.profilesAtOnce)
      for (key, value) in entries { try adopt(value, underKey: key, of: task, adoption, store) }
      adoption.source = next.map { .store(from: $0) } ?? .none
      return next != nil
    case .none:
      return adoptTheRest(of: task, adoption)
    }
  }

  /// Adopts those whom only the log knows.
  private func adoptTheRest(of task: PartitionTask<World.Store>, _ adoption: Adoption) -> Bool {
    guard let filled = adoption.filled, task.store == nil else { return false }
    let next = filled.engine.forEachState(from: adoption.restPlace, most: settings.successionPace.profilesAtOnce) {
      state in
      if task.engine.state(of: state.id) == nil { adopt(nil, filled: state, in: task) }
    }
    adoption.restPlace = next ?? 0
    return next != nil
  }

  private func adopt(_ former: ProfileState?, filled: ProfileState?, in task: PartitionTask<World.Store>) {
    task.engine.adopt(former, filled: filled)
    if let filled { task.remove(filled: filled.id) }
  }

  /// Adopts a profile that the store has under a former plan, or that only the log knows.
  private func adopt(
    _ value: [UInt8], underKey key: [UInt8], of task: PartitionTask<World.Store>, _ adoption: Adoption,
    _ store: World.Store
  ) throws {
    let words = (former: adoption.former.dictionary.statusWords, now: task.plan.plan.statusWords)
    let kind = key.withUnsafeBytes { ChangelogKey(Bytes($0)) }
    switch kind {
    case .task, .plan: return
    case .profile:
      guard try plan(of: value, in: task) == adoption.former.number else { return }
      let filled = adoption.filled == nil ? nil : try key.withUnsafeBytes { try store.state(of: Bytes($0), .filled) }
      try withState(key, value, words.former, in: task) { former in
        guard let filled else { return adopt(former, filled: nil, in: task) }
        try withState(key, filled, words.now, in: task) { adopt(former, filled: $0, in: task) }
      }
    case .filled(let id):
      let id = Array(id.buffer)
      let profile = try id.withUnsafeBytes { try store.state(of: Bytes($0), .profiles) }
      // It comes with its profile, or has come already.
      if profile != nil || task.engine.isInMemory(id.withUnsafeBytes { Hash64.of(Bytes($0)) }) { return }
      guard try plan(of: value, in: task) == task.standing.inForce else { return }
      try withState(id, value, words.now, in: task) { adopt(nil, filled: $0, in: task) }
    }
  }

  private func plan(of state: [UInt8], in task: PartitionTask<World.Store>) throws -> UInt32 {
    try reading(task) { () throws(CodecError) in try ProfileCodec.head(of: state).plan }
  }

  private func withState(
    _ id: [UInt8], _ state: [UInt8], _ statusWords: Int, in task: PartitionTask<World.Store>,
    _ body: (ProfileState) throws -> Void
  ) throws {
    try id.withUnsafeBytes { id in
      try state.withUnsafeBytes { state in
        try body(
          try reading(task) { () throws(CodecError) in
            try ProfileCodec.decode(Bytes(state), id: Bytes(id), statusWords: statusWords)
          })
      }
    }
  }

  /// What cannot be read in a store is read again from the changelog.
  private func reading<Result>(
    _ task: PartitionTask<World.Store>, _ body: () throws(CodecError) -> Result
  ) throws -> Result {
    do throws(CodecError) {
      return try body()
    } catch {
      guard let store = task.store else { throw LaneError("\(settings.changelog) cannot be read: \(error)") }
      throw StoreError.unreadable(in: store.folder, because: "\(error)")
    }
  }
}
