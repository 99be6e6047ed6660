import Events
import Foundation
import ProfileStore
import Testing

/// A folder of its own for one test; it goes with the object.
final class StoreScratch {
  let parent: String
  /// Where the store is; nothing is there yet.
  var folder: String { "\(parent)/task" }

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("usher-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    parent = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: parent) }

  /// The store's files whose names end so, the largest first.
  func files(_ ending: String = "") throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(ending) }
    return try names.map { "\(folder)/\($0)" }.sorted { try size($0) > size($1) }
  }

  func manifest() throws -> String {
    try #require(try files().first { $0.contains("/MANIFEST-") })
  }

  func size(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.size] as? Int) ?? 0
  }
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct StoreChance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Bytes that no compression makes fewer; a multiple of eight.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let words = (0..<count / 8).map { _ in next() }
    return words.withUnsafeBytes { Array($0) }
  }
}

/// What a store is meant to hold.
struct StoreModel: Equatable {
  struct Profile: Equatable {
    var state: [UInt8]
    var dueMs: Int64
  }

  var profiles: [String: Profile] = [:]
  var position: StorePosition?

  /// Few hashes for many profiles, so that ids share them.
  static func hash(_ id: String) -> UInt64 { Hash64.of(id) % 97 &* 0x0123_4567_89AB_CDEF }

  /// What a store holds, read from one end to the other; each profile is looked up by its id as well.
  init(reading store: borrowing DiskStore) throws {
    position = store.position
    var dues: [UInt64: [Int64]] = [:]
    try store.forEachDue { dues[$1, default: []].append($2) }
    var misplaced = 0
    var found: [String: [UInt8]] = [:]
    try store.forEachState { id, hash, state in
      if hash != Self.hash(id.text) { misplaced += 1 }
      found[id.text] = Array(state.buffer)
      return true
    }
    #expect(misplaced == 0)
    // Only hashes are told of dues: the state has its own in its first bytes.
    for (id, state) in found { profiles[id] = Profile(state: state, dueMs: Self.dueMs(in: state)) }
    let told = dues.mapValues { $0.sorted() }
    let meant = Dictionary(grouping: profiles.filter { $1.dueMs != .max }) { Self.hash($0.key) }
    #expect(told == meant.mapValues { $0.map(\.value.dueMs).sorted() })
  }

  init() {}

  /// A state that says when it is due and is so long.
  static func state(dueMs: Int64, length: Int, fill: UInt8) -> [UInt8] {
    withUnsafeBytes(of: dueMs.littleEndian) { Array($0) } + Array(repeating: fill, count: length)
  }

  static func dueMs(in state: [UInt8]) -> Int64 {
    state.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
  }
}

/// One change that is collected, told to a model and to a store alike.
enum StoreChange {
  case put(String, StoreModel.Profile)
  case remove(String)

  static func draw(_ chance: inout StoreChance, ids: Int, longest: Int = 400) -> StoreChange {
    let id = "profile-\(Int.random(in: 0..<ids, using: &chance))"
    if Int.random(in: 0..<5, using: &chance) == 0 { return .remove(id) }
    let isNever = Int.random(in: 0..<3, using: &chance) == 0
    let dueMs = isNever ? Int64.max : Int64.random(in: -5...(1 << 50), using: &chance)
    let state = StoreModel.state(
      dueMs: dueMs, length: Int.random(in: 0..<longest, using: &chance), fill: UInt8.random(in: 0...255, using: &chance)
    )
    return .put(id, StoreModel.Profile(state: state, dueMs: dueMs))
  }

  func apply(to model: inout StoreModel) {
    switch self {
    case .put(let id, let profile): model.profiles[id] = profile
    case .remove(let id): model.profiles[id] = nil
    }
  }

  func apply(to store: inout DiskStore) {
    switch self {
    case .put(let id, let profile):
      Bytes.lend(id) { store.put(id: $0, hash: StoreModel.hash(id), state: profile.state, dueMs: profile.dueMs) }
    case .remove(let id): Bytes.lend(id) { store.remove(id: $0, hash: StoreModel.hash(id)) }
    }
  }
}

extension Bytes {
  /// Lends a string's bytes for one call.
  static func lend<Result>(_ text: String, _ body: (Bytes) throws -> Result) rethrows -> Result {
    try Array(text.utf8).withUnsafeBytes { try body(Bytes($0)) }
  }
}

extension Hash64 {
  static func of(_ text: String) -> UInt64 { Bytes.lend(text) { of($0) } }
}

extension DiskStore {
  mutating func put(_ id: String, hash: UInt64? = nil, _ state: String, dueMs: Int64 = .max) {
    let hash = hash ?? StoreModel.hash(id)
    Bytes.lend(id) { put(id: $0, hash: hash, state: Array(state.utf8), dueMs: dueMs) }
  }

  mutating func remove(_ id: String) { Bytes.lend(id) { remove(id: $0, hash: StoreModel.hash(id)) } }

  func state(of id: String, hash: UInt64? = nil) throws -> String? {
    var buffer: [UInt8] = [1]
    let isThere = try Bytes.lend(id) { try state(of: $0, hash: hash ?? StoreModel.hash(id), into: &buffer) }
    #expect(isThere || buffer.isEmpty)
    return isThere ? String(decoding: buffer, as: UTF8.self) : nil
  }

  /// Commits as the nth commit.
  mutating func commit(_ number: Int, profiles: Int = 0) throws {
    try commit(StorePosition(number, profiles: profiles))
  }

  /// All dues, told as text.
  func dues() throws -> [String] {
    var dues: [String] = []
    try forEachDue { dues.append("\($1) \($2)") }
    return dues
  }
}

extension StorePosition {
  init(_ number: Int, profiles: Int = 0) {
    self.init(
      changelogOffset: Int64(number), taskRecord: Array("record \(number)".utf8), profiles: profiles,
      writtenAt: Instant(ms: Int64(number)))
  }
}
