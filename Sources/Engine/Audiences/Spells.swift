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

  private let entries: AudienceEntries

  init(part: Part) { entries = AudienceEntries(part: part, entryBytes: Self.entryBytes) }

  var count: Int { entries.count }

  /// Whether an audience has an entry.
  func has(_ audience: Int) -> Bool { entries.position(of: audience).found }

  subscript(index: Int) -> SpellEntry { SpellEntry(base: entries.start(index)) }

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
    let (part, index, isNew) = entry(of: audience, in: .spells, entryBytes: Spells.entryBytes, of: slot)
    let entry = Spells(part: part)[index]
    if isNew { entry.initialize(audience: audience) }
    return (part, entry)
  }
}
