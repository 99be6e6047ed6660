internal import Audiences
public import Events

/// What an engine knows of one profile, as it is kept elsewhere. Lent: valid until the engine is changed.
///
/// Cells and audiences stand in it by their numbers in the plan, so it is of use under the same plan only.
public struct ProfileState {
  /// Whose it is.
  public let id: Bytes
  /// The next instant at which time alone can change something.
  public let due: Instant
  /// How many events were applied: it orders events of equal time.
  public let arrivals: UInt32
  /// Bits for each audience, in 64-bit words: whether the profile is eligible, is in, is held out.
  public let statuses: Bytes
  /// Whether it has moved into another profile: only the count of its changes is left.
  public let hasMoved: Bool
  /// Whether it was adopted from a former plan, and which audiences it should be in was not looked at since.
  public let isUnsettled: Bool
  /// How many parts there are.
  public let partCount: Int
  /// What is kept for each purpose.
  public let parts: Bytes

  /// A state made of its parts.
  public init(
    id: Bytes, due: Instant, arrivals: UInt32, statuses: Bytes, hasMoved: Bool, isUnsettled: Bool = false,
    partCount: Int, parts: Bytes
  ) {
    self.id = id
    self.due = due
    self.arrivals = arrivals
    self.statuses = statuses
    self.hasMoved = hasMoved
    self.isUnsettled = isUnsettled
    self.partCount = partCount
    self.parts = parts
  }
}

extension PartitionEngine {
  /// How many profiles have changed since their states were last taken.
  public var dirtyCount: Int { profiles.dirty.count }

  /// The state of one of the profiles that have changed. Best asked for one after the other: the memory of those that
  /// follow is on its way then.
  public func dirtyState(_ index: Int) -> ProfileState {
    profiles.expectDirty(behind: index)
    return state(of: profiles.dirty[index])
  }

  /// The state of the profile of an id, if it is in memory.
  public func state(of id: Bytes) -> ProfileState? {
    profiles.slot(of: id, hash: Hash64.of(id)).map { state(of: $0) }
  }

  /// Lends the states of some of the profiles in memory, in an order that stays the same until one of them changes.
  ///
  /// - Parameter place: where to begin: 0, or what the last call gave.
  /// - Returns: where to go on; nil where there are no more.
  public func forEachState(from place: Int, most: Int, _ body: (ProfileState) -> Void) -> Int? {
    let end = min(profiles.slotCount, place + most)
    for index in place..<max(place, end) where profiles.isInUse(ProfileTable.Slot(index)) {
      body(state(of: ProfileTable.Slot(index)))
    }
    return end == profiles.slotCount ? nil : end
  }

  private func state(of slot: ProfileTable.Slot) -> ProfileState {
    let profile = profiles[slot]
    let statuses = UnsafeRawPointer(profile.eligible).assumingMemoryBound(to: UInt8.self)
    return ProfileState(
      id: profile.id, due: Instant(ms: profile.dueMs), arrivals: profile.arrivals,
      statuses: Bytes(statuses, count: 8 * profile.layout.statusWords), hasMoved: profile.hasMoved,
      isUnsettled: profile.isUnsettled, partCount: profile.partCount, parts: Bytes(profile.parts))
  }

  /// The ids of the profiles that are gone since the states were last taken: nothing of them is to be kept. A profile
  /// that has begun again under such an id is among those that have changed too.
  public var erased: [[UInt8]] { profiles.erased }

  /// Forgets which profiles have changed: their states have been taken.
  public mutating func clearDirty() {
    profiles.clearDirty()
    if hasStore { noteTaken() }
  }

  /// Puts a profile back as it was when its state was taken; a later state of the same profile replaces it.
  ///
  /// - Precondition: the state was taken under a plan of the same hash, and nothing was applied yet. No store is beside
  ///   the engine: from there profiles are loaded.
  public mutating func restore(_ state: ProfileState) {
    precondition(!hasStore, "from a store profiles are loaded")
    precondition(state.statuses.count == 8 * plan.statusWords, "a state of another plan")
    let slot = profiles.put(state)
    arm(slot)
  }

  /// Puts back that a profile is gone, whatever states of it came before.
  public mutating func restoreErasure(of id: Bytes) {
    precondition(!hasStore, "what is erased is no more in the store")
    guard let slot = profiles.slot(of: id, hash: Hash64.of(id)) else { return }
    profiles.forget(slot)
    profiles.releaseForgotten()
    clearDirty()
  }

  /// Puts the clock back to where it stood.
  public mutating func restore(clock: Instant) {
    self.clock = clock
    if hasStore { noteTaken() }
  }
}
