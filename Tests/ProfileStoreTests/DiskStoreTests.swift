import Events
import ProfileStore
import Testing

@Suite("A store on disk")
struct DiskStoreTests {
  private let scratch: StoreScratch
  private let memory = StoreMemory(budgetBytes: 8 << 20)

  init() throws { scratch = try StoreScratch() }

  private func open() throws -> DiskStore { try DiskStore(folder: scratch.folder, memory: memory) }

  @Test("is new and empty where there is none, and makes its folder and those above it")
  func new() throws {
    let folder = "\(scratch.parent)/a/b/c"
    let store = try DiskStore(folder: folder, memory: memory)
    #expect(store.position == nil && store.folder == folder)
    #expect(try store.state(of: "ada") == nil)
    #expect(try store.dues().isEmpty)
    store.close()
    #expect(try DiskStore(folder: folder, memory: memory).position == nil)
  }

  @Test("gives back what was put")
  func roundTrip() throws {
    var store = try open()
    store.put("ada", "the state", dueMs: 5)
    store.put("ben", "", dueMs: .min)
    let long = String(repeating: "long ", count: 100_000)
    store.put("long", long)
    try store.commit(1)
    #expect(try store.state(of: "ada") == "the state")
    #expect(try store.state(of: "ben") == "")
    #expect(try store.state(of: "long") == long)
    #expect(try store.state(of: "adam") == nil)
    #expect(try store.state(of: "ad") == nil)
    #expect(try store.dues().count == 2)
  }

  @Test("shows nothing of what is put before it is committed, and nothing ever of what is discarded")
  func pending() throws {
    var store = try open()
    store.put("ada", "1", dueMs: 1)
    #expect(try store.state(of: "ada") == nil)
    store.discard()
    store.put("ben", "2", dueMs: 2)
    try store.commit(1)
    #expect(try store.state(of: "ada") == nil)
    #expect(try store.state(of: "ben") == "2")
    store.remove("ben")
    #expect(try store.state(of: "ben") == "2")
    store.discard()
    try store.commit(2)
    #expect(try store.state(of: "ben") == "2")
    #expect(try store.dues().count == 1)
  }

  @Test("takes the last of several words on a profile in one commit")
  func several() throws {
    var store = try open()
    store.put("ada", "1", dueMs: 1)
    store.remove("ada")
    store.put("ben", "1", dueMs: 1)
    store.put("ben", "2")
    store.remove("cem")
    store.put("cem", "3", dueMs: 3)
    try store.commit(1)
    #expect(try store.state(of: "ada") == nil)
    #expect(try store.state(of: "ben") == "2")
    #expect(try store.state(of: "cem") == "3")
    #expect(try store.dues() == ["\(StoreModel.hash("cem")) 3"])
  }

  @Test("forgets what is removed, and when it was due")
  func removal() throws {
    var store = try open()
    for id in ["ada", "ben"] { store.put(id, "state", dueMs: 7) }
    try store.commit(1)
    store.remove("ada")
    store.remove("nobody")
    try store.commit(2)
    #expect(try store.state(of: "ada") == nil)
    #expect(try store.state(of: "ben") == "state")
    #expect(try store.dues() == ["\(StoreModel.hash("ben")) 7"])
  }

  @Test("knows where it stands after it was closed and opened again")
  func position() throws {
    var store = try open()
    store.put("ada", "1", dueMs: 1)
    let position = StorePosition(
      changelogOffset: .max, taskRecord: [0, 255, 7], profiles: 1, writtenAt: Instant(ms: -1))
    try store.commit(position)
    #expect(store.position == position)
    store.close()
    store = try open()
    #expect(store.position == position)
    #expect(try store.state(of: "ada") == "1")
    try store.commit(StorePosition(changelogOffset: 0, taskRecord: [], profiles: 0, writtenAt: Instant(ms: 0)))
    #expect(store.position?.taskRecord == [])
    store.close()
    #expect(
      try open().position == StorePosition(changelogOffset: 0, taskRecord: [], profiles: 0, writtenAt: Instant(ms: 0)))
  }

  @Test("keeps profiles apart whose ids have the same hash, and gives all of a hash")
  func collisions() throws {
    var store = try open()
    for hash in [0, 1, 255, 256, UInt64.max - 1, .max] {
      for id in ["a", "ab", "b"] { store.put(id, hash: hash, "\(id) of \(hash)", dueMs: Int64(bitPattern: hash)) }
    }
    try store.commit(1)
    for hash in [0, 1, 255, 256, UInt64.max - 1, .max] {
      var found: [String] = []
      try store.forEachState(hash: hash) { found.append("\($0.text): \($1.text)") }
      #expect(found == ["a", "ab", "b"].map { "\($0): \($0) of \(hash)" })
      #expect(try store.state(of: "ab", hash: hash) == "ab of \(hash)")
    }
    for hash: UInt64 in [2, 254, 257, .max - 2] {
      try store.forEachState(hash: hash) { id, _ in Issue.record("\(id.text) of \(hash)") }
    }
  }

  @Test("tells all dues in the order of hashes, and none of what is never due")
  func dues() throws {
    var store = try open()
    for hash in (0..<3000 as Range<UInt64>).reversed() {
      store.put("p", hash: hash, "state", dueMs: hash % 3 == 0 ? .max : Int64(hash) - 7)
    }
    try store.commit(1)
    let meant = (0..<3000).filter { $0 % 3 != 0 }.map { "\($0) \($0 - 7)" }
    #expect(try store.dues() == meant)
    store.close()
    #expect(try open().dues() == meant)
  }

  @Test("reads many at once, there or not, more than fit one look")
  func many() throws {
    var store = try open()
    for number in stride(from: 0, to: 1000, by: 2) { store.put("p\(number)", "state \(number)") }
    try store.commit(1)
    let ids = (0..<1000).map { Array("p\($0)".utf8) }
    try store.states(of: []) { _, _ in Issue.record("nothing was asked for") }
    var found = [String?](repeating: "not told", count: 1000)
    let bytes = ids.map { id in
      let room = UnsafeMutablePointer<UInt8>.allocate(capacity: id.count)
      room.initialize(from: id, count: id.count)
      return Bytes(room, count: id.count)
    }
    defer { for id in bytes { id.start.deallocate() } }
    let keys = bytes.map { DiskStore.Key(id: $0, hash: StoreModel.hash($0.text)) }
    try store.states(of: keys) { found[$0] = $1?.text }
    #expect(found == (0..<1000).map { $0 % 2 == 0 ? "state \($0)" : nil })
  }

  @Test("tells about how much it takes")
  func size() throws {
    var store = try open()
    var chance = StoreChance(seed: 1)
    for number in 0..<3000 {
      let state = chance.bytes(320)
      Bytes.lend("\(number)") { store.put(id: $0, hash: UInt64(number), state: state, dueMs: .max) }
    }
    try store.commit(1)
    #expect(store.estimatedBytes > 900_000 && store.estimatedBytes < 2_000_000)
  }
}
