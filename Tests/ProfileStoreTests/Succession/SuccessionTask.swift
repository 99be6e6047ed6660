import Audiences
import Engine
import Events
import ProfileStore
import Testing

/// A task that goes on while its definitions change, as a lane would have it go on: what it has committed outlives
/// everything.
final class SuccessionTask {
  /// What Kafka has.
  struct Committed {
    /// Encoded states, and the number of the plan that each was kept under, by id.
    var states: [[UInt8]: (plan: Int, bytes: [UInt8])] = [:]
    /// Whose definitions are in force; while profiles are adopted by the next, that one.
    var plan = 0
    var isAdopting = false
    var clock = Instant.distantPast
    var done = 0
    var changes: [ToldChange] = []
    /// Up to which changes each plan was in force, with the record and the clock of that, and who was left for later.
    var adoptions: [Adoption] = []
  }

  /// How one plan followed another.
  struct Adoption {
    var from: Int
    var to: Int
    var done: Int
    var clockMs: Int64
    var isIdle: Bool
    var needsLog: Bool
    /// The places of its changes among all.
    var changes: Range<Int> = 0..<0
  }

  let readers: [SuccessionReader]
  let lines: [String]
  /// The records before it are no longer in the log.
  let logStart: Int
  private(set) var committed = Committed()
  private(set) var crashes = 0
  private(set) var dictionaries: [PlanDictionary]

  private var engine: PartitionEngine
  private var succession: Succession?
  private var fill: FillingTask?
  /// What a store has of the filling, where there is one for it.
  private var keptFill: FillingTask.Kept?
  private(set) var done = 0
  private var open: [ToldChange] = []
  /// Whether the engine in force has profiles outside memory.
  private let isPaged: Bool
  private var chance: Chance

  init(_ readers: [SuccessionReader], _ lines: [String], logStart: Int = 0, isPaged: Bool, chance: Chance) {
    self.readers = readers
    self.lines = lines
    self.logStart = logStart
    self.isPaged = isPaged
    self.chance = chance
    dictionaries = readers.map { PlanDictionary($0.plan) }
    engine = PartitionEngine(plan: readers[0].plan, hasStore: isPaged)
  }

  private var plan: Int { committed.plan }

  // MARK: Records

  /// Applies the next record.
  func step() {
    readers[plan].read(lines[done]) { record, time in
      while let hash = engine.prepare(for: record, at: time) { load(hash) }
      engine.apply(record, at: time)
    }
    takeChanges()
    done += 1
    if chance.below(4) == 0 { commit() }
    if isPaged, chance.below(3) == 0 { engine.evict(toFit: 0) }
    if chance.below(60) == 0 { crash() }
  }

  func finish(atMs ms: Int64) {
    let instant = max(Instant(ms: ms), engine.clock)
    while let hash = engine.prepare(toFinishAt: instant) { load(hash) }
    engine.finish(at: instant)
    takeChanges()
    commit()
  }

  private func takeChanges() { open += readers[plan].take(&engine, succession, record: done) }

  private func load(_ hash: UInt64) {
    forEachState { id, state in if Hash64.of(id) == hash { engine.load(state) } }
    engine.noteLoaded(hash)
  }

  /// Hands over the states that were kept under the plan in force.
  private func forEachState(_ body: (Bytes, ProfileState) -> Void) {
    for (id, state) in committed.states where state.plan == plan {
      withState(id, state) { body($0, $1) }
    }
  }

  private func withState(_ id: [UInt8], _ state: (plan: Int, bytes: [UInt8]), _ body: (Bytes, ProfileState) -> Void) {
    id.withUnsafeBytes { id in
      state.bytes.withUnsafeBytes { bytes in
        do throws(CodecError) {
          body(
            Bytes(id),
            try ProfileCodec.decode(Bytes(bytes), id: Bytes(id), statusWords: dictionaries[state.plan].statusWords))
        } catch {
          Issue.record("a state that cannot be read: \(error)")
        }
      }
    }
  }

  // MARK: Commits and crashes

  func commit() {
    for id in engine.erased { committed.states[id] = nil }
    var buffer: [UInt8] = []
    for index in 0..<engine.dirtyCount {
      let state = engine.dirtyState(index)
      ProfileCodec.encode(state, into: &buffer)
      committed.states[Array(state.id.buffer)] = (plan, buffer)
    }
    engine.clearDirty()
    committed.changes += open
    open = []
    (committed.clock, committed.done) = (engine.clock, done)
  }

