package import Events

/// What was put and removed since the last commit, one behind the other, in memory that is used again.
///
/// ```
/// hash u64 · due instant i64 · bytes of the id u32 · bytes of the state u32, or all bits where the profile is removed
/// id · state
/// ```
package struct PutStates: ~Copyable {
  private var start: UnsafeMutableRawPointer
  private var capacity: Int
  private var used = 0

  private static let leastCapacity = 1 << 16
  /// What one commit needed is kept for the next, unless it was far more than is usual.
  private static let usualBytes = 8 << 20
  private static let headBytes = 24
  private static let gone = UInt32.max

  /// Nothing yet.
  package init() {
    capacity = Self.leastCapacity
    start = .allocate(byteCount: capacity, alignment: 8)
  }

  deinit { start.deallocate() }

  /// Whether there is none.
  package var isEmpty: Bool { used == 0 }

  /// Adds a state; none says that the profile is removed.
  package mutating func add(id: Bytes, hash: UInt64, state: Bytes?, dueMs: Int64) {
    let end = used + Self.headBytes + id.count + (state?.count ?? 0)
    if end > capacity { resize(to: max(end, capacity * 2)) }
    let at = start + used
    at.storeBytes(of: hash, as: UInt64.self)
    at.storeBytes(of: dueMs, toByteOffset: 8, as: Int64.self)
    at.storeBytes(of: UInt32(id.count), toByteOffset: 16, as: UInt32.self)
    at.storeBytes(of: state.map { UInt32($0.count) } ?? Self.gone, toByteOffset: 20, as: UInt32.self)
    (at + Self.headBytes).copyMemory(from: id.start, byteCount: id.count)
    if let state { (at + Self.headBytes + id.count).copyMemory(from: state.start, byteCount: state.count) }
    used = end
  }

  /// Lends all of them in the order in which they were added.
  package func forEach(_ body: (_ id: Bytes, _ hash: UInt64, _ state: Bytes?, _ dueMs: Int64) -> Void) {
    var at = start
    while at < start + used {
      let idBytes = Int(at.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
      let written = at.loadUnaligned(fromByteOffset: 20, as: UInt32.self)
      let stateBytes = written == Self.gone ? 0 : Int(written)
      let id = (at + Self.headBytes).assumingMemoryBound(to: UInt8.self)
      let state = written == Self.gone ? nil : Bytes(id + idBytes, count: stateBytes)
      body(
        Bytes(id, count: idBytes), at.loadUnaligned(as: UInt64.self), state,
        at.loadUnaligned(fromByteOffset: 8, as: Int64.self))
      at += Self.headBytes + idBytes + stateBytes
    }
  }

  /// Forgets all of them.
  package mutating func removeAll() {
    used = 0
    if capacity > Self.usualBytes { resize(to: Self.leastCapacity) }
  }

  private mutating func resize(to bytes: Int) {
    let former = start
    start = .allocate(byteCount: bytes, alignment: 8)
    start.copyMemory(from: former, byteCount: used)
    capacity = bytes
    former.deallocate()
  }
}
