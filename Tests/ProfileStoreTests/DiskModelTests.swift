import Events
import ProfileStore
import Testing

@Suite("A store on disk, held against a dictionary")
struct DiskModelTests {
  @Test("holds the same after any puts, removals, discards and reopenings", arguments: 1...6)
  func random(seed: UInt64) throws {
    let run = try ModelRun(seed: seed)
    for _ in 0..<1000 { try run.step() }
    try run.compare()
  }
}

private final class ModelRun {
  private let scratch: StoreScratch
  private let memory = StoreMemory(budgetBytes: StoreMemory.leastBytes)
  private var opened: DiskStore?
  private var chance: StoreChance
  private var committed = StoreModel()
  private var pending = StoreModel()
  private var commits = 0

  init(seed: UInt64) throws {
    scratch = try StoreScratch()
    opened = try DiskStore(folder: scratch.folder, memory: memory)
    chance = StoreChance(seed: seed)
  }

  func step() throws {
    switch Int.random(in: 0..<100, using: &chance) {
    case 0...2: try reopen()
    case 3:
      opened!.discard()
      pending = committed
    case 4...24: try commit()
    case 25...40: try lookUp()
    case 41...44: try lookUpHash()
    default:
      for _ in 0..<Int.random(in: 1...40, using: &chance) {
        let change = StoreChange.draw(&chance, ids: 500, longest: 2000)
        change.apply(to: &pending)
        change.apply(to: &opened!)
      }
    }
  }

  private func commit() throws {
    commits += 1
    let position = StorePosition(commits, profiles: pending.profiles.count)
    pending.position = position
    try opened!.commit(position)
    committed = pending
  }

  /// What was committed is there again, and nothing else.
  private func reopen() throws {
    if let former = opened.take() { former.close() }
    opened = try DiskStore(folder: scratch.folder, memory: memory)
    pending = committed
    try compare()
  }

  private func lookUp() throws {
    let id = "profile-\(Int.random(in: 0..<550, using: &chance))"
    var buffer: [UInt8] = []
    let isThere = try Bytes.lend(id) { try opened!.state(of: $0, hash: StoreModel.hash(id), into: &buffer) }
    #expect((isThere ? buffer : nil) == committed.profiles[id]?.state)
  }

  private func lookUpHash() throws {
    let hash = StoreModel.hash("profile-\(Int.random(in: 0..<550, using: &chance))")
    var found: [String: [UInt8]] = [:]
    try opened!.forEachState(hash: hash) { found[$0.text] = Array($1.buffer) }
    let meant = committed.profiles.filter { StoreModel.hash($0.key) == hash }
    #expect(found == meant.mapValues(\.state))
  }

  func compare() throws { #expect(try StoreModel(reading: opened!) == committed) }
}
