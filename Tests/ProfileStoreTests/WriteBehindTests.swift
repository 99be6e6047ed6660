import Events
import Testing

@testable import ProfileStore

@Suite("A disk that is written to behind the commits, held against a dictionary")
struct WriteBehindTests {
  @Test(
    "shows every commit at once, keeps those that were written, and loses the newest in a crash as a whole",
    arguments: 1...12)
  func random(seed: UInt64) throws {
    let run = BehindRun(seed: seed)
    for _ in 0..<1500 { try run.step() }
    try run.compare()
    #expect(run.crashes > 2 && run.writes > 2 && (run.refusals > 2 || !run.isWrittenOften))
  }

  @Test("writes once for many commits, and what they come to only")
  func coalesces() throws {
    let image = PlainImage()
    var store = WriteBehind(PlainDisk(image), WriteBehindLimits(bytes: 1 << 20))
    for number in 1...50 {
      store.put("ada", "state \(number)", dueMs: Int64(number))
      store.put("ben \(number)", "1")
      store.remove("ben \(number - 1)")
      try store.commit(StorePosition(number))
    }
    #expect(image.commits == 0)
    try store.flush()
    #expect(image.commits == 1 && image.position == StorePosition(50))
    #expect(image.profiles.keys.sorted() == ["ada", "ben 50"])
    #expect(image.profiles["ada"]?.state == Array("state 50".utf8) && image.profiles["ada"]?.dueMs == 50)
    try store.flush()
    #expect(image.commits == 1)
  }

  @Test("gives memory back after a time in which far more was collected than is now")
  func shrinks() {
    var states = CollectedStates()
    let empty = states.memoryBytes
    func put(_ count: Int) {
      for number in 0..<count {
        Array("\(number)".utf8).withUnsafeBytes {
          states.put(id: Bytes($0), hash: UInt64(number), state: nil, dueMs: .max)
        }
      }
    }
    put(10_000)
    states.removeAll()
    #expect(states.memoryBytes > 100 * empty, "the next ones may be as many")
    for _ in 0..<20 {
      put(3)
      #expect(states.sorted().count == 3)
      states.removeAll()
    }
    #expect(states.memoryBytes == empty)
  }

  @Test("writes when memory is full, when many records were committed, and after a while")
  func limits() throws {
    func commits(_ limits: WriteBehindLimits, stateBytes: Int, msPerCommit: Int) throws -> Int {
      let image = PlainImage()
      var store = WriteBehind(PlainDisk(image), limits)
      for number in 0..<101 {
        store.put("ada", String(repeating: "x", count: stateBytes))
        store.put("\(number)", String(repeating: "x", count: stateBytes))
        try store.commit(StorePosition(number * msPerCommit))
      }
      return image.commits
    }
    let never = 1 << 40
    #expect(
      try commits(WriteBehindLimits(bytes: never, records: never, forMs: .max), stateBytes: 9, msPerCommit: 1) == 0)
    #expect(
      try commits(WriteBehindLimits(bytes: never, records: 39, forMs: .max), stateBytes: 9, msPerCommit: 1) == 5)
    #expect(
      try commits(WriteBehindLimits(bytes: never, records: never, forMs: 99), stateBytes: 9, msPerCommit: 10) == 11)
    let full = try commits(
      WriteBehindLimits(bytes: 200_000, records: never, forMs: .max), stateBytes: 9000, msPerCommit: 1)
    #expect(full >= 4 && full <= 6)
  }

  @Test("gives each of several stores a share of the limits")
  func shares() throws {
    let limits = WriteBehindLimits(bytes: 1 << 30, records: 40)
    let images = [PlainImage(), PlainImage()]
    var first = WriteBehind(PlainDisk(images[0]), limits)
    for number in 1...30 {
      first.put("ada", "1")
      try first.commit(StorePosition(number))
    }
    #expect(images[0].commits == 0)
    let second = WriteBehind(PlainDisk(images[1]), limits)
    first.put("ada", "1")
    try first.commit(StorePosition(31))
    #expect(images[0].commits == 1 && second.position == nil)
  }
}

