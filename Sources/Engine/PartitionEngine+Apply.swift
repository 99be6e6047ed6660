internal import Audiences
public import Events

/// The three steps of the clock (language, section 2).
extension PartitionEngine {
  /// Applies a record whose time has been settled: not later than the record itself.
  ///
  /// 1. The clock becomes the later of itself and the record's time. 2. Every profile with a due instant before the clock
  /// is evaluated at it, in order. 3. The event is applied to its profile, and that profile is evaluated at the clock.
  public mutating func apply(_ record: Record, at time: Instant) {
    if time < clock { counts.late += 1 }
    clock = max(clock, time)
    settle(before: clock)
    let known = profiles.slot(of: record.profile, hash: record.profileHash)
    let slot = known ?? begin(record.profile)
    guard isNew(record, in: slot) else { return }
    counts.applied += 1
    if profiles[slot].arrivals < .max { profiles[slot].arrivals += 1 }  // further ones count as arrived together
    profiles.markDirty(slot)
    if record.kind == .event, record.event != Record.unknownEvent { feed(record, at: time.ms, into: slot) }
    evaluate(slot, at: clock, because: record.kind == .identify ? .trait : .event(record.event))
  }

  /// Says that a record of a profile will be applied in a few steps. It changes nothing but how long that takes: where
  /// the profile has not been seen for a while, its memory is on the way when it is wanted.
  public func expect(_ record: Record) { profiles.expect(record.profileHash) }

  /// Says that a record, which was expected before, is the next to be applied but one.
  public func approach(_ record: Record) { profiles.approach(record.profileHash) }

  /// Moves the clock on without an event: the partition's end was reached, and time has passed.
  public mutating func advance(to instant: Instant) {
    clock = max(clock, instant)
    settle(before: clock)
  }

  /// Moves the clock on, and evaluates what is due at the instant itself too: no event of that instant is to come.
  public mutating func finish(at instant: Instant) {
    clock = max(clock, instant)
    settle(before: Instant(ms: clock.ms + 1))
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
    guard record.event != Record.unknownEvent, let path = plan.uniqueOfEvent[Int(record.event)] else { return true }
    record.values(at: path, into: &values)
    if profiles.hasSeen(values, ofEvent: record.event, in: slot) {
      counts.repeatedEvents += 1
      profiles.markDirty(slot)
      return false
    }
    profiles.remember(values, ofEvent: record.event, in: slot)
    return true
  }

  /// Evaluates every profile with a due instant before `end`, at it, in order.
  private mutating func settle(before end: Instant) {
    while due.firstAt < end {
      let next = due.removeFirst()
      let profile = profiles[next.slot]
      guard profile.armedMs == next.at.ms else { continue }  // an earlier entry was added, and has come up
      profile.armedMs = .max
      if profile.dueMs > next.at.ms {
        arm(next.slot)
      } else {
        profiles.markDirty(next.slot)
        evaluate(next.slot, at: next.at, because: .expired)
      }
    }
  }

  /// Asks the leaves that an event or the time may have changed, and then the audiences that use those that did.
  private mutating func evaluate(_ slot: ProfileTable.Slot, at now: Instant, because reason: Change.Reason) {
    let profile = profiles[slot]
    if profile.isUnevaluated {
      touchEverything(in: slot)
    } else if profile.dueMs <= now.ms {
      touchDueCells(of: profile, at: now)
    }
    while let cell = touchedCells.popFirst() { ask(cell, at: now.ms, in: slot) }
    while let audience = affectedAudiences.popFirst() { decide(audience, at: now, because: reason, in: slot) }
    schedule(slot)
  }

  private mutating func touchDueCells(of profile: Profile, at now: Instant) {
    var at = profile.partsOffset
    let end = profile.usedBytes
    while at < end {
      let part = Part(base: profile.base + at)
      if part.dueMs <= now.ms { touchedCells.insert(Int(part.tag.rawValue)) }
      at += Part.headBytes + part.contentBytes
    }
  }

  private mutating func touchEverything(in slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    profile.isUnevaluated = false
    for (word, bits) in emptyLeaves.enumerated() { profile.leaves[word] = bits }
    for cell in plan.cells.indices { touchedCells.insert(cell) }
    for audience in plan.audiences.indices { affectedAudiences.insert(audience) }
  }

  /// Walks an audience's condition, and notes a change where the profile is in and should not be, or the reverse.
  private mutating func decide(
    _ audience: Int, at now: Instant, because reason: Change.Reason, in slot: ProfileTable.Slot
  ) {
    let profile = profiles[slot]
    let planned = plan.audiences[audience]
    var step = planned.start
    while step >= 0 {
      let decision = planned.decisions[Int(step)]
      let holds = profile.leaves[Int(decision.leaf >> 6)] & (1 << UInt64(decision.leaf & 63)) != 0
      step = holds ? decision.whenTrue : decision.whenFalse
    }
    let word = audience >> 6
    let bit = UInt64(1) << UInt64(audience & 63)
    let isIn = step == Decision.yes
    if (profile.statuses[word] & bit != 0) == isIn { return }
    profile.statuses[word] ^= bit
    let kind = isIn ? Change.Kind.entered : .exited
    let (seq, enteredAt) = profiles.recordChange(kind, of: audience, at: now, in: slot)
    counts.changes += 1
    changes.append(
      ChangeBuffer.Entry(
        at: now, enteredAt: enteredAt, slot: slot, seq: seq, audience: UInt16(audience), kind: kind, reason: reason))
  }

  /// Notes when the profile is due next.
  private mutating func schedule(_ slot: ProfileTable.Slot) {
    profiles[slot].dueMs = profiles[slot].earliestDueMs()
    arm(slot)
  }

  /// Sees to it that the queue has an entry for the profile that is early enough. One that is too early costs a look
  /// when it comes up, which is less than a new entry each time that an event puts the due instant off.
  mutating func arm(_ slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    if profile.dueMs >= profile.armedMs { return }
    profile.armedMs = profile.dueMs
    due.add(DueQueue.Entry(at: Instant(ms: profile.dueMs), slot: slot))
  }
}
