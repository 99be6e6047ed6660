internal import Audiences
public import Events

/// An engine with a store beside it has only some of its profiles in memory. It does no I/O: it says which hash it must
/// know before it can go on, and whoever calls it hands in what the store has under that hash:
///
/// ```
/// while let hash = engine.prepare(for: record, at: time) {
///   for state in store.states(of: hash) { engine.load(state) }
///   engine.noteLoaded(hash)
/// }
/// engine.apply(record, at: time)
/// ```
/// Of the profiles that share a hash, all are in memory or none is: so a hash that has somebody in memory needs no look
/// at the store.
extension PartitionEngine {
  /// Does what is to be done before a record can be applied, as far as it can without profiles that are not in memory:
  /// the clock moves on, and what is due before it happens in order.
  ///
  /// - Returns: the hash of an id that is needed to go on; nil where the record can be applied.
  public mutating func prepare(for record: Record, at time: Instant, merges: Bool = true) -> UInt64? {
    guard hasStore else { return nil }
    if let hash = prepare(toAdvanceTo: time) { return hash }
    if profiles.slot(of: record.profile, hash: record.profileHash) == nil, !isKnown(record.profileHash) {
      return record.profileHash
    }
    guard merges, !record.merged.isEmpty else { return nil }
    let merged = Hash64.of(record.merged)
    return isKnown(merged) ? nil : merged
  }

  /// Does what is to be done before `advance(to:)`, in the same way.
  public mutating func prepare(toAdvanceTo instant: Instant) -> UInt64? {
    guard hasStore else { return nil }
    clock = max(clock, instant)
    return settle(before: clock)
  }

  /// Does what is to be done before `finish(at:)`, in the same way.
  public mutating func prepare(toFinishAt instant: Instant) -> UInt64? {
    guard hasStore else { return nil }
    clock = max(clock, instant)
    return settle(before: Instant(ms: clock.ms + 1))
  }

  /// Puts a profile into memory as the store has it. Nothing happens where it is there already, or was erased and the
  /// store does not know yet.
  ///
  /// - Precondition: the state is the last one taken, under a plan of the same hash, and was not erased in the store;
  ///   the other states under its hash are loaded before the engine goes on.
  public mutating func load(_ state: ProfileState) {
    precondition(hasStore, "an engine without a store is restored")
    precondition(state.statuses.count == 8 * plan.statusWords, "a state of another plan")
    let hash = Hash64.of(state.id)
    if profiles.isErased(hash) || profiles.slot(of: state.id, hash: hash) != nil { return }
    let slot = profiles.put(state)
    profiles[slot].armedMs = postponements.take(hash: hash, dueMs: state.due.ms) ?? state.due.ms
    if !state.hasMoved { coldCount -= 1 }
  }

  /// Notes that everything that the store has under a hash was loaded; it may be nothing.
  public mutating func noteLoaded(_ hash: UInt64) {
    if !profiles.isInMemory(hash) { absent.append(hash) }
  }

  /// Whether `prepare` would not ask for a hash: for whoever looks ahead at the records to come, and reads the store for
  /// several of them at a time.
  public func isInMemory(_ hash: UInt64) -> Bool { profiles.isInMemory(hash) }

  /// Lends hashes that `prepare` will soon ask for because profiles are due, those due first before others as far as the
  /// queue is ordered already: for whoever reads the store for several of them at a time. The same one may come twice.
  public func forEachMissing(before instant: Instant, most: Int, _ body: (UInt64) -> Void) {
    guard hasStore, most > 0 else { return }
    var found = 0
    due.look(before: instant) { entry in
      if profiles.isInMemory(entry.hash) || postponements.has(hash: entry.hash, armedMs: entry.at.ms) { return true }
      body(entry.hash)
      found += 1
      return found < most
    }
  }

  /// Whether it is known who there is under a hash.
  func isKnown(_ hash: UInt64) -> Bool { profiles.isInMemory(hash) || absent.contains(hash) }

  /// Whether the entry of the queue that has come up may stand for a profile that must be loaded first.
  mutating func mustLoad(_ entry: DueQueue.Entry) -> Bool {
    if profiles.isInMemory(entry.hash) { return false }
    if let dueMs = postponements.take(hash: entry.hash, armedMs: entry.at.ms) {
      if dueMs < .max { due.add(DueQueue.Entry(at: Instant(ms: dueMs), hash: entry.hash)) }
      return false
    }
    guard absent.last == entry.hash else { return true }
    absent.removeLast()
    return false
  }
}
