internal import Audiences
internal import Events

/// The evaluation of one profile at one instant: cells, leaves, audiences.
extension PartitionEngine {
  /// Asks the leaves that a record or the time may have changed, and then the audiences that use those that did.
  mutating func evaluate(_ slot: ProfileTable.Slot, at now: Instant, because cause: Change.Reason) {
    let profile = profiles[slot]
    if profile.isUnevaluated { touchEverything(in: slot) }
    if profile.dueMs <= now.ms { touchDue(profile, at: now.ms) }
    if touchedTraits { touchLeavesOfTraits(in: profile) }
    while let cell = touchedCells.popFirst() { ask(cell, at: now.ms, in: slot) }
    while let leaf = touchedLeaves.popFirst() { ask(leaf: leaf, at: now.ms, in: slot) }
    decide(at: now, because: cause, in: slot)
    schedule(slot, at: now)
  }

  private mutating func touchDue(_ profile: Profile, at nowMs: Int64) {
    for index in 0..<profile.partCount {
      let part = profile.part(at: index)
      if part.dueMs > nowMs { continue }
      let tag = part.tag
      if tag.rawValue < PartTag.firstOther {
        touchedCells.insert(Int(tag.rawValue))
      } else if tag == .traits {
        touchedTraits = true
      } else if tag == .spells {
        let spells = Spells(part: part)
        for place in 0..<spells.count where spells[place].dueMs <= nowMs {
          affectedAudiences.insert(spells[place].audience)
        }
      }
    }
    for ending in plan.endings where ending.at.ms <= nowMs { touch(ending, of: profile) }
  }

  /// A retired audience loses those who are eligible; a holdout that has ended lets its people in.
  private mutating func touch(_ ending: Ending, of profile: Profile) {
    guard Self.isPending(ending, in: profile) else { return }
    switch ending.kind {
    case .audience: affectedAudiences.insert(ending.audience)
    case .holdout:
      affectedAudiences.insert(ending.audience)
      unsettled.insert(ending.audience)
    }
  }

  private static func isPending(_ ending: Ending, in profile: Profile) -> Bool {
    switch ending.kind {
    case .audience: profile.eligible.hasBit(ending.audience)
    case .holdout: profile.controls.hasBit(ending.audience)
    }
  }

  /// The first instant at which the end of an audience or of a holdout concerns a profile.
  mutating func nextEnding(of profile: Profile, after nowMs: Int64) -> Int64 {
    if plan.endings.isEmpty { return .max }
    var earliest = Int64.max
    for ending in plan.endings where ending.at.ms > nowMs && Self.isPending(ending, in: profile) {
      earliest = min(earliest, ending.at.ms)
    }
    return earliest
  }

  private mutating func touchLeavesOfTraits(in profile: Profile) {
    touchedTraits = false
    profile.part(.traits)?.dueMs = .max
    for leaf in plan.leavesOfTraits { touchedLeaves.insert(leaf) }
  }

  private mutating func touchEverything(in slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    profile.isUnevaluated = false
    for (word, bits) in emptyLeaves.enumerated() { profile.leaves[word] = bits }
    for cell in plan.cells.indices { touchedCells.insert(cell) }
    for audience in plan.audiences.indices { affectedAudiences.insert(audience) }
    touchedTraits = true
    if profile.isUnsettled {
      profile.isUnsettled = false
      isSettlingSuccession = true
      for audience in plan.audiences.indices { unsettled.insert(audience) }
    }
  }
}
