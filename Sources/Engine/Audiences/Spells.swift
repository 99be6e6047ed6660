internal import Events

/// How long the conditions of a profile's audiences have held, and its eligibility has lasted: 40 bytes for each
/// audience that waits, lasts or pauses, ordered by audience.
///
/// ```
/// audience u16 · marks u16 · - u32 · holds since i64 · eligible since i64 · ceased at i64 · due i64
/// ```
struct Spells {
  static let entryBytes = 40
  static let nothing = Int64.min

  let part: Part

  var count: Int { part.contentBytes / Self.entryBytes }

  /// Where the audience stands, or belongs.
  func position(of audience: Int) -> (index: Int, found: Bool) {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].audience < audience { low = middle + 1 } else { high = middle }
    }
    return (low, low < count && self[low].audience == audience)
  }

  subscript(index: Int) -> SpellEntry { SpellEntry(base: part.content + index * Self.entryBytes) }

  /// The earliest instant at which one of them alone changes something.
  var earliestDueMs: Int64 {
    var earliest = Int64.max
    for index in 0..<count { earliest = min(earliest, self[index].dueMs) }
    return earliest
  }
}

/// One audience's entry; instants in milliseconds, `Spells.nothing` where there is none.
struct SpellEntry {
  let base: UnsafeMutableRawPointer

  var audience: Int { Int(base.load(as: UInt16.self)) }

  func initialize(audience: Int) {
    base.storeBytes(of: UInt64(audience), as: UInt64.self)
    (holdsSinceMs, eligibleSinceMs, ceasedAtMs) = (Spells.nothing, Spells.nothing, Spells.nothing)
    dueMs = .max
  }

  /// Whether the stay has run out, and the condition has not been false since.
  var hasStayedOut: Bool {
    get { base.load(fromByteOffset: 2, as: UInt16.self) != 0 }
    nonmutating set { base.storeBytes(of: newValue ? 1 : 0, toByteOffset: 2, as: UInt16.self) }
  }

  var holdsSinceMs: Int64 {
    get { base.load(fromByteOffset: 8, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 8, as: Int64.self) }
  }

  var eligibleSinceMs: Int64 {
    get { base.load(fromByteOffset: 16, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 16, as: Int64.self) }
  }

  var ceasedAtMs: Int64 {
    get { base.load(fromByteOffset: 24, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 24, as: Int64.self) }
  }

  /// The next instant at which hold, stay or rejoin alone change something.
  var dueMs: Int64 {
    get { base.load(fromByteOffset: 32, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 32, as: Int64.self) }
  }
}

extension ProfileTable {
  /// The entry of an audience; a new one where there is none. Valid until the profile grows.
  mutating func spell(of audience: Int, in slot: Slot) -> (part: Part, entry: SpellEntry) {
    var part = self[slot].part(.spells) ?? addPart(.spells, contentBytes: 0, to: slot)
    let (index, found) = Spells(part: part).position(of: audience)
    if !found {
      part = grow(part, by: Spells.entryBytes, at: index * Spells.entryBytes, in: slot)
      Spells(part: part)[index].initialize(audience: audience)
    }
    return (part, Spells(part: part)[index])
  }
}