  /// The process ends: whatever was not committed is gone, and the filling begins anew.
  func crash() {
    crashes += 1
    keptFill = isPaged ? fill?.kept : nil
    fill = nil
    restart()
    if committed.isAdopting { adopt() }
  }

  private func restart() {
    open = []
    done = committed.done
    engine = PartitionEngine(
      plan: readers[plan].plan, hasStore: isPaged, succession: committed.isAdopting ? succession : nil)
    var profiles = 0
    forEachState { id, state in
      if isPaged {
        engine.expectDue(hash: Hash64.of(id), at: state.due)
        if !state.hasMoved { profiles += 1 }
      } else {
        engine.restore(state)
      }
    }
    if isPaged { engine.restore(coldProfiles: profiles) }
    engine.restore(clock: committed.clock)
  }

  // MARK: Definitions change

  /// The process starts again with the next definitions, now and then after a crash. They are in force once what is new
  /// in them is filled.
  func changeDefinitions(to next: Int) {
    if chance.below(2) == 0 { commit() }
    (fill, keptFill) = (nil, nil)
    restart()
    let succession = Succession(from: dictionaries[plan], to: readers[next].plan, at: committed.clock)
    dictionaries[next] = succession.dictionary
    self.succession = succession
    if succession.isIdle {
      // States mean the same: they need not even be written again.
      for (id, state) in committed.states { committed.states[id] = (next, state.bytes) }
      let at = committed.changes.count
      committed.adoptions.append(
        Adoption(
          from: plan, to: next, done: done, clockMs: committed.clock.ms, isIdle: true, needsLog: false,
          changes: at..<at))
      committed.plan = next
      return restart()
    }
    if !succession.needsLog { return beginAdoption(of: next) }
    while true {
      let isEnd = done == lines.count
      let filling = filling(next)
      if filling.next == done, isEnd || chance.below(6) == 0 { return beginAdoption(of: next) }
      for _ in 0..<chance.below(5) { fillOne(filling) }
      if !isEnd, chance.below(3) > 0 { step() }
      if chance.below(50) == 0 { crash() }
    }
  }

  private func filling(_ next: Int) -> FillingTask {
    if let fill { return fill }
    let begun = FillingTask(readers[next], number: next, from: logStart, hasStore: isPaged, kept: keptFill)
    fill = begun
    return begun
  }

  /// Reads one more record for the next definitions: never one that the task has not done.
  private func fillOne(_ filling: FillingTask) {
    if filling.next >= done { return }
    filling.apply(lines[filling.next])
    #expect(filling.changes == 0)
    if chance.below(8) == 0, filling.next <= committed.done { filling.commit() }
  }

  private func beginAdoption(of next: Int) {
    commit()
    // The clock has gone on meanwhile.
    succession = Succession(from: dictionaries[plan], to: readers[next].plan, at: committed.clock)
    let at = committed.changes.count
    committed.adoptions.append(
      Adoption(
        from: plan, to: next, done: done, clockMs: engine.clock.ms, isIdle: false, needsLog: succession!.needsLog,
        changes: at..<at))
    committed.plan = next
    committed.isAdopting = true
    restart()
    adopt()
  }

  /// Adopts those who were not yet, with commits in between; crashes come back here.
  private func adopt() {
    if succession!.needsLog {
      let filling = filling(plan)
      while filling.next < done { fillOne(filling) }
      filling.advance(to: committed.clock)
    }
    let waiting = committed.states.filter { $0.value.plan != plan }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (id, state) in waiting {
      withState(id, state) { id, former in
        guard let fill else { return engine.adopt(former, filled: nil) }
        fill.withState(of: id) { engine.adopt(former, filled: $0) }
      }
      takeChanges()
      if chance.below(3) == 0 { commit() }
      if isPaged, chance.below(3) == 0 { engine.evict(toFit: 0) }
      if chance.below(12) == 0 { return crash() }
    }
    commit()
    committed.isAdopting = false
    let last = committed.adoptions.count - 1
    committed.adoptions[last].changes = committed.adoptions[last].changes.lowerBound..<committed.changes.count
    (fill, keptFill) = (nil, nil)
    let isWhole = committed.states.values.allSatisfy { $0.plan == committed.plan }
    #expect(isWhole)
  }
}
