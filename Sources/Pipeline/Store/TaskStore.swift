internal import Audiences
package import Engine
package import Events
package import ProfileStore

/// A task's profiles on disk, for engines that have only some of them in memory: for the one in force, and for one that
/// the log is being read for.
///
/// What changes is put here while it is written to the changelog, under the same keys, and committed here once Kafka has
/// committed it: the store never holds what nobody else can see. It is as new as the changelog up to its position, or
/// older.
package final class TaskStore<Disk: ProfileDisk & ~Copyable>: LaneStore {
  private var disk: Disk

  /// The store of a task whose profiles are kept there.
  package init(_ disk: consuming Disk) { self.disk = disk }

  package var folder: String { disk.folder }

  /// Where it stands; nil while nothing was committed.
  package var position: StorePosition? { disk.position }

  /// Writes to disk what is committed: what is not would be read again from the changelog.
  package func flush() throws(StoreError) { try disk.flush() }

  // MARK: What engines need

  /// Brings an engine everything that it needs to apply a record.
  package func prepare(
    _ engine: inout PartitionEngine, _ shelf: Shelf, for record: Record, at time: Instant, merges: Bool
  ) throws(StoreError) {
    while let hash = engine.prepare(for: record, at: time, merges: merges) { try load(hash, into: &engine, shelf) }
  }

  /// Brings an engine everything that it needs to move its clock on.
  package func prepare(
    _ engine: inout PartitionEngine, _ shelf: Shelf, toAdvanceTo instant: Instant
  ) throws(StoreError) {
    while let hash = engine.prepare(toAdvanceTo: instant) { try load(hash, into: &engine, shelf) }
  }

  private func load(_ hash: UInt64, into engine: inout PartitionEngine, _ shelf: Shelf) throws(StoreError) {
    try forEachProfile(under: hash, shelf, statusWords: engine.plan.statusWords) { engine.load($0) }
    engine.noteLoaded(hash)
  }

  /// Makes an engine ready that has no profile in memory: it is told when those in the store are due, and how many they
  /// are. Everybody was kept under its plan.
  package func introduce(to engine: inout PartitionEngine) throws(StoreError) {
    try disk.forEachDue { _, hash, dueMs in engine.expectDue(hash: hash, at: Instant(ms: dueMs)) }
    engine.restore(coldProfiles: disk.position?.profiles ?? 0)
  }

  /// The same where others are in the store too.
  package func introduce(_ shelf: Shelf, to engine: inout PartitionEngine) throws(StoreError) {
    var count = 0
    try forEachHead(shelf) { id, head in
      engine.expectDue(hash: Hash64.of(id), at: head.due)
      if !head.hasMoved { count += 1 }
    }
    engine.restore(coldProfiles: count)
  }

  /// Tells an engine when those are due again whom it has thrown away.
  package func tellDue(under hash: UInt64, to engine: inout PartitionEngine, _ shelf: Shelf) throws(StoreError) {
    try forEachProfile(under: hash, shelf, statusWords: engine.plan.statusWords) {
      engine.expectDue(hash: hash, at: $0.due)
    }
  }

  // MARK: What is kept

  /// Puts a profile's state into the next commit, as the changelog has it.
  package func put(_ state: Bytes, of id: Bytes, due: Instant) {
    disk.put(id: id, hash: Hash64.of(id), state: state, dueMs: due.ms)
  }

  /// Puts another record of the changelog into the next commit; nil where it is gone.
  package func put(_ value: Bytes?, underKey key: Bytes) {
    let hash = ChangelogKey(key).storeHash
    if let value {
      disk.put(id: key, hash: hash, state: value, dueMs: .max)
    } else {
      disk.remove(id: key, hash: hash)
    }
  }

  /// Forgets what was put since the last commit: Kafka has not committed it.
  package func discard() { disk.discard() }

  /// Commits what was put, and where the store stands with it.
  package func commit(_ position: StorePosition) throws(StoreError) { try disk.commit(position) }

  // MARK: What lies there

  /// Counts the profiles, one by one; those that have moved into another one are none.
  package func countProfiles(_ shelf: Shelf) throws(StoreError) -> Int {
    var count = 0
    try forEachHead(shelf) { if !$1.hasMoved { count += 1 } }
    return count
  }

  /// Lends the parts of plans.
  package func forEachPlanPart(_ body: (_ plan: UInt32, _ part: UInt32, _ value: Bytes) -> Void) throws(StoreError) {
    try disk.forEachState(hash: ChangelogKey.planHash) { key, value in
      if case .plan(let plan, let part) = ChangelogKey(key) { body(plan, part, value) }
    }
  }

  /// The ids of all profiles for which there is something that the log has come to under a plan, whichever.
  package func filledIds() throws(StoreError) -> [[UInt8]] {
    let shelf = Shelf(.filled, plan: 0)
    var ids: [[UInt8]] = []
    try disk.forEachState(from: 0) { key, _, _ in
      if let id = shelf.id(ofKey: key) { ids.append(Array(id.buffer)) }
      return true
    }
    return ids
  }

  /// The bytes of the state of a profile, under whatever plan it was kept; nil where there is none.
  package func state(of id: Bytes, _ kind: Shelf.Kind) throws(StoreError) -> [UInt8]? {
    let shelf = Shelf(kind, plan: 0)
    var found: [UInt8]?
    try disk.forEachState(hash: shelf.storeHash(Hash64.of(id))) { key, state in
      if shelf.id(ofKey: key) == id { found = Array(state.buffer) }
    }
    return found
  }

  /// Copies what is kept from a hash on, about so much of it, in the order of hashes.
  /// - Returns: keys and values; and from which hash to go on, nil where there is no more.
  package func entries(from hash: UInt64, most: Int) throws(StoreError) -> (
    entries: [(key: [UInt8], value: [UInt8])], next: UInt64?
  ) {
    var entries: [(key: [UInt8], value: [UInt8])] = []
    var last: UInt64 = 0
    var next: UInt64?
    try disk.forEachState(from: hash) { key, hash, value in
      // Those who share a hash come together.
      if entries.count >= most, hash != last {
        next = hash
        return false
      }
      last = hash
      entries.append((Array(key.buffer), Array(value.buffer)))
      return true
    }
    return (entries, next)
  }

  private func forEachHead(_ shelf: Shelf, _ body: (Bytes, ProfileCodec.Head) -> Void) throws(StoreError) {
    var problem: CodecError?
    try disk.forEachState(from: 0) { key, _, state in
      guard let id = shelf.id(ofKey: key) else { return true }
      do throws(CodecError) {
        let head = try ProfileCodec.head(of: state)
        if head.plan == shelf.plan { body(id, head) }
      } catch {
        problem = error
      }
      return problem == nil
    }
    try check(problem)
  }

  private func forEachProfile(
    under hash: UInt64, _ shelf: Shelf, statusWords: Int, _ body: (ProfileState) -> Void
  ) throws(StoreError) {
    var problem: CodecError?
    try disk.forEachState(hash: shelf.storeHash(hash)) { key, state in
      guard let id = shelf.id(ofKey: key) else { return }
      do throws(CodecError) {
        guard try ProfileCodec.head(of: state).plan == shelf.plan else { return }
        body(try ProfileCodec.decode(state, id: id, statusWords: statusWords))
      } catch {
        problem = error
      }
    }
    try check(problem)
  }

  private func check(_ problem: CodecError?) throws(StoreError) {
    if let problem { throw .unreadable(in: folder, because: "\(problem)") }
  }
}
