import Audiences
import Engine
import Events
import ProfileStore
import Testing

/// An engine that reads lines and tells its changes, with a model of a store beside it, or without one.
final class PagedTask {
  /// A change, and where it stands among others: profiles due at one instant have no order among each other.
  struct Told: Equatable {
    let atMs: Int64
    let profile: String
    let text: String
  }

  let plan: Plan
  private(set) var engine: PartitionEngine
  private(set) var changes: [Told] = []
  /// How many records were applied or skipped.
  private(set) var done = 0
  /// How often the process ended.
  private(set) var crashes = 0
  /// The hashes that the engine has asked for, since somebody last emptied it.
  var asked: [UInt64] = []
  /// What happens after each hash that was asked for, in the middle of a record.
  var afterLoad: (PagedTask) -> Void = { _ in }

  private let hasStore: Bool
  private var reader: RecordReader
  /// Encoded states, by hash and by id.
  private var store: [UInt64: [[UInt8]: [UInt8]]] = [:]
  /// How things stood when the states were last taken.
  private var taken = (done: 0, changes: 0, clock: Instant.distantPast)

  init(_ plan: Plan, hasStore: Bool = true) {
    self.plan = plan
    self.hasStore = hasStore
    engine = PartitionEngine(plan: plan, hasStore: hasStore)
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
  }

  convenience init(files: [String: String]) throws { self.init(try TestTask.plan(files)) }

  func apply(_ line: String) {
    let room = Array(line.utf8) + Array(repeating: 0, count: RecordReader.padding)
    room.withUnsafeBytes { buffer in
      let bytes = Bytes(buffer).slice(0, line.utf8.count)
      guard case .record(let record) = reader.read(bytes), let time = record.time else { return }
      while let hash = engine.prepare(for: record, at: time) { load(hash) }
      engine.apply(record, at: time)
    }
    takeChanges()
    done += 1
  }

  func advance(toMs ms: Int64) {
    while let hash = engine.prepare(toAdvanceTo: Instant(ms: ms)) { load(hash) }
    engine.advance(to: Instant(ms: ms))
    takeChanges()
  }

  func finish(atMs ms: Int64) {
    while let hash = engine.prepare(toFinishAt: Instant(ms: ms)) { load(hash) }
    engine.finish(at: Instant(ms: ms))
    takeChanges()
  }

  /// Hands in what the store has under a hash that the engine has asked for.
  private func load(_ hash: UInt64) {
    asked.append(hash)
    loadAhead(hash)
    engine.noteLoaded(hash)
    afterLoad(self)
  }

  /// Hands in what the store has under a hash.
  func loadAhead(_ hash: UInt64) { forEachState(under: hash) { engine.load($0) } }

  private func forEachState(under hash: UInt64, _ body: (ProfileState) -> Void) {
    for (id, bytes) in store[hash] ?? [:] {
      id.withUnsafeBytes { id in
        bytes.withUnsafeBytes { bytes in
          do throws(CodecError) {
            body(try ProfileCodec.decode(Bytes(bytes), id: Bytes(id), statusWords: plan.statusWords))
          } catch {
            Issue.record("a state that cannot be read: \(error)")
          }
        }
      }
    }
  }

  private func takeChanges() {
    for index in 0..<engine.changes.count {
      let change = engine.change(index)
      let key = plan.audiences[change.audience].definition.key
      changes.append(
        Told(
          atMs: change.at.ms, profile: change.profile.text,
          text: "\(key) \(change.kind) \(change.reason) \(change.seq) \(change.enteredAt.ms) \(change.payload.text)"))
    }
    engine.clearChanges()
  }

  /// Stores the states of the profiles that have changed: what was done so far stays.
  func take() {
    takeChanges()
    for id in engine.erased { id.withUnsafeBytes { store[Hash64.of(Bytes($0))]?[id] = nil } }
    var buffer: [UInt8] = []
    for index in 0..<engine.dirtyCount {
      let state = engine.dirtyState(index)
      ProfileCodec.encode(state, into: &buffer)
      store[Hash64.of(state.id), default: [:]][Array(state.id.buffer)] = buffer
    }
    engine.clearDirty()
    taken = (done, changes.count, engine.clock)
  }

  /// Lets profiles go until what is in use fits.
  func evict(toFit bytes: Int = 0) { engine.evict(toFit: bytes) }

  /// Everything that has not changed leaves memory.
  func takeAndEvict() {
    take()
    evict()
  }

  /// A transaction fails: what was not taken is undone, and will be done again.
  func abort() {
    for hash in engine.dropDirty() { expectDue(under: hash) }
    (done, changes) = (taken.done, Array(changes.prefix(taken.changes)))
  }

  /// The process ends; another one goes on with the store.
  func crash() {
    crashes += 1
    engine = PartitionEngine(plan: plan, hasStore: true)
    for hash in store.keys { expectDue(under: hash) }
    engine.restore(coldProfiles: profilesInStore)
    engine.restore(clock: taken.clock)
    (done, changes) = (taken.done, Array(changes.prefix(taken.changes)))
  }

  private func expectDue(under hash: UInt64) {
    forEachState(under: hash) { engine.expectDue(hash: hash, at: $0.due) }
  }

  /// How many profiles the store has; who has moved into another one is none.
  var profilesInStore: Int {
    var count = 0
    for hash in store.keys { forEachState(under: hash) { if !$0.hasMoved { count += 1 } } }
    return count
  }

  /// The changes in an order that does not depend on who of those due at one instant was looked at first.
  var comparable: [Told] {
    changes.enumerated().sorted {
      ($0.element.atMs, $0.element.profile, $0.offset) < ($1.element.atMs, $1.element.profile, $1.offset)
    }.map(\.element)
  }

  /// The changes as `profile at text`, without what goes with them.
  var told: [String] {
    comparable.map { "\($0.atMs) \($0.profile) \($0.text.split(separator: " ").prefix(4).joined(separator: " "))" }
  }
}
