internal import Audiences
public import Events

/// The three steps of the clock (language, section 2).
extension PartitionEngine {
  /// Applies a record whose time has been settled: not later than the record itself.
  ///
  /// 1. The clock becomes the later of itself and the record's time. 2. Every profile with a due instant before the clock
  /// is evaluated at it, in order. 3. The event is applied to its profile, and that profile is evaluated at the clock.
  ///
  /// - Parameter merges: whether a profile that the record merges is in this partition, if it is anywhere.
  /// - Precondition: where a store is beside the engine, `prepare` asks for nothing more.
  public mutating func apply(_ record: Record, at time: Instant, merges: Bool = true) {
    profiles.releaseForgotten()
    if time < clock { counts.late += 1 }
    clock = max(clock, time)
    settleAll(before: clock)
    take(record, at: time, merges: merges)
    if hasStore { absent.removeAll(keepingCapacity: true) }
  }

  private mutating func take(_ record: Record, at time: Instant, merges: Bool) {
    let known = find(record.profile, hash: record.profileHash)
    if record.kind == .delete { return erase(known) }
    let slot = known ?? begin(record.profile)
    if profiles[slot].hasMoved { resume(slot) }
    guard isNew(record, in: slot) else { return profiles.use(slot) }
    counts.applied += 1
    if profiles[slot].arrivals < .max { profiles[slot].arrivals += 1 }  // further ones count as arrived together
    profiles.markDirty(slot)
    // Whoever is known by other identifiers afterwards is told of again where they are in.
    let mayBeKnownAnew = record.statesIdentifiers || !record.merged.isEmpty
    let identity = mayBeKnownAnew ? identity(of: profiles[slot]) : 0
    let changeCount = changes.count
    let cause = absorb(record, at: time, merges: merges, into: slot)
    evaluate(slot, at: clock, because: cause)
    if mayBeKnownAnew, !isFilling, self.identity(of: profiles[slot]) != identity {
      tellUpdates(of: slot, since: changeCount, because: cause)
    }
  }

  /// Takes what a record says into its profile, and tells for what this is to be evaluated.
  private mutating func absorb(
    _ record: Record, at time: Instant, merges: Bool, into slot: ProfileTable.Slot
  ) -> Change.Reason {
    if record.kind == .event {
      if record.event != Record.unknownEvent { feed(record, at: time.ms, into: slot) }
      if record.statesIdentifiers { setIdentifiers(record, at: time.ms, in: slot) }
      return .event(record.event)
    }
    if !record.merged.isEmpty && !merges { counts.unmerged += 1 }
    let hasMerged = merges && merge(record, into: slot)
    if record.kind == .identify { setTraits(record, at: time.ms, in: slot) }
    if record.statesIdentifiers { setIdentifiers(record, at: time.ms, in: slot) }
    return hasMerged || record.kind == .alias ? .merged : .trait
  }

  private mutating func erase(_ slot: ProfileTable.Slot?) {
    guard let slot else { return }
    counts.erased += 1
    erase(slot)
  }

  /// Moves the profile that a record merges, if there is one.
  private mutating func merge(_ record: Record, into known: ProfileTable.Slot) -> Bool {
    guard !record.merged.isEmpty, let slot = find(record.merged, hash: Hash64.of(record.merged)),
      !profiles[slot].hasMoved
    else { return false }
    counts.merged += 1
    merge(slot, into: known)
    return true
  }

  /// Says that a record of a profile will be applied in a few steps. It changes nothing but how long that takes: where
  /// the profile has not been seen for a while, its memory is on the way when it is wanted.
  public func expect(_ record: Record) { profiles.expect(record.profileHash) }

  /// Says that a record, which was expected before, is the next to be applied but one.
  public func approach(_ record: Record) { profiles.approach(record.profileHash) }

  /// Moves the clock on without an event: the partition's end was reached, and time has passed.
  public mutating func advance(to instant: Instant) {
    profiles.releaseForgotten()
    clock = max(clock, instant)
    settleAll(before: clock)
  }

