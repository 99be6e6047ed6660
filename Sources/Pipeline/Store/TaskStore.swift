package import Engine
package import Events
package import ProfileStore

/// A task's profiles on disk, for an engine that has only some of them in memory.
///
/// What changes is put here while it is written to the changelog, and committed here once Kafka has committed it: the
/// store never holds what nobody else can see. It is as new as the changelog up to its position, or older.
package final class TaskStore<Disk: ProfileDisk & ~Copyable>: LaneStore {
  private var disk: Disk
  private let statusWords: Int

  /// The store of a task whose profiles are kept there.
  package init(_ disk: consuming Disk, statusWords: Int) {
    self.disk = disk
    self.statusWords = statusWords
  }

  package var folder: String { disk.folder }

  /// Where it stands; nil while nothing was committed.
  package var position: StorePosition? { disk.position }

  /// Writes to disk what is committed: what is not would be read again from the changelog.
  package func flush() throws(StoreError) { try disk.flush() }

  // MARK: What the engine needs

  /// Brings an engine everything that it needs to apply a record.
  package func prepare(
    _ engine: inout PartitionEngine, for record: Record, at time: Instant, merges: Bool
  ) throws(StoreError) {
    while let hash = engine.prepare(for: record, at: time, merges: merges) { try load(hash, into: &engine) }
  }

  /// Brings an engine everything that it needs to move its clock on.
  package func prepare(_ engine: inout PartitionEngine, toAdvanceTo instant: Instant) throws(StoreError) {
    while let hash = engine.prepare(toAdvanceTo: instant) { try load(hash, into: &engine) }
  }

  private func load(_ hash: UInt64, into engine: inout PartitionEngine) throws(StoreError) {
    try forEachProfile(under: hash) { engine.load($0) }
    engine.noteLoaded(hash)
  }

  /// Makes an engine ready that has no profile in memory: it is told when those in the store are due, and how many they
  /// are.
  package func introduce(to engine: inout PartitionEngine) throws(StoreError) {
    try disk.forEachDue { hash, dueMs in engine.expectDue(hash: hash, at: Instant(ms: dueMs)) }
    engine.restore(coldProfiles: disk.position?.profiles ?? 0)
  }

  /// Tells an engine when those are due again whom it has thrown away.
  package func tellDue(under hash: UInt64, to engine: inout PartitionEngine) throws(StoreError) {
    try forEachProfile(under: hash) { engine.expectDue(hash: hash, at: $0.due) }
  }

  // MARK: What is kept

  /// Puts a profile's state into the next commit, as the changelog has it.
  package func put(_ state: Bytes, of id: Bytes, due: Instant) {
    disk.put(id: id, hash: Hash64.of(id), state: state, dueMs: due.ms)
  }

  /// Puts into the next commit that a profile is gone.
  package func remove(_ id: Bytes) { disk.remove(id: id, hash: Hash64.of(id)) }

  /// Forgets what was put since the last commit: Kafka has not committed it.
  package func discard() { disk.discard() }

  /// Commits what was put, and where the store stands with it.
  package func commit(_ position: StorePosition) throws(StoreError) { try disk.commit(position) }

  /// Counts the profiles, one by one; those that have moved into another one are none.
  package func countProfiles() throws(StoreError) -> Int {
    var count = 0
    var problem: CodecError?
    try disk.forEachState(from: 0) { id, _, state in
      decode(state, of: id, noting: &problem) { if !$0.hasMoved { count += 1 } }
      return problem == nil
    }
    try check(problem)
    return count
  }

  private func forEachProfile(under hash: UInt64, _ body: (ProfileState) -> Void) throws(StoreError) {
    var problem: CodecError?
    try disk.forEachState(hash: hash) { id, state in decode(state, of: id, noting: &problem, body) }
    try check(problem)
  }

  private func decode(_ state: Bytes, of id: Bytes, noting problem: inout CodecError?, _ body: (ProfileState) -> Void) {
    do throws(CodecError) {
      body(try ProfileCodec.decode(state, id: id, statusWords: statusWords))
    } catch {
      problem = error
    }
  }

  private func check(_ problem: CodecError?) throws(StoreError) {
    if let problem { throw .unreadable(in: folder, because: "\(problem)") }
  }
}
