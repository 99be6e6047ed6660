internal import Audiences
public import Events

/// What an engine with a store beside it keeps in memory.
extension PartitionEngine {
  /// How many bytes are in use: memory that profiles have left counts only until others use it again.
  public var bytesInUse: Int { profiles.bytesInUse + due.memoryBytes + postponements.memoryBytes }

  /// How many profiles are in memory.
  public var profilesInMemory: Int { profiles.count }

  /// Lets profiles go whose states have been taken and stored, those that were not used lately first, until what is in
  /// use fits the budget, or nobody is left who could go. Best called right after `clearDirty`.
  ///
  /// - Precondition: the changes have been taken: they tell of profiles that may go.
  public mutating func evict(toFit bytes: Int) {
    precondition(hasStore, "without a store nobody can be let go")
    precondition(changes.count == 0, "changes tell of profiles that may go")
    absent.removeAll(keepingCapacity: true)
    profiles.releaseForgotten()
    profiles.lately.beginTurn()
    while bytesInUse > bytes, let slot = profiles.lately.next() {
      letGo(everybodyUnder: Hash64.of(profiles[slot].id), first: slot)
    }
  }

  /// Those who share a hash go together, or stay where one of them has to.
  private mutating func letGo(everybodyUnder hash: UInt64, first: ProfileTable.Slot) {
    if profiles.isErased(hash) || profiles.isAnyDirty(under: hash) { return profiles.lately.use(first) }
    while let slot = profiles.first(under: hash) {
      let profile = profiles[slot]
      if profile.armedMs < profile.dueMs {
        postponements.add(hash: hash, armedMs: profile.armedMs, dueMs: profile.dueMs)
      }
      if !profile.hasMoved { coldCount += 1 }
      profiles.letGo(slot, hash: hash)
    }
  }

  /// Throws away what has happened since the states were last taken: a transaction has failed. Clock, counts and the
  /// number of profiles are again what they were; changes are forgotten. Profiles that have changed since are no longer
  /// in memory, those that began since are no more, and those that were erased since are in the store as before.
  ///
  /// - Returns: the hashes concerned. For each state that the store has under one of them, `expectDue` is to be called
  ///   before the engine goes on: what stood for it in the queue may be gone.
  public mutating func dropDirty() -> [UInt64] {
    precondition(hasStore, "without a store nothing comes back")
    clearChanges()
    absent.removeAll(keepingCapacity: true)
    let hashes = profiles.dropDirty()
    clock = taken.clock
    counts = taken.counts
    coldCount = taken.profileCount - profiles.count
    due.rewind(to: taken.settled)
    return hashes
  }

  /// Notes when a profile is due that is in the store and not in memory.
  public mutating func expectDue(hash: UInt64, at instant: Instant) {
    if instant < .never { due.add(DueQueue.Entry(at: instant, hash: hash)) }
  }

  /// Says how many profiles the store has besides those in memory; who has moved into another one is none.
  public mutating func restore(coldProfiles: Int) {
    coldCount = coldProfiles
    noteTaken()
  }

  /// Notes how things stand, for `dropDirty` to go back to.
  mutating func noteTaken() {
    taken = Taken(clock: clock, counts: counts, profileCount: profileCount, settled: min(clock, due.firstAt))
  }
}

/// How things stood when the states were last taken.
struct Taken {
  var clock = Instant.distantPast
  var counts = EngineCounts()
  var profileCount = 0
  /// No profile was due before that instant.
  var settled = Instant.distantPast
}
