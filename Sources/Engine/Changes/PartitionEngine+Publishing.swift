internal import Audiences
internal import Events

/// How a change of status is told.
extension PartitionEngine {
  /// Notes the change, or the two changes, that lead from one status to another.
  mutating func publish(
    _ number: Int, from was: AudienceStatus, to status: AudienceStatus, at now: Instant, because reason: Change.Reason,
    in slot: ProfileTable.Slot
  ) {
    profiles[slot].set(status, in: number)
    switch was {
    case .out: break
    case .in: publish(.exited, begins: false, of: number, at: now, because: reason, in: slot)
    case .control: publish(.holdoutEnded, begins: false, of: number, at: now, because: reason, in: slot)
    }
    switch status {
    case .out: break
    case .in: publish(.entered, begins: true, of: number, at: now, because: reason, in: slot)
    case .control: publish(.heldOut, begins: true, of: number, at: now, because: reason, in: slot)
    }
  }

  /// - Parameters:
  ///   - begins: whether it is the begin of a membership, or of being held out.
  ///   - toldAs: how the change calls the audience: see ``Change/audience``.
  mutating func publish(
    _ kind: Change.Kind, begins: Bool, of number: Int, at now: Instant, because reason: Change.Reason,
    in slot: ProfileTable.Slot, toldAs: Int? = nil
  ) {
    var told = ChangeBuffer.Told()
    if tables.audiences[number].hasPayload { tell(kind, of: number, at: now, in: slot, &told) }
    if tables.audiences[number].goesToAds { tellConsent(at: now, in: slot, &told) }
    note(kind, begins: begins, of: number, at: now, because: reason, in: slot, toldAs: toldAs ?? number, &told)
  }

  /// Notes a change with what goes with every one: who the person is.
  mutating func note(
    _ kind: Change.Kind, begins: Bool, of number: Int, at now: Instant, because reason: Change.Reason,
    in slot: ProfileTable.Slot, toldAs: Int, _ told: inout ChangeBuffer.Told
  ) {
    tellIdentifiers(of: slot, &told)
    let (seq, enteredAt) = profiles.recordChange(of: number, begins: begins, at: now, in: slot)
    counts.changes += 1
    changes.append(
      ChangeBuffer.Entry(
        at: now, enteredAt: enteredAt, slot: slot, seq: seq, audience: Int32(toldAs), kind: kind, reason: reason,
        told: told))
  }

  /// Ends all of a profile's memberships, in the order of the audiences, without asking anything.
  mutating func endMemberships(of slot: ProfileTable.Slot, because reason: Change.Reason) {
    for number in plan.audiences.indices {
      let was = profiles[slot].status(in: number)
      if was != .out { publish(number, from: was, to: .out, at: clock, because: reason, in: slot) }
    }
  }
}
