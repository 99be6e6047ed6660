import CRocksDB
public import Events

/// The profiles of one task, in one folder on disk.
///
/// What is put is collected, and is there for readers once it is committed: profiles, when they are due, and the
/// position, all of it or nothing. A commit makes tables in files of their own, in the order of their keys, which RocksDB
/// then takes in as they are: neither its log nor its buffers are used. So it is on disk when it is done, and best done
/// for many profiles at a time. What was committed to nobody is read again from the changelog, from ``position`` on.
///
/// A store belongs to one thread.
public struct DiskStore: ~Copyable {
  /// Where it is.
  public let folder: String
  /// Where the store stands; `nil` in a new store.
  public private(set) var position: StorePosition?

  let handle: OpaquePointer
  private let memory: StoreMemory
  private var buffer: [UInt8] = []

  /// Opens the store in a folder. Where there is none, a new one is made, and the folder with it.
  /// - Throws: ``StoreError``; see ``StoreError/isDamaged``.
  public init(folder: String, memory: StoreMemory) throws(StoreError) {
    try StoreFolder.prepare(folder)
    let handle = try Self.open(folder, memory)
    do {
      position = try Self.position(of: handle, folder)
    } catch {
      usher_store_close(handle)
      throw error
    }
    self.folder = folder
    self.memory = memory
    self.handle = handle
  }

  deinit { usher_store_close(handle) }

  /// Closes the store.
  public consuming func close() {}

  /// How much there is on disk, about.
  public var estimatedBytes: Int { Int(usher_store_bytes(handle)) }

  // MARK: Writing

  /// Puts a profile's state into the next commit.
  /// - Parameters:
  ///   - id: the profile's id; not empty.
  ///   - hash: a hash of the id, the same at every time.
  ///   - state: bytes that the store gives back as they are.
  ///   - dueMs: when time alone changes something; `Int64.max` for never.
  public mutating func put(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64) {
    usher_store_put(handle, usher_profile_key(id, hash), usher_bytes(state), dueMs)
  }

  /// Puts a profile's state into the next commit.
  public mutating func put(id: Bytes, hash: UInt64, state: [UInt8], dueMs: Int64) {
    state.withUnsafeBytes { put(id: id, hash: hash, state: Bytes($0), dueMs: dueMs) }
  }

  /// Puts a profile's state into the next commit, as ``put(id:hash:state:dueMs:)`` does, but takes no copy: the bytes are
  /// lent until the commit is done, or until what was put is discarded.
  public mutating func lend(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64) {
    usher_store_lend(handle, usher_profile_key(id, hash), usher_bytes(state), dueMs)
  }

  /// Removes a profile with the next commit; one that is not there may be removed.
  public mutating func remove(id: Bytes, hash: UInt64) { usher_store_remove(handle, usher_profile_key(id, hash)) }

  /// Forgets what was put and removed since the last commit.
  public mutating func discard() { usher_store_discard(handle) }

  /// Writes to disk what was put and removed, and where the store stands then.
  /// - Throws: ``StoreError``. Nothing is committed then, and what was put is kept for another try, or to be discarded.
  public mutating func commit(_ position: StorePosition) throws(StoreError) {
    position.encode(into: &buffer)
    let failure = buffer.withUnsafeBytes { usher_store_commit(handle, usher_bytes(Bytes($0))) }
    try check(failure, "write to")
    self.position = position
  }

  // MARK: Inside

  private static func open(_ folder: String, _ memory: StoreMemory) throws(StoreError) -> OpaquePointer {
    var opened: OpaquePointer?
    let failure = usher_store_open(folder, memory.handle, &opened)
    if let error = StoreError(failure, "open", folder: folder) { throw error }
    guard let opened else { throw StoreError(.other, "open", folder: folder, reason: "RocksDB gave no store") }
    return opened
  }

  private static func position(of handle: OpaquePointer, _ folder: String) throws(StoreError) -> StorePosition? {
    var found = usher_bytes()
    let failure = usher_store_position(handle, &found)
    if let error = StoreError(failure, "read", folder: folder) { throw error }
    guard let bytes = Bytes(found) else { return nil }
    guard let position = StorePosition(bytes) else {
      throw StoreError(.damaged, "read", folder: folder, reason: "its position ends too early")
    }
    return position
  }

  func check(_ failure: usher_failure, _ operation: String) throws(StoreError) {
    if let error = StoreError(failure, operation, folder: folder) { throw error }
  }
}

extension usher_bytes {
  init(_ bytes: Bytes) { self.init(start: bytes.start, count: bytes.count) }
}

extension usher_profile_key {
  init(_ id: Bytes, _ hash: UInt64) { self.init(hash: hash, id: usher_bytes(id)) }
}

extension Bytes {
  /// `nil` where there is nothing.
  init?(_ bytes: usher_bytes) {
    guard let start = bytes.start else { return nil }
    self.init(start, count: bytes.count)
  }
}
