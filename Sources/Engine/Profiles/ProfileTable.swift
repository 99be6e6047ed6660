internal import CMemory
internal import Events

/// All profiles of a partition: found by id, known by a slot that stays the same while their blocks move.
struct ProfileTable: ~Copyable {
  /// A profile's number, from zero.
  typealias Slot = UInt32

  let layout: ProfileLayout
  private var blocks = GrowingTable<UnsafeMutableRawPointer>(capacity: 1024)
  private var index: UnsafeMutablePointer<Entry>
  private var indexCapacity = 2048
  private var arena = ProfileArena()
  /// The slots whose profiles changed since `takeDirty`.
  private(set) var dirty: [Slot] = []

  /// So many lines of 64 bytes of a profile's block are asked for ahead: most profiles have no more.
  private static let expectedLines = 8

  /// Open addressing: an empty entry has slot `none`; the hash decides most comparisons without a look at the profile.
  /// The block stands here too, so that a profile is reached in one step: the two ways to memory are most of the cost
  /// of a profile that has not been seen for a while.
  private struct Entry {
    var block: UnsafeMutableRawPointer?
    var hash: UInt32
    var slot: Slot
    static let none = Slot.max
    static var empty: Entry { Entry(block: nil, hash: 0, slot: none) }
  }

  init(leafWords: Int, audienceWords: Int) {
    layout = ProfileLayout(leafWords: leafWords, audienceWords: audienceWords)
    index = .allocate(capacity: indexCapacity)
    index.initialize(repeating: Entry.empty, count: indexCapacity)
  }

  deinit { index.deallocate() }

  /// How many profiles there are.
  var count: Int { blocks.count }

  var memoryBytes: Int { arena.reservedBytes + blocks.memoryBytes + indexCapacity * MemoryLayout<Entry>.stride }

  @inline(__always) subscript(slot: Slot) -> Profile { Profile(base: blocks[Int(slot)], layout: layout) }

  /// Asks for the index's place of a profile, which will soon be looked for.
  @inline(__always) func expect(_ hash: UInt64) {
    usher_prefetch(index + (Int(truncatingIfNeeded: hash) & (indexCapacity &- 1)))
  }

  /// Asks for the block of a profile, which will be looked for next. The index's place should have come by now. A hash
  /// that another id shares costs a needless look, no more.
  @inline(__always) func approach(_ hash: UInt64) {
    let short = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: hash) & (indexCapacity &- 1)
    while let block = index[at].block {
      if index[at].hash == short {
        blocks.expect(Int(index[at].slot))
        for line in 0..<Self.expectedLines { usher_prefetch(block + line * 64) }
        return
      }
      at = (at &+ 1) & (indexCapacity &- 1)
    }
  }

  /// The profile with that id, if it has begun. `hash` is the id's.
  @inline(__always) func slot(of id: Bytes, hash: UInt64) -> Slot? {
    let short = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: hash) & (indexCapacity &- 1)
    while let block = index[at].block {
      if index[at].hash == short, Profile(base: block, layout: layout).id == id { return index[at].slot }
      at = (at &+ 1) & (indexCapacity &- 1)
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
    if (count + 1) * 3 > indexCapacity * 2 { growIndex() }
    let slot = Slot(count)
    blocks.append(block)
    insert(Hash64.of(id), slot)
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
    var at = Int(truncatingIfNeeded: Hash64.of(moved.id)) & (indexCapacity &- 1)
    while index[at].slot != slot { at = (at &+ 1) & (indexCapacity &- 1) }
    index[at].block = block
    return moved
  }

  /// A new part, before all others: those that grow with every record stay at the end.
  mutating func addPart(_ tag: PartTag, contentBytes: Int, to slot: Slot) -> Part {
    let offset = self[slot].partsOffset
    let profile = makeRoom(Part.headBytes + contentBytes, at: offset, in: slot)
    let part = Part(base: profile.base + offset)
    part.base.storeBytes(of: tag.rawValue, as: UInt16.self)
    part.base.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
    part.base.storeBytes(of: UInt32(contentBytes), toByteOffset: 4, as: UInt32.self)
    part.dueMs = .max
    return part
  }

  /// More bytes in a part's content, at an offset of it.
  mutating func grow(_ part: Part, by bytes: Int, at offset: Int, in slot: Slot) -> Part {
    let start = part.base - self[slot].base
    let contentBytes = part.contentBytes
    let profile = makeRoom(bytes, at: start + Part.headBytes + offset, in: slot)
    let grown = Part(base: profile.base + start)
    grown.base.storeBytes(of: UInt32(contentBytes + bytes), toByteOffset: 4, as: UInt32.self)
    return grown
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
  }

  private func insert(_ hash: UInt64, _ slot: Slot) {
    var at = Int(truncatingIfNeeded: hash) & (indexCapacity - 1)
    while index[at].slot != Entry.none { at = (at + 1) & (indexCapacity - 1) }
    index[at] = Entry(block: blocks[Int(slot)], hash: UInt32(truncatingIfNeeded: hash >> 32), slot: slot)
  }

  private mutating func growIndex() {
    index.deallocate()
    indexCapacity *= 2
    index = .allocate(capacity: indexCapacity)
    index.initialize(repeating: Entry.empty, count: indexCapacity)
    for slot in 0..<count { insert(Hash64.of(self[Slot(slot)].id), Slot(slot)) }
  }
}

extension ProfileTable {
  /// Puts a profile in as a state tells it, in place of what was there under its id.
  mutating func put(_ state: ProfileState) -> Slot {
    let known = slot(of: state.id, hash: Hash64.of(state.id))
    let slot = known ?? begin(state.id, leaves: [])
    let before = self[slot]
    before.usedBytes = before.partsOffset
    let profile = makeRoom(state.parts.count, at: before.partsOffset, in: slot)
    (profile.base + profile.partsOffset).copyMemory(from: state.parts.start, byteCount: state.parts.count)
    UnsafeMutableRawPointer(profile.statuses).copyMemory(from: state.statuses.start, byteCount: state.statuses.count)
    profile.arrivals = state.arrivals
    profile.dueMs = state.due.ms
    profile.isUnevaluated = true
    return slot
  }
}
