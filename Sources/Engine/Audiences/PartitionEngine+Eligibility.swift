internal import Audiences
internal import Events

/// Who is eligible (language, section 5, steps 1 and 2).
extension PartitionEngine {
  /// Decides the audiences whose answers may have changed, each after those that its condition asks for, and then the
  /// statuses that depend on them.
  mutating func decide(at now: Instant, because cause: Change.Reason, in slot: ProfileTable.Slot) {
    if affectedAudiences.isEmpty && unsettled.isEmpty { return }
    let before = profiles[slot].eligible
    for word in 0..<plan.audienceWords { formerlyEligible[word] = before[word] }
    while let number = affectedAudiences.popFirst() { decide(number, at: now, because: cause, in: slot) }
    while let number = unsettled.popFirst() { arbitrate(number, at: now, because: cause, in: slot) }
    isSettlingSuccession = false
  }

  private mutating func decide(
    _ number: Int, at now: Instant, because cause: Change.Reason, in slot: ProfileTable.Slot
  ) {
    let audience = tables.audiences.row(number)
    let holds = self.holds(audience, in: profiles[slot])
    let word = number >> 6
    let bit = UInt64(1) << UInt64(number & 63)
    let was = profiles[slot].eligible[word] & bit != 0
    var reason = cause
    var isEligible = holds
    if audience.pointee.hasSpell {
      isEligible = goOn(number, holds: holds, was: was, at: now.ms, in: slot, &reason)
    }
    if now.ms >= audience.pointee.retireMs {
      isEligible = false
      reason = .definition
    }
    if isEligible == was { return }
    profiles[slot].eligible[word] ^= bit
    if isSettlingSuccession, succession?.inherits[number] == false { reason = .definition }
    reasons[number] = cause == .merged ? .merged : reason
    for index in audience.pointee.dependents.range { affectedAudiences.insert(Int(tables.audienceNumbers[index])) }
    if isFilling { return }
    for index in audience.pointee.settles.range { unsettled.insert(Int(tables.audienceNumbers[index])) }
  }

  /// Walks an audience's condition over the answers of leaves and audiences.
  private mutating func holds(_ audience: UnsafePointer<AudienceRow>, in profile: Profile) -> Bool {
    var step = audience.pointee.start
    while step >= 0 {
      let decision = tables.decisions.row(Int(step))
      let isTrue = profile.leaves[Int(decision.pointee.word)] & decision.pointee.mask != 0
      step = isTrue ? decision.pointee.whenTrue : decision.pointee.whenFalse
    }
    return step == Decision.yes
  }

  /// Hold, stay and rejoin: whether a profile whose condition holds, or does not, is eligible from now on.
  private mutating func goOn(
    _ number: Int, holds: Bool, was: Bool, at nowMs: Int64, in slot: ProfileTable.Slot, _ reason: inout Change.Reason
  ) -> Bool {
    guard let spell = plan.audiences[number].spell else { return holds }
    if !holds && !was, !knowsSpell(of: number, in: slot) { return false }
    let (part, entry) = profiles.spell(of: number, in: slot)
    let runsOut = was && spell.stayMs.map { nowMs >= entry.eligibleSinceMs.saturating(plus: $0) } ?? false
    if holds {
      if entry.holdsSinceMs == Spells.nothing { entry.holdsSinceMs = nowMs }
      if runsOut { entry.hasStayedOut = true }
    } else {
      entry.holdsSinceMs = Spells.nothing
      entry.hasStayedOut = false
    }
    let opensMs = Self.opens(entry, spell)
    let isRetired = nowMs >= tables.audiences[number].retireMs
    let isEligible = holds && !entry.hasStayedOut && !runsOut && nowMs >= opensMs && !isRetired
    if was && !isEligible { entry.ceasedAtMs = nowMs }
    if !was && isEligible { entry.eligibleSinceMs = nowMs }
    if isEligible {
      entry.dueMs = spell.stayMs.map { entry.eligibleSinceMs.saturating(plus: $0) } ?? .max
    } else {
      entry.dueMs = holds && !entry.hasStayedOut && opensMs > nowMs ? opensMs : .max
    }
    part.dueMs = Spells(part: part).earliestDueMs
    if runsOut { reason = .stay }
    return isEligible
  }

  private mutating func knowsSpell(of number: Int, in slot: ProfileTable.Slot) -> Bool {
    profiles[slot].part(.spells).map { Spells(part: $0).has(number) } ?? false
  }

  /// The instant at which hold and rejoin have both run, for a condition that holds.
  private static func opens(_ entry: SpellEntry, _ spell: Spell) -> Int64 {
    if entry.holdsSinceMs == Spells.nothing { return .max }
    var opensMs = entry.holdsSinceMs.saturating(plus: spell.holdMs)
    if let rejoinMs = spell.rejoinMs, entry.ceasedAtMs != Spells.nothing {
      opensMs = max(opensMs, entry.ceasedAtMs.saturating(plus: rejoinMs))
    }
    return opensMs
  }
}

extension Int64 {
  /// The sum, or the largest or smallest number where it is beyond 64 bits.
  func saturating(plus other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }
}