  /// Moves the clock on, and evaluates what is due at the instant itself too: no event of that instant is to come.
  public mutating func finish(at instant: Instant) {
    profiles.releaseForgotten()
    clock = max(clock, instant)
    settleAll(before: Instant(ms: clock.ms + 1))
  }

  /// The profile of an id, if there is one.
  private mutating func find(_ id: Bytes, hash: UInt64) -> ProfileTable.Slot? {
    let slot = profiles.slot(of: id, hash: hash)
    precondition(slot != nil || !hasStore || isKnown(hash), "a profile is needed that was not looked for in the store")
    return slot
  }

  private mutating func begin(_ id: Bytes) -> ProfileTable.Slot {
    let slot = profiles.begin(id, leaves: emptyLeaves)
    for audience in plan.audiences.indices { affectedAudiences.insert(audience) }
    return slot
  }

  /// Whether a record is none of the last ones over again; remembers it if so.
  private mutating func isNew(_ record: Record, in slot: ProfileTable.Slot) -> Bool {
    if record.messageHash != 0, profiles.hasSeen(message: record.messageHash, in: slot) {
      counts.duplicates += 1
      return false
    }
    guard record.kind == .event, record.event != Record.unknownEvent,
      let path = plan.uniqueOfEvent[Int(record.event)]
    else { return true }
    record.values(at: path, into: &values)
    if profiles.hasSeen(values, ofEvent: record.event, in: slot) {
      counts.repeatedEvents += 1
      profiles.markDirty(slot)
      return false
    }
    profiles.remember(values, ofEvent: record.event, in: slot)
    return true
  }

  /// Evaluates every profile with a due instant before `end`, at it, in order, as far as they are in memory.
  ///
  /// - Returns: the hash of one that may be due and is not in memory: there it goes on.
  mutating func settle(before end: Instant) -> UInt64? {
    while due.firstAt < end {
      let next = due.removeFirst()
      if let upcoming = due.upcoming { profiles.expect(upcoming.hash) }  // its memory is on the way meanwhile
      var isOfUse = false
      var place = profiles.index.home(of: next.hash)
      while let found = profiles.index.next(next.hash, from: &place) {
        let profile = Profile(base: found.block, layout: profiles.layout)
        // The index knows half of the hash: somebody else may stand there who is due at the same instant.
        if profile.armedMs != next.at.ms || Hash64.of(profile.id) != next.hash { continue }
        isOfUse = true
        wake(found.slot, at: next.at)
      }
      if hasStore, !isOfUse, mustLoad(next) {
        due.add(next)  // it comes up again as the next one
        return next.hash
      }
      if due.firstAt >= end, let upcoming = due.upcoming { profiles.approach(upcoming.hash) }
    }
    return nil
  }

  private mutating func settleAll(before end: Instant) {
    let missing = settle(before: end)
    precondition(missing == nil, "a profile is due that was not loaded")
  }

  /// An entry of the queue has come up for a profile. An earlier one may have been added since, and have come up.
  private mutating func wake(_ slot: ProfileTable.Slot, at instant: Instant) {
    let profile = profiles[slot]
    profile.armedMs = .max
    if profile.dueMs > instant.ms { return arm(slot) }
    profiles.markDirty(slot)
    evaluate(slot, at: instant, because: .expired)
  }

  /// Notes when the profile is due next.
  mutating func schedule(_ slot: ProfileTable.Slot, at now: Instant) {
    let profile = profiles[slot]
    profile.dueMs = min(profile.earliestDueMs(), nextEnding(of: profile, after: now.ms))
    arm(slot)
  }

  /// Sees to it that the queue has an entry for the profile that is early enough. One that is too early costs a look
  /// when it comes up, which is less than a new entry each time that an event puts the due instant off.
  mutating func arm(_ slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    if profile.dueMs >= profile.armedMs { return }
    profile.armedMs = profile.dueMs
    due.add(DueQueue.Entry(at: Instant(ms: profile.dueMs), hash: Hash64.of(profile.id)))
  }
}
