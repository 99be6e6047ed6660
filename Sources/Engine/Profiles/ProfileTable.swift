internal import Events

/// All profiles of a partition: found by id, known by a slot that stays the same while their blocks move.
struct ProfileTable: ~Copyable {
  /// A profile's number, from zero.
  typealias Slot = UInt32

  let layout: ProfileLayout
  private var blocks = GrowingTable<UnsafeMutableRawPointer>(capacity: 1024)
  private(set) var index = ProfileIndex()
  private var arena = ProfileArena()
  /// The slots whose profiles changed since `clearDirty`.
  private(set) var dirty: [Slot] = []
  /// The ids of the profiles that were forgotten since `clearDirty`.
  private(set) var erased: [[UInt8]] = []
  /// Where a store is beside the engine, the hashes of those ids: the store has them still.
  private var erasedHashes: Set<UInt64> = []
  private let hasStore: Bool
  /// Who was used lately, where a store is beside the engine.
  var lately = SecondChance()
  /// Slots whose profiles have been forgotten, and slots that are free.
  private var gone: [Slot] = []
  private var free: [Slot] = []
  /// How many have moved into another one, and were not used again.
  private var moved = 0

  /// Stands where a slot has no profile.
  private let nobody: UnsafeMutableRawPointer

  init(_ layout: ProfileLayout, hasStore: Bool) {
    self.layout = layout
    self.hasStore = hasStore
    nobody = .allocate(byteCount: layout.idOffset, alignment: 16)
    Profile(base: nobody, layout: layout).initialize(id: .empty, blockBytes: layout.idOffset, leaves: [])
  }

  deinit { nobody.deallocate() }

  /// How many profiles there are; who has moved into another one is none.
  var count: Int { blocks.count - free.count - gone.count - moved }

  var memoryBytes: Int { arena.reservedBytes + findingBytes }

  /// How many bytes are in use; those that profiles have left are not.
  var bytesInUse: Int { arena.usedBytes + findingBytes }

  private var findingBytes: Int { blocks.memoryBytes + index.memoryBytes + lately.memoryBytes }

  /// How many bytes the block of each profile has.
  var blockBytes: [Int] {
    (0..<blocks.count).filter { blocks[$0] != nobody }.map { self[Slot($0)].blockBytes }
  }

  /// How many slots there are, in use or not.
  var slotCount: Int { blocks.count }

  /// Whether a slot has a profile that was not forgotten.
  func isInUse(_ slot: Slot) -> Bool { blocks[Int(slot)] != nobody && !gone.contains(slot) }

  @inline(__always) subscript(slot: Slot) -> Profile { Profile(base: blocks[Int(slot)], layout: layout) }

  /// Asks for the index's place of a profile, which will soon be looked for.
  @inline(__always) func expect(_ hash: UInt64) { index.expect(hash) }

  /// Asks for the block of a profile, which will be looked for next. The index's place should have come by now. A hash
  /// that another id shares costs a needless look, no more.
  @inline(__always) func approach(_ hash: UInt64) {
    var place = index.home(of: hash)
    guard let found = index.next(hash, from: &place) else { return }
    blocks.expect(Int(found.slot))
    ProfileIndex.expect(block: found.block)
  }

  /// Asks for the memory of profiles that have changed and stand behind one of them.
  @inline(__always) func expectDirty(behind index: Int) {
    if index + 8 < dirty.count { blocks.expect(Int(dirty[index + 8])) }
    if index + 4 < dirty.count { ProfileIndex.expect(block: self[dirty[index + 4]].base) }
  }

  /// The profile with that id, if it has begun. `hash` is the id's.
  @inline(__always) func slot(of id: Bytes, hash: UInt64) -> Slot? {
    var place = index.home(of: hash)
    while let found = index.next(hash, from: &place) {
      if Profile(base: found.block, layout: layout).id == id { return found.slot }
    }
    return nil
  }

  /// Begins a profile that is not there yet, with the answers that leaves have without events.
  /// `partBytes` is how much room it has for parts: mostly a first message id and a first event.
  mutating func begin(_ id: Bytes, leaves: [UInt64], partBytes: Int = 96) -> Slot {
    let needed = layout.idOffset + ProfileLayout.padded(id.count)
    let (block, bytes) = arena.take(needed + partBytes)
    Profile(base: block, layout: layout).initialize(id: id, blockBytes: bytes, leaves: leaves)
    return add(block, id: id)
  }

  private mutating func add(_ block: UnsafeMutableRawPointer, id: Bytes) -> Slot {
    let slot: Slot
    if let freed = free.popLast() {
      slot = freed
      blocks[Int(slot)] = block
    } else {
      slot = Slot(blocks.count)
      blocks.append(block)
    }
    index.insert(block, slot, hash: Hash64.of(id))
    if hasStore { lately.enter(slot) }
    return slot
  }

  /// Makes room for bytes at an offset of a profile's block; the block may move. The bytes are not set.
  mutating func makeRoom(_ bytes: Int, at offset: Int, in slot: Slot) -> Profile {
    var profile = self[slot]
    let used = profile.usedBytes
    if used + bytes > profile.blockBytes { profile = move(slot, toFit: used + bytes) }
    let from = profile.base + offset
    (from + bytes).copyMemory(from: from, byteCount: used - offset)
    profile.usedBytes = used + bytes
    return profile
  }

  private mutating func move(_ slot: Slot, toFit bytes: Int) -> Profile {
    let old = self[slot]
    let oldBytes = old.blockBytes
    let (block, size) = arena.take(bytes)
    block.copyMemory(from: old.base, byteCount: old.usedBytes)
    arena.give(old.base, bytes: oldBytes)
    blocks[Int(slot)] = block
    let moved = self[slot]
    moved.blockBytes = size
    index.move(slot, to: block, hash: Hash64.of(moved.id))
    return moved
  }

