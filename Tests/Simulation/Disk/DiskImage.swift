import Events
import Judge
import Pipeline
import ProfileStore

/// What lies in a folder: the store's latest commit, and what of it would be left after a crash.
final class DiskImage {
  struct Profile: Equatable {
    var hash: UInt64
    var state: [UInt8]
    var dueMs: Int64
  }

  struct Contents: Equatable {
    var profiles: [[UInt8]: Profile] = [:]
    var position: StorePosition?
  }

  var committed = Contents()
  private(set) var flushed = Contents()
  var isOpen = false
  /// Whether the next reader finds something else than was written.
  var isDamaged = false

  func flush() { flushed = committed }

  /// What was not flushed is gone.
  func crash() {
    committed = flushed
    isOpen = false
  }
}

/// A store on a simulated disk. As with RocksDB, whose own log is off, whole commits reach the disk some time.
struct SimulatedDisk: ProfileDisk, ~Copyable {
  let folder: String
  private let image: DiskImage
  private let process: SimulatedProcess
  private var waiting: [(id: [UInt8], profile: DiskImage.Profile?)] = []

  init(_ image: DiskImage, folder: String, of process: SimulatedProcess) {
    self.image = image
    self.folder = folder
    self.process = process
    image.isOpen = true
  }

  deinit { if !process.isDead { image.crash() } }

  var position: StorePosition? { image.committed.position }

  mutating func put(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64) {
    let profile = DiskImage.Profile(hash: hash, state: Array(state.buffer), dueMs: dueMs)
    waiting.append((Array(id.buffer), profile))
  }

  mutating func remove(id: Bytes, hash: UInt64) { waiting.append((Array(id.buffer), nil)) }

  mutating func discard() { waiting = [] }

  mutating func commit(_ position: StorePosition) throws(StoreError) {
    if process.isDead { return }
    try process.world.disturbDisk(image, folder)
    for (id, profile) in waiting { image.committed.profiles[id] = profile }
    waiting = []
    image.committed.position = position
    if process.world.schedule.chance.perMille(50) { image.flush() }
  }

  func flush() throws(StoreError) {
    if !process.isDead { image.flush() }
  }

  func forEachState(hash: UInt64, _ body: (_ id: Bytes, _ state: Bytes) -> Void) throws(StoreError) {
    try checkDamage()
    for (id, profile) in sorted() where profile.hash == hash { lend(id, profile, body) }
  }

  func forEachState(
    from hash: UInt64, _ body: (_ id: Bytes, _ hash: UInt64, _ state: Bytes) -> Bool
  ) throws(StoreError) {
    try checkDamage()
    for (id, profile) in sorted() where profile.hash >= hash {
      if !lend(id, profile, { body($0, profile.hash, $1) }) { return }
    }
  }

  func forEachDue(_ body: (_ id: Bytes, _ hash: UInt64, _ dueMs: Int64) -> Void) throws(StoreError) {
    try checkDamage()
    for (id, profile) in sorted() where profile.dueMs < .max {
      lend(id, profile) { id, _ in body(id, profile.hash, profile.dueMs) }
    }
  }

  private func checkDamage() throws(StoreError) {
    if image.isDamaged { throw StoreError.unreadable(in: folder, because: "a block is not what was written") }
  }

  private func sorted() -> [(key: [UInt8], value: DiskImage.Profile)] {
    image.committed.profiles.sorted { ($0.value.hash, $0.key.count) < ($1.value.hash, $1.key.count) }
  }

  private func lend<Result>(
    _ id: [UInt8], _ profile: DiskImage.Profile, _ body: (_ id: Bytes, _ state: Bytes) -> Result
  ) -> Result {
    id.withUnsafeBytes { id in profile.state.withUnsafeBytes { body(Bytes(id), Bytes($0)) } }
  }
}
