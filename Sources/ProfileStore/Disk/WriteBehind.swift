package import Events

/// A disk that gets many commits at a time. What is committed is collected in memory, where a later state of a profile
/// takes the place of an earlier one, and is written together with where the last of these commits stands: when it takes
/// too much memory, when a start would have to read too much of the changelog again, after a while, or when it is asked
/// for.
///
/// Readers see what is committed, be it on disk or not. A crash loses what was not written: the disk is as it was after
/// some earlier commit, as disks are.
package struct WriteBehind<Disk: ProfileDisk & ~Copyable>: ProfileDisk, ~Copyable {
  private let limits: WriteBehindLimits
  private var waiting = PutStates()
  private var collected = CollectedStates()
  /// Where the newest commit stands.
  package private(set) var position: StorePosition?
  /// When what is on disk was committed.
  private var writtenAt: Instant?
  /// How many states were committed since.
  private var records = 0
  private var disk: Disk

  /// What is committed to the disk from here on is collected first.
  package init(_ disk: consuming Disk, _ limits: WriteBehindLimits) {
    position = disk.position
    writtenAt = disk.position?.writtenAt
    self.disk = disk
    self.limits = limits
    limits.enter()
  }

  deinit { limits.leave() }

  package var folder: String { disk.folder }

  package mutating func put(id: Bytes, hash: UInt64, state: Bytes, dueMs: Int64) {
    waiting.add(id: id, hash: hash, state: state, dueMs: dueMs)
    records += 1
  }

  package mutating func remove(id: Bytes, hash: UInt64) {
    waiting.add(id: id, hash: hash, state: nil, dueMs: .max)
    records += 1
  }

  package mutating func discard() { waiting.removeAll() }

  /// Commits what was put. Where it is time to write, what was committed before is written first: if that fails, nothing
  /// is committed.
  package mutating func commit(_ position: StorePosition) throws(StoreError) {
    if isTime(at: position.writtenAt) { try write() }
    waiting.forEach { id, hash, state, dueMs in collected.put(id: id, hash: hash, state: state, dueMs: dueMs) }
    waiting.removeAll()
    if writtenAt == nil { writtenAt = position.writtenAt }
    self.position = position
  }

  package mutating func flush() throws(StoreError) {
    try write()
    try disk.flush()
  }

  private func isTime(at now: Instant) -> Bool {
    let share = limits.storeCount
    if collected.memoryBytes > limits.bytes / share || records > limits.records / share { return true }
    guard let writtenAt else { return false }
    return now.ms - writtenAt.ms > limits.forMs
  }

  /// Writes what was collected, and where the newest commit stands.
  private mutating func write() throws(StoreError) {
    guard let position, collected.count > 0 || position != disk.position else { return }
    disk.discard()
    for item in collected.sorted() {
      if let state = item.state {
        disk.lend(id: item.id, hash: item.hash, state: state, dueMs: item.dueMs)
      } else {
        disk.remove(id: item.id, hash: item.hash)
      }
    }
    try disk.commit(position)
    collected.removeAll()
    records = 0
    writtenAt = position.writtenAt
  }

  // MARK: Reading

  package func forEachState(hash: UInt64, _ body: (_ id: Bytes, _ state: Bytes) -> Void) throws(StoreError) {
    var isAny = false
    collected.forEach(under: hash) { item in
      isAny = true
      if let state = item.state { body(item.id, state) }
    }
    if !isAny { return try disk.forEachState(hash: hash, body) }
    // Others may have the same hash.
    try disk.forEachState(hash: hash) { id, state in
      if !collected.has(id: id, hash: hash) { body(id, state) }
    }
  }

  package func forEachState(
    from hash: UInt64, _ body: (_ id: Bytes, _ hash: UInt64, _ state: Bytes) -> Bool
  ) throws(StoreError) {
    var items = collected.sorted(from: hash)[...]
    var goesOn = true
    try disk.forEachState(from: hash) { id, hash, state in
      while goesOn, let item = items.first, item.hash < hash {
        items.removeFirst()
        if let state = item.state { goesOn = body(item.id, item.hash, state) }
      }
      if goesOn, !collected.has(id: id, hash: hash) { goesOn = body(id, hash, state) }
      return goesOn
    }
    while goesOn, let item = items.popFirst() {
      if let state = item.state { goesOn = body(item.id, item.hash, state) }
    }
  }

  package func forEachDue(_ body: (_ id: Bytes, _ hash: UInt64, _ dueMs: Int64) -> Void) throws(StoreError) {
    try disk.forEachDue { id, hash, dueMs in
      if !collected.has(id: id, hash: hash) { body(id, hash, dueMs) }
    }
    collected.forEach { if $0.dueMs < .max { body($0.id, $0.hash, $0.dueMs) } }
  }
}