  /// Notes that a profile's state has changed.
  mutating func markDirty(_ slot: Slot) {
    let profile = self[slot]
    if profile.isDirty { return }
    profile.isDirty = true
    dirty.append(slot)
  }

  /// Forgets which profiles have changed.
  mutating func clearDirty() {
    for slot in dirty {
      self[slot].isDirty = false
      use(slot)
    }
    dirty.removeAll(keepingCapacity: true)
    erased.removeAll()
    erasedHashes.removeAll()
  }

  /// Notes whether a profile has moved into another one.
  mutating func mark(_ slot: Slot, asMoved hasMoved: Bool) {
    if self[slot].hasMoved == hasMoved { return }
    self[slot].hasMoved = hasMoved
    moved += hasMoved ? 1 : -1
  }

  /// Forgets everything of a profile but its id and one part.
  mutating func empty(_ slot: Slot, except kept: PartTag) {
    let profile = self[slot]
    for index in stride(from: profile.partCount - 1, through: 0, by: -1) where profile.part(at: index).tag != kept {
      profile.remove(profile.part(at: index))
    }
    for word in 0..<layout.statusWords { profile.eligible[word] = 0 }
    (profile.dueMs, profile.armedMs) = (.max, .max)
    markDirty(slot)
  }

  /// Takes a profile out of the index: it is not found any more. Its block stays until `release`.
  mutating func forget(_ slot: Slot) {
    mark(slot, asMoved: false)
    let hash = Hash64.of(self[slot].id)
    index.remove(slot, hash: hash)
    gone.append(slot)
    if hasStore {
      lately.leave(slot)
      erasedHashes.insert(hash)
    }
    erased.append(Array(UnsafeBufferPointer(start: self[slot].id.start, count: self[slot].id.count)))
    if self[slot].isDirty, let place = dirty.lastIndex(of: slot) { dirty.remove(at: place) }
  }

  /// Gives back what the profiles that were forgotten have taken: nobody looks at them any more.
  mutating func releaseForgotten() {
    if gone.isEmpty { return }
    for slot in gone { release(slot) }
    gone.removeAll(keepingCapacity: true)
  }

  private mutating func release(_ slot: Slot) {
    arena.give(self[slot].base, bytes: self[slot].blockBytes)
    blocks[Int(slot)] = nobody
    free.append(slot)
  }
}

/// Profiles that come from a store and go back to it. Of those that share a hash, all are in memory or none is.
extension ProfileTable {
  /// One of the profiles in memory under a hash.
  func first(under hash: UInt64) -> Slot? {
    var place = index.home(of: hash)
    while let found = index.next(hash, from: &place) {
      if Hash64.of(Profile(base: found.block, layout: layout).id) == hash { return found.slot }
    }
    return nil
  }

  /// Whether it is known in memory who there is under a hash. What was erased, and is in the store still, is known.
  func isInMemory(_ hash: UInt64) -> Bool { isErased(hash) || first(under: hash) != nil }

  /// Whether somebody of that hash was erased since `clearDirty`.
  func isErased(_ hash: UInt64) -> Bool { !erasedHashes.isEmpty && erasedHashes.contains(hash) }

  /// Whether any of those under a hash has changed since `clearDirty`.
  func isAnyDirty(under hash: UInt64) -> Bool {
    var place = index.home(of: hash)
    while let found = index.next(hash, from: &place) {
      let profile = Profile(base: found.block, layout: layout)
      if profile.isDirty, Hash64.of(profile.id) == hash { return true }
    }
    return false
  }

  /// Notes that a profile was used.
  @inline(__always) mutating func use(_ slot: Slot) { if hasStore { lately.use(slot) } }

  /// Takes a profile out of memory.
  mutating func letGo(_ slot: Slot, hash: UInt64) {
    mark(slot, asMoved: false)
    index.remove(slot, hash: hash)
    lately.leave(slot)
    release(slot)
  }

  /// Takes out of memory whoever has changed since `clearDirty`, and who shares a hash with one of them or with one that
  /// was erased; the hashes.
  mutating func dropDirty() -> [UInt64] {
    releaseForgotten()
    let hashes = erasedHashes.union(dirty.map { Hash64.of(self[$0].id) })
    for hash in hashes {
      while let slot = first(under: hash) { letGo(slot, hash: hash) }
    }
    dirty.removeAll(keepingCapacity: true)
    erased.removeAll()
    erasedHashes.removeAll()
    return hashes.sorted()
  }
}

extension ProfileTable {
  /// Puts a profile in as a state tells it, in place of what was there under its id.
  mutating func put(_ state: ProfileState) -> Slot {
    let known = slot(of: state.id, hash: Hash64.of(state.id))
    let slot = known ?? begin(state.id, leaves: [], partBytes: max(96, state.parts.count))
    let before = self[slot]
    before.usedBytes = before.directoryAt
    let profile = makeRoom(state.parts.count, at: before.directoryAt, in: slot)
    (profile.base + profile.directoryAt).copyMemory(from: state.parts.start, byteCount: state.parts.count)
    UnsafeMutableRawPointer(profile.eligible).copyMemory(from: state.statuses.start, byteCount: state.statuses.count)
    profile.partCount = state.partCount
    mark(slot, asMoved: state.hasMoved)
    profile.arrivals = state.arrivals
    profile.dueMs = state.due.ms
    profile.isUnevaluated = true
    profile.isUnsettled = state.isUnsettled
    return slot
  }
}