/// A disk on which a commit is there at once, and that refuses one now and then.
private final class PlainImage {
  var profiles: [String: StoreModel.Profile] = [:]
  var position: StorePosition?
  var commits = 0
  var refuses = false
}

private struct PlainDisk: ProfileDisk, ~Copyable {
  private let image: PlainImage
  private var waiting: [StoreChange] = []

  init(_ image: PlainImage) { self.image = image }

  var folder: String { "plain" }
  var position: StorePosition? { image.position }

  mutating func put(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64) {
    #expect(hash == StoreModel.hash(id.text))
    waiting.append(.put(id.text, StoreModel.Profile(state: Array(state.buffer), dueMs: dueMs)))
  }

  mutating func remove(id: Bytes, hash: UInt64) { waiting.append(.remove(id.text)) }

  mutating func discard() { waiting = [] }

  mutating func commit(_ position: StorePosition) throws(StoreError) {
    if image.refuses { throw StoreError(.diskFull, "write to", folder: folder, reason: "no room") }
    var model = StoreModel()
    model.profiles = image.profiles
    for change in waiting { change.apply(to: &model) }
    image.profiles = model.profiles
    image.position = position
    image.commits += 1
    waiting = []
  }

  func flush() {}

  func forEachState(hash: UInt64, _ body: (_ id: Bytes, _ state: Bytes) -> Void) {
    for (id, profile) in image.profiles where StoreModel.hash(id) == hash {
      lend(id, profile.state) { body($0, $1) }
    }
  }

  func forEachState(from hash: UInt64, _ body: (_ id: Bytes, _ hash: UInt64, _ state: Bytes) -> Bool) {
    let sorted = image.profiles.sorted { (StoreModel.hash($0.key), $0.key) < (StoreModel.hash($1.key), $1.key) }
    for (id, profile) in sorted where StoreModel.hash(id) >= hash {
      if !lend(id, profile.state, { body($0, StoreModel.hash(id), $1) }) { return }
    }
  }

  func forEachDue(_ body: (_ id: Bytes, _ hash: UInt64, _ dueMs: Int64) -> Void) {
    for (id, profile) in image.profiles where profile.dueMs < .max {
      Bytes.lend(id) { body($0, StoreModel.hash(id), profile.dueMs) }
    }
  }

  private func lend<Result>(_ id: String, _ state: [UInt8], _ body: (Bytes, Bytes) -> Result) -> Result {
    Bytes.lend(id) { id in state.withUnsafeBytes { body(id, Bytes($0)) } }
  }
}

extension WriteBehind where Disk: ~Copyable {
  fileprivate mutating func put(_ id: String, _ state: String, dueMs: Int64 = .max) {
    Bytes.lend(id) { id in
      Bytes.lend(state) { put(id: id, hash: StoreModel.hash(id.text), state: $0, dueMs: dueMs) }
    }
  }

  fileprivate mutating func remove(_ id: String) {
    Bytes.lend(id) { remove(id: $0, hash: StoreModel.hash(id)) }
  }
}

private final class BehindRun {
  private let image = PlainImage()
  private let limits: WriteBehindLimits
  private var opened: WriteBehind<PlainDisk>?
  private var chance: StoreChance
  private var committed = StoreModel()
  private var pending = StoreModel()
  private var number = 0
  private(set) var crashes = 0
  private(set) var refusals = 0
  /// Whether next to nothing may wait.
  var isWrittenOften: Bool { limits.bytes < 10_000 }
  var writes: Int { image.commits }
  /// Any commit since the last write may be what a crash leaves.
  private var history: [Int: StoreModel] = [:]

  init(seed: UInt64) {
    chance = StoreChance(seed: seed)
    limits = WriteBehindLimits(
      bytes: [3000, 60_000, 1 << 30][Int(seed % 3)], records: [200, 2000][Int(seed % 2)],
      forMs: [300, 1 << 40][Int(seed / 7)])
    opened = WriteBehind(PlainDisk(image), limits)
  }

