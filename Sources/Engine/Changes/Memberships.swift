internal import Events

/// What a profile remembers of the audiences that it has ever been in: 16 bytes each, ordered by audience.
///
/// ```
/// audience u16 · - u16 · seq u32 · entered at i64
/// ```
struct Memberships {
  static let entryBytes = 16

  private let entries: AudienceEntries

  init(part: Part) { entries = AudienceEntries(part: part, entryBytes: Self.entryBytes) }

  private func entry(_ index: Int) -> UnsafeMutableRawPointer { entries.start(index) }

  func seq(_ index: Int) -> UInt32 { entry(index).load(fromByteOffset: 4, as: UInt32.self) }

  func enteredAt(_ index: Int) -> Instant { Instant(ms: entry(index).load(fromByteOffset: 8, as: Int64.self)) }

  func set(_ index: Int, audience: Int, seq: UInt32, enteredAt: Instant) {
    entry(index).storeBytes(of: UInt64(audience), as: UInt64.self)
    entry(index).storeBytes(of: seq, toByteOffset: 4, as: UInt32.self)
    entry(index).storeBytes(of: enteredAt.ms, toByteOffset: 8, as: Int64.self)
  }
}

extension ProfileTable {
  /// Notes a change of a membership: its place in the count of changes, and the entry that it begins, goes on with or
  /// ends.
  mutating func recordChange(
    of audience: Int, begins: Bool, at instant: Instant, in slot: Slot
  ) -> (seq: UInt32, enteredAt: Instant) {
    let (part, index, isNew) = entry(of: audience, in: .memberships, entryBytes: Memberships.entryBytes, of: slot)
    let memberships = Memberships(part: part)
    if isNew { memberships.set(index, audience: audience, seq: 0, enteredAt: instant) }
    let seq = memberships.seq(index) + 1
    let enteredAt = begins ? instant : memberships.enteredAt(index)
    memberships.set(index, audience: audience, seq: seq, enteredAt: enteredAt)
    return (seq, enteredAt)
  }
}
