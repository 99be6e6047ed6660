internal import Audiences
internal import Events

/// How profiles that were kept under another plan go on under this one.
///
/// Whoever calls it has two engines stand at the same record and the same instant: the former one, and one of this plan
/// that was fed the log from its start (`isFilling`), where something is new that only the log can tell. Then each
/// profile is adopted, by an engine that has a `succession`. What is still good comes from the former state, above all
/// who is in which audience as far as anybody was told; the rest comes from the filled one.
extension PartitionEngine {
  /// Puts a profile in that was kept under the former plan, and tells the differences between what it is in and what it
  /// should be in. Adopting it again from the same states tells the same; from the state that it had then, nothing.
  ///
  /// What is due at the very instant of the clock is left to happen when the clock moves on, or a record comes before
  /// that, as it would have without a succession; then the differences are told too.
  ///
  /// - Parameters:
  ///   - former: its state under the former plan, with nothing due before the clock; nil where there was none.
  ///   - filled: what the log came to for it under this plan; nil where nothing was filled, or the log has lost it.
  /// - Precondition: the clock stands where those of the states stand. One of the two states is given.
  public mutating func adopt(_ former: ProfileState?, filled: ProfileState?) {
    guard let succession else { preconditionFailure("profiles are adopted by an engine that has a succession") }
    profiles.releaseForgotten()
    guard let slot = put(former, filled, by: succession) else { return }
    profiles.markDirty(slot)
    if profiles[slot].hasMoved { return }
    if let former {
      bidFarewell(to: slot, former, succession)
      if !plan.hasHoldouts { endHoldouts(of: slot, former, succession) }
      introduce(slot)
    }
    let changeCount = changes.count
    if profiles[slot].dueMs <= clock.ms {
      arm(slot)
    } else {
      evaluate(slot, at: clock, because: .definition)
    }
    if former != nil, readsIdentifiersAnew(succession) {
      tellUpdates(
        of: slot, since: changeCount, because: .definition, except: succession.introductions.map(\.audience))
    }
  }

  /// Whether identifiers are read otherwise than before, as phone numbers are with another region.
  private func readsIdentifiersAnew(_ succession: Succession) -> Bool {
    plan.identifiers.contains { succession.isNewTrait[$0] }
  }

  private mutating func put(
    _ former: ProfileState?, _ filled: ProfileState?, by succession: Succession
  ) -> ProfileTable.Slot? {
    guard let state = former ?? filled else { return nil }
    stateDraft.removeAll(statusWords: plan.statusWords)
    // What is left of a profile that has moved is the count of its changes.
    let filled = filled.flatMap { state.hasMoved || $0.hasMoved ? nil : $0 }
    if let former { stateDraft.take(former: former, besides: filled, by: succession, tables) }
    if let filled { stateDraft.take(filled: filled, besides: former, by: succession, tables) }
    if !state.hasMoved {
      stateDraft.takeTraits(former: former, filled: filled, by: succession)
      stateDraft.takeSpells(former: former, filled: filled, by: succession)
    }
    let due = state.hasMoved ? .never : min(state.due, filled?.due ?? .never)
    return stateDraft.withState { statuses, partCount, parts in
      profiles.put(
        ProfileState(
          id: state.id, due: due, arrivals: state.arrivals, statuses: statuses,
          hasMoved: state.hasMoved, isUnsettled: !state.hasMoved, partCount: partCount, parts: parts))
    }
  }

  /// Members of an audience that is gone, or of which somebody is no longer told, leave as far as those are concerned.
  private mutating func bidFarewell(to slot: ProfileTable.Slot, _ former: ProfileState, _ succession: Succession) {
    let words = succession.former.audienceWords
    for (index, farewell) in succession.farewells.enumerated() {
      let kind: Change.Kind
      if former.hasBit(farewell.former, after: words) {
        kind = .exited
      } else if succession.former.hasHoldouts, former.hasBit(farewell.former, after: 2 * words) {
        // Only the warehouse knows of controls.
        if farewell.now < plan.audiences.count, farewell.to.warehouse == .none { continue }
        kind = .holdoutEnded
      } else {
        continue
      }
      var told = ChangeBuffer.Told()
      // Those who keep holding the members know what these allow.
      if farewell.now < plan.audiences.count, !farewell.to.ads.isEmpty { tellConsent(at: clock, in: slot, &told) }
      note(
        kind, begins: false, of: farewell.now, at: clock, because: .definition, in: slot,
        toldAs: plan.audiences.count + index, &told)
    }
  }

  /// Under a plan that holds nobody out, states do not tell who is.
  private mutating func endHoldouts(of slot: ProfileTable.Slot, _ former: ProfileState, _ succession: Succession) {
    guard succession.former.hasHoldouts else { return }
    for number in succession.former.audiences.indices
    where former.hasBit(number, after: 2 * succession.former.audienceWords) {
      guard let now = succession.audiences[number], now < plan.audiences.count else { continue }
      publish(.holdoutEnded, begins: false, of: now, at: clock, because: .definition, in: slot)
    }
  }

  /// Whoever is told of an audience from now on learns who is in it.
  private mutating func introduce(_ slot: ProfileTable.Slot) {
    guard let succession else { return }
    for (index, introduction) in succession.introductions.enumerated() {
      let kind: Change.Kind
      switch profiles[slot].status(in: introduction.audience) {
      case .out: continue
      case .in: kind = .entered
      case .control:
        if introduction.to.warehouse == .none { continue }
        kind = .heldOut
      }
      publish(
        kind, begins: false, of: introduction.audience, at: clock, because: .definition, in: slot,
        toldAs: plan.audiences.count + succession.farewells.count + index)
    }
  }
}