  func step() throws {
    switch Int.random(in: 0..<100, using: &chance) {
    case 0: try reopen(flushing: true)
    case 1: try reopen(flushing: false)
    case 2:
      image.refuses = false
      try opened!.flush()
    case 3...5:
      opened!.discard()
      pending = committed
    case 6...30: try commit()
    case 31...40: try lookUpHash()
    case 41: try walk(from: chance.next())
    case 42: try compare()
    case 43: image.refuses = true
    default:
      for _ in 0..<Int.random(in: 1...10, using: &chance) {
        let change = StoreChange.draw(&chance, ids: 300, longest: 500)
        change.apply(to: &pending)
        tell(change)
      }
    }
  }

  private func tell(_ change: StoreChange) {
    switch change {
    case .put(let id, let profile):
      Bytes.lend(id) { id in
        profile.state.withUnsafeBytes {
          opened!.put(id: id, hash: StoreModel.hash(id.text), state: Bytes($0), dueMs: profile.dueMs)
        }
      }
    case .remove(let id): opened!.remove(id)
    }
  }

  /// Where the disk refuses, what was put is there for another try.
  private func commit() throws {
    number += 1
    let position = StorePosition(number * 10, profiles: pending.profiles.count)
    do throws(StoreError) {
      try opened!.commit(position)
    } catch {
      #expect(error.kind == .diskFull)
      refusals += 1
      image.refuses = false
      try compare()
      try opened!.commit(position)
    }
    pending.position = position
    committed = pending
    history[number * 10] = committed
  }

  private func reopen(flushing: Bool) throws {
    image.refuses = false
    if flushing { try opened!.flush() } else { crashes += 1 }
    opened = nil
    opened = WriteBehind(PlainDisk(image), limits)
    let position = opened?.position
    let found = position.map { history[Int($0.changelogOffset)]! } ?? StoreModel()
    if flushing { #expect(found == committed) }
    committed = found
    pending = found
    try compare()
  }

  private func lookUpHash() throws {
    let hash = StoreModel.hash("profile-\(Int.random(in: 0..<330, using: &chance))")
    var found: [String: [UInt8]] = [:]
    try opened!.forEachState(hash: hash) { id, state in
      #expect(found[id.text] == nil)
      found[id.text] = Array(state.buffer)
    }
    #expect(found == committed.profiles.filter { StoreModel.hash($0.key) == hash }.mapValues(\.state))
  }

  /// From anywhere, up to anywhere.
  private func walk(from hash: UInt64) throws {
    let meant = committed.profiles.filter { StoreModel.hash($0.key) >= hash }
    let most = Int.random(in: 0...meant.count, using: &chance)
    var found: [String: [UInt8]] = [:]
    var last = hash
    try opened!.forEachState(from: hash) { id, hash, state in
      #expect(hash >= last && hash == StoreModel.hash(id.text) && found[id.text] == nil)
      last = hash
      found[id.text] = Array(state.buffer)
      return found.count < most
    }
    #expect(found.count == min(max(most, 1), meant.count))
    for (id, state) in found { #expect(meant[id]?.state == state) }
    // Nobody before the last one was passed over.
    #expect(meant.allSatisfy { StoreModel.hash($0.key) >= last || found[$0.key] != nil })
  }

  func compare() throws {
    let position = opened?.position
    #expect(position == committed.position)
    var states: [String: [UInt8]] = [:]
    try opened!.forEachState(from: 0) { id, _, state in
      states[id.text] = Array(state.buffer)
      return true
    }
    #expect(states == committed.profiles.mapValues(\.state))
    var dues: [String: Int64] = [:]
    try opened!.forEachDue { id, hash, dueMs in
      #expect(hash == StoreModel.hash(id.text) && dues[id.text] == nil)
      dues[id.text] = dueMs
    }
    #expect(dues == committed.profiles.filter { $1.dueMs < .max }.mapValues(\.dueMs))
  }
}
