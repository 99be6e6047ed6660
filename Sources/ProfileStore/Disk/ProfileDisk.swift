package import Events

/// What a task's store keeps profiles in: see `DiskStore`, whose words these are.
package protocol ProfileDisk: ~Copyable {
  var folder: String { get }
  var position: StorePosition? { get }
  mutating func put(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64)
  /// As `put`, but the bytes are lent until the next commit, or until what was put is discarded.
  mutating func lend(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64)
  mutating func remove(id: Bytes, hash: UInt64)
  mutating func discard()
  mutating func commit(_ position: StorePosition) throws(StoreError)
  mutating func flush() throws(StoreError)
  func forEachState(hash: UInt64, _ body: (_ id: Bytes, _ state: Bytes) -> Void) throws(StoreError)
  func forEachState(from hash: UInt64, _ body: (_ id: Bytes, _ hash: UInt64, _ state: Bytes) -> Bool) throws(StoreError)
  func forEachDue(_ body: (_ id: Bytes, _ hash: UInt64, _ dueMs: Int64) -> Void) throws(StoreError)
}

extension ProfileDisk where Self: ~Copyable {
  package mutating func lend(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64) {
    put(id: id, hash: hash, state: state, dueMs: dueMs)
  }
}

extension DiskStore: ProfileDisk {
  /// A commit is on disk already.
  package func flush() {}
}
