internal import CMemory
internal import Events

/// Finds profiles by the hashes of their ids: open addressing, where an empty place has no block.
///
/// The lower half of a hash says where a profile is looked for, and decides most comparisons without a look at the
/// profile. The block stands here too, so that a profile is reached in one step: the two ways to memory are most of the
/// cost of a profile that has not been seen for a while.
struct ProfileIndex: ~Copyable {
  private struct Place {
    var block: UnsafeMutableRawPointer?
    var hash: UInt32
    var slot: ProfileTable.Slot
    static var empty: Place { Place(block: nil, hash: 0, slot: .max) }
  }

  private var places: UnsafeMutablePointer<Place>
  private var capacity = 2048
  private var count = 0

  /// So many lines of 64 bytes of a profile's block are asked for ahead: most profiles have no more.
  private static let expectedLines = 8

  init() {
    places = .allocate(capacity: capacity)
    places.initialize(repeating: .empty, count: capacity)
  }

  deinit { places.deallocate() }

  var memoryBytes: Int { capacity * MemoryLayout<Place>.stride }

  /// Asks for the place at which a profile of that hash is looked for.
  @inline(__always) func expect(_ hash: UInt64) { usher_prefetch(places + home(of: hash)) }

  /// Asks for the beginning of a profile's block.
  @inline(__always) static func expect(block: UnsafeMutableRawPointer) {
    for line in 0..<expectedLines { usher_prefetch(block + line * 64) }
  }

  /// Where profiles of a hash are looked for; `next` goes on from there.
  @inline(__always) func home(of hash: UInt64) -> Int { home(of: UInt32(truncatingIfNeeded: hash)) }

  @inline(__always) private func home(of hash: UInt32) -> Int { Int(hash) & (capacity &- 1) }

  /// The next profile whose hash is, as far as the index knows, that one. Nothing may be put in or taken out meanwhile.
  @inline(__always) func next(
    _ hash: UInt64, from place: inout Int
  ) -> (block: UnsafeMutableRawPointer, slot: ProfileTable.Slot)? {
    let short = UInt32(truncatingIfNeeded: hash)
    while let block = places[place].block {
      let at = place
      place = (place &+ 1) & (capacity &- 1)
      if places[at].hash == short { return (block, places[at].slot) }
    }
    return nil
  }

  mutating func insert(_ block: UnsafeMutableRawPointer, _ slot: ProfileTable.Slot, hash: UInt64) {
    if (count + 1) * 3 > capacity * 2 { grow() }
    put(Place(block: block, hash: UInt32(truncatingIfNeeded: hash), slot: slot))
    count += 1
  }

  private func put(_ entry: Place) {
    var at = home(of: entry.hash)
    while places[at].block != nil { at = (at &+ 1) & (capacity &- 1) }
    places[at] = entry
  }

  /// Notes that a profile's block has moved.
  func move(_ slot: ProfileTable.Slot, to block: UnsafeMutableRawPointer, hash: UInt64) {
    places[place(of: slot, hash)].block = block
  }

  private func place(of slot: ProfileTable.Slot, _ hash: UInt64) -> Int {
    var at = home(of: hash)
    while places[at].slot != slot { at = (at &+ 1) & (capacity &- 1) }
    return at
  }

  /// Takes a profile out. Those that stand further on because its place was taken move up.
  mutating func remove(_ slot: ProfileTable.Slot, hash: UInt64) {
    var hole = place(of: slot, hash)
    var at = (hole &+ 1) & (capacity &- 1)
    while places[at].block != nil {
      if (at &- home(of: places[at].hash)) & (capacity &- 1) >= (at &- hole) & (capacity &- 1) {
        places[hole] = places[at]
        hole = at
      }
      at = (at &+ 1) & (capacity &- 1)
    }
    places[hole] = .empty
    count -= 1
  }

  private mutating func grow() {
    let former = UnsafeMutableBufferPointer(start: places, count: capacity)
    capacity *= 2
    places = .allocate(capacity: capacity)
    places.initialize(repeating: .empty, count: capacity)
    for entry in former where entry.block != nil { put(entry) }
    former.deallocate()
  }
}
