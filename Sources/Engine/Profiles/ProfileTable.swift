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
  /// Slots whose profiles have been forgotten, and slots that are free.
  private var gone: [Slot] = []
  private var free: [Slot] = []
  /// How many have moved into another one, and were not used again.
  private var moved = 0

  /// Stands where a slot has no profile.
  private let nobody: UnsafeMutableRawPointer

  init(_ layout: ProfileLayout) {
    self.layout = layout
    nobody = .allocate(byteCount: layout.idOffset, alignment: 16)
    Profile(base: nobody, layout: layout).initialize(id: .empty, blockBytes: layout.idOffset, leaves: [])
  }

  deinit { nobody.deallocate() }

  /// How many profiles there are.
  var count: Int { blocks.count - free.count - gone.count - moved }

  var memoryBytes: Int { arena.reservedBytes + blocks.memoryBytes + index.memoryBytes }

  /// How many bytes the block of each profile has.
  var blockBytes: [Int] {
    (0..<blocks.count).filter { blocks[$0] != nobody }.map { self[Slot($0)].blockBytes }
  }

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

  /// The profile with that id, if it has begun. `hash` is the id's.
  @inline(__always) func slot(of id: Bytes, hash: UInt64) -> Slot? {
    var place = index.home(of: hash)
    while let found = index.next(hash, from: &place) {
      if Profile(base: found.block, layout: layout).id == id { return found.slot }
    }
    return nil
  }

  /// Begins a profile that is not there yet, with the answers that leaves have without events.
  mutating func begin(_ id: Bytes, leaves: [UInt64]) -> Slot {
    let needed = layout.idOffset + ProfileLayout.padded(id.count)
    let (block, bytes) = arena.take(needed + 96)  // room for a first message id and a first event
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
    for slot in dirty { self[slot].isDirty = false }
    dirty.removeAll(keepingCapacity: true)
    erased.removeAll()
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
    index.remove(slot, hash: Hash64.of(self[slot].id))
    gone.append(slot)
    erased.append(Array(UnsafeBufferPointer(start: self[slot].id.start, count: self[slot].id.count)))
    if self[slot].isDirty, let place = dirty.lastIndex(of: slot) { dirty.remove(at: place) }
  }

  /// Gives back what the profiles that were forgotten have taken: nobody looks at them any more.
  mutating func releaseForgotten() {
    if gone.isEmpty { return }
    for slot in gone {
      arena.give(self[slot].base, bytes: self[slot].blockBytes)
      blocks[Int(slot)] = nobody
      free.append(slot)
    }
    gone.removeAll(keepingCapacity: true)
  }
}

extension ProfileTable {
  /// Puts a profile in as a state tells it, in place of what was there under its id.
  mutating func put(_ state: ProfileState) -> Slot {
    let known = slot(of: state.id, hash: Hash64.of(state.id))
    let slot = known ?? begin(state.id, leaves: [])
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
    return slot
  }
}
