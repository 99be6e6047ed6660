import Audiences
import Engine
import Events
import ProfileStore

/// The log read again for the next definitions, now and then with a store of its own: then it goes on from there after a
/// crash.
final class FillingTask {
  /// What outlives the process, where there is a store.
  struct Kept {
    var states: [[UInt8]: [UInt8]] = [:]
    var clock = Instant.distantPast
    var next: Int
  }

  let number: Int
  /// The next record to be read.
  private(set) var next: Int
  private(set) var kept: Kept
  private let reader: SuccessionReader
  private let hasStore: Bool
  private var engine: PartitionEngine

  /// - Parameter kept: where a store has something of it already.
  init(_ reader: SuccessionReader, number: Int, from start: Int, hasStore: Bool, kept: Kept? = nil) {
    (self.reader, self.number, self.hasStore) = (reader, number, hasStore)
    self.kept = kept ?? Kept(next: start)
    next = self.kept.next
    engine = PartitionEngine(plan: reader.plan, hasStore: hasStore, isFilling: true)
    var profiles = 0
    for (id, state) in self.kept.states {
      withState(id, state) {
        engine.expectDue(hash: Hash64.of($0.id), at: $0.due)
        if !$0.hasMoved { profiles += 1 }
      }
    }
    if hasStore { engine.restore(coldProfiles: profiles) }
    engine.restore(clock: self.kept.clock)
  }

  /// How many changes it has told: none.
  var changes: Int { engine.counts.changes }

  func apply(_ line: String) {
    reader.read(line) { record, time in
      while let hash = engine.prepare(for: record, at: time) { load(hash) }
      engine.apply(record, at: time)
    }
    next += 1
  }

  func advance(to clock: Instant) {
    while let hash = engine.prepare(toAdvanceTo: clock) { load(hash) }
    engine.advance(to: clock)
  }

  /// Keeps what was done so far, and lets everybody go.
  func commit() {
    guard hasStore else { return engine.clearDirty() }
    for id in engine.erased { kept.states[id] = nil }
    var buffer: [UInt8] = []
    for index in 0..<engine.dirtyCount {
      let state = engine.dirtyState(index)
      ProfileCodec.encode(state, into: &buffer)
      kept.states[Array(state.id.buffer)] = buffer
    }
    engine.clearDirty()
    engine.evict(toFit: 0)
    (kept.clock, kept.next) = (engine.clock, next)
  }

  /// Lends what the log came to for a profile.
  func withState(of id: Bytes, _ body: (ProfileState?) -> Void) {
    if let state = engine.state(of: id) { return body(state) }
    guard let bytes = kept.states[Array(id.buffer)] else { return body(nil) }
    withState(Array(id.buffer), bytes) { body($0) }
  }

  private func load(_ hash: UInt64) {
    for (id, state) in kept.states {
      withState(id, state) { if Hash64.of($0.id) == hash { engine.load($0) } }
    }
    engine.noteLoaded(hash)
  }

  private func withState(_ id: [UInt8], _ bytes: [UInt8], _ body: (ProfileState) -> Void) {
    id.withUnsafeBytes { id in
      bytes.withUnsafeBytes { bytes in
        let state = try? ProfileCodec.decode(Bytes(bytes), id: Bytes(id), statusWords: reader.plan.statusWords)
        if let state { body(state) }
      }
    }
  }
}
