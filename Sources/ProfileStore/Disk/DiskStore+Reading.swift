import CRocksDB
public import Events

extension DiskStore {
  /// Which profile, for reading many at once.
  public struct Key {
    let key: usher_profile_key

    /// A profile's id and the hash under which it was put. The id's bytes are lent until the profile is read.
    public init(id: Bytes, hash: UInt64) { key = usher_profile_key(id, hash) }
  }

  /// Reads the committed state of a profile over what stands in `buffer`.
  /// - Returns: whether there is one; `buffer` is empty where not.
  /// - Throws: ``StoreError``, where the disk gives back what was not written, or nothing.
  public func state(of id: Bytes, hash: UInt64, into buffer: inout [UInt8]) throws(StoreError) -> Bool {
    buffer.removeAll(keepingCapacity: true)
    var found = usher_bytes()
    try check(usher_store_state(handle, usher_profile_key(id, hash), &found), "read")
    guard let bytes = Bytes(found) else { return false }
    buffer.append(contentsOf: bytes.buffer)
    return true
  }

  /// Reads the committed states of many profiles, faster than one by one where they are not in memory.
  /// - Parameter body: is given the number of a key, from 0 on, and its state for the length of the call; `nil` where
  ///   there is none.
  /// - Throws: ``StoreError``; `body` has been given some of the keys then.
  public func states(of keys: [Key], _ body: (_ index: Int, _ state: Bytes?) -> Void) throws(StoreError) {
    // So many that their blocks do not crowd the cache.
    let most = 256
    var from = 0
    var found: [usher_bytes] = Array(repeating: usher_bytes(), count: min(most, keys.count))
    while from < keys.count {
      let count = min(most, keys.count - from)
      let failure = keys[from..<from + count].withUnsafeBufferPointer { keys in
        keys.withMemoryRebound(to: usher_profile_key.self) { usher_store_states(handle, $0.baseAddress, count, &found) }
      }
      try check(failure, "read")
      for index in 0..<count { body(from + index, Bytes(found[index])) }
      from += count
    }
  }

  /// Reads the committed states of all profiles whose ids have a hash: mostly one, or none.
  /// - Parameter body: is given an id and its state for the length of the call.
  public func forEachState(hash: UInt64, _ body: (_ id: Bytes, _ state: Bytes) -> Void) throws(StoreError) {
    try walk(usher_walk_states_of_hash(handle, hash)) {
      body(Bytes($0.id) ?? .empty, $1)
      return true
    }
  }

  /// Reads the committed states of profiles from a hash on, in the order of their hashes.
  /// - Parameter body: is given an id, its hash, and its state for the length of the call; says whether to go on.
  public func forEachState(
    from hash: UInt64 = 0, _ body: (_ id: Bytes, _ hash: UInt64, _ state: Bytes) -> Bool
  ) throws(StoreError) {
    try walk(usher_walk_states(handle, hash)) { body(Bytes($0.id) ?? .empty, $0.hash, $1) }
  }

  /// Reads when profiles are due: all that are at some time, in the order of their hashes.
  /// - Parameter body: is given an id for the length of the call, its hash, and when it is due.
  public func forEachDue(_ body: (_ id: Bytes, _ hash: UInt64, _ dueMs: Int64) -> Void) throws(StoreError) {
    let walk = usher_walk_dues(handle)
    var key = usher_profile_key()
    var dueMs: Int64 = 0
    while usher_walk_next_due(walk, &key, &dueMs) { body(Bytes(key.id) ?? .empty, key.hash, dueMs) }
    try check(usher_walk_end(walk), "read")
  }

  private func walk(_ walk: OpaquePointer?, _ body: (usher_profile_key, Bytes) -> Bool) throws(StoreError) {
    var key = usher_profile_key()
    var state = usher_bytes()
    while usher_walk_next_state(walk, &key, &state), body(key, Bytes(state) ?? .empty) {}
    try check(usher_walk_end(walk), "read")
  }
}
