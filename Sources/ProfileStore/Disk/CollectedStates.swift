internal import Engine
package import Events

/// The latest states of profiles that wait for the disk, by the hash and the id of each: a table with open addressing over
/// blocks of an arena. A later state takes the place of the former, and nothing is allocated for it once the arena has
/// grown.
///
/// ```
/// block    due instant i64 · bytes of the id u32 · bytes of the state u32, or all bits where the profile is gone
///          bytes of the block u32 · unused u32 · id, filled up to a whole word · state
/// ```
package struct CollectedStates: ~Copyable {
  private struct Row {
    var hash: UInt64
    var block: UnsafeMutableRawPointer?
  }

  /// A state that waits; its bytes are lent until the table is changed.
  package struct Item {
    package let hash: UInt64
    fileprivate let block: UnsafeMutableRawPointer

    package var dueMs: Int64 { block.load(as: Int64.self) }
    package var id: Bytes { Bytes(CollectedStates.bytes(block + CollectedStates.headBytes), count: idBytes) }
    /// Nil where the profile is gone.
    package var state: Bytes? {
      let count = block.load(fromByteOffset: 12, as: UInt32.self)
      if count == CollectedStates.gone { return nil }
      let start = block + CollectedStates.headBytes + CollectedStates.padded(idBytes)
      return Bytes(CollectedStates.bytes(start), count: Int(count))
    }
    private var idBytes: Int { Int(block.load(fromByteOffset: 8, as: UInt32.self)) }
    fileprivate var blockBytes: Int { Int(block.load(fromByteOffset: 16, as: UInt32.self)) }
  }

  private var rows: UnsafeMutablePointer<Row>
  private var capacity: Int
  private var arena = ProfileArena()
  /// How many there are.
  package private(set) var count = 0

  private static let leastCapacity = 64
  fileprivate static let headBytes = 24
  fileprivate static let gone = UInt32.max

  /// Nothing yet.
  package init() {
    capacity = Self.leastCapacity
    rows = Self.emptyRows(capacity)
  }

  deinit { rows.deallocate() }

  /// How much memory they take.
  package var memoryBytes: Int { arena.usedBytes + capacity * MemoryLayout<Row>.stride }

  /// Keeps a state in the place of the profile's former one; no state says that the profile is gone.
  package mutating func put(id: Bytes, hash: UInt64, state: Bytes?, dueMs: Int64) {
    if (count + 1) * 4 > capacity * 3 { grow() }
    let needed = Self.headBytes + Self.padded(id.count) + (state?.count ?? 0)
    var place = home(of: hash)
    while let block = rows[place].block {
      let item = Item(hash: hash, block: block)
      if rows[place].hash == hash, item.id == id {
        // One that has become much smaller gives its block back as well.
        guard needed > item.blockBytes || needed * 2 < item.blockBytes else {
          return Self.fill(block, item.blockBytes, id, state, dueMs)
        }
        arena.give(block, bytes: item.blockBytes)
        rows[place].block = made(needed, id, state, dueMs)
        return
      }
      place = (place &+ 1) & (capacity &- 1)
    }
    rows[place] = Row(hash: hash, block: made(needed, id, state, dueMs))
    count += 1
  }

  /// Looks at those of a hash.
  package func forEach(under hash: UInt64, _ body: (Item) -> Void) {
    var place = home(of: hash)
    while let block = rows[place].block {
      if rows[place].hash == hash { body(Item(hash: hash, block: block)) }
      place = (place &+ 1) & (capacity &- 1)
    }
  }

  /// Whether a profile is among them, be it that it is gone.
  package func has(id: Bytes, hash: UInt64) -> Bool {
    var place = home(of: hash)
    while let block = rows[place].block {
      if rows[place].hash == hash, Item(hash: hash, block: block).id == id { return true }
      place = (place &+ 1) & (capacity &- 1)
    }
    return false
  }

  /// Looks at all of them, in no order.
  package func forEach(_ body: (Item) -> Void) {
    for place in 0..<capacity {
      if let block = rows[place].block { body(Item(hash: rows[place].hash, block: block)) }
    }
  }

  /// All of them from a hash on, in the order of their hashes and ids.
  package func sorted(from hash: UInt64 = 0) -> [Item] {
    var items: [Item] = []
    items.reserveCapacity(hash == 0 ? count : 0)
    forEach { if $0.hash >= hash { items.append($0) } }
    items.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.id < $1.id }
    return items
  }

  /// Forgets all of them. The memory stays for those to come; where there were far more once, some of the table's goes.
  package mutating func removeAll() {
    arena.giveAll()
    if count * 4 < capacity, capacity > Self.leastCapacity {
      rows.deallocate()
      capacity /= 2
      rows = Self.emptyRows(capacity)
    } else {
      rows.update(repeating: Row(hash: 0, block: nil), count: capacity)
    }
    count = 0
  }

  // MARK: Inside

  private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (capacity &- 1) }

  private mutating func made(_ needed: Int, _ id: Bytes, _ state: Bytes?, _ dueMs: Int64) -> UnsafeMutableRawPointer {
    let (block, bytes) = arena.take(needed)
    Self.fill(block, bytes, id, state, dueMs)
    return block
  }

  private static func fill(
    _ block: UnsafeMutableRawPointer, _ bytes: Int, _ id: Bytes, _ state: Bytes?, _ dueMs: Int64
  ) {
    block.storeBytes(of: dueMs, as: Int64.self)
    block.storeBytes(of: UInt32(id.count), toByteOffset: 8, as: UInt32.self)
    block.storeBytes(of: state.map { UInt32($0.count) } ?? gone, toByteOffset: 12, as: UInt32.self)
    block.storeBytes(of: UInt32(bytes), toByteOffset: 16, as: UInt32.self)
    (block + headBytes).copyMemory(from: id.start, byteCount: id.count)
    if let state { (block + headBytes + padded(id.count)).copyMemory(from: state.start, byteCount: state.count) }
  }

  private static func emptyRows(_ capacity: Int) -> UnsafeMutablePointer<Row> {
    let rows = UnsafeMutablePointer<Row>.allocate(capacity: capacity)
    rows.initialize(repeating: Row(hash: 0, block: nil), count: capacity)
    return rows
  }

  private mutating func grow() {
    let former = UnsafeMutableBufferPointer(start: rows, count: capacity)
    capacity *= 2
    rows = Self.emptyRows(capacity)
    for row in former where row.block != nil {
      var place = home(of: row.hash)
      while rows[place].block != nil { place = (place &+ 1) & (capacity &- 1) }
      rows[place] = row
    }
    former.deallocate()
  }

  fileprivate static func padded(_ bytes: Int) -> Int { (bytes + 7) & ~7 }

  fileprivate static func bytes(_ start: UnsafeMutableRawPointer) -> UnsafePointer<UInt8> {
    UnsafePointer(start.assumingMemoryBound(to: UInt8.self))
  }
}
