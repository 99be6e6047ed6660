internal import Events

/// What a profile remembers of the audiences that it has ever been in: 16 bytes each, ordered by audience.
///
/// ```
/// audience u16 · - u16 · seq u32 · entered at i64
/// ```
struct Memberships {
  static let entryBytes = 16

  let part: Part

  var count: Int { part.contentBytes / Self.entryBytes }

  /// Where the audience stands, or belongs.
  func position(of audience: Int) -> (index: Int, found: Bool) {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.audience(middle) < audience { low = middle + 1 } else { high = middle }
    }
    return (low, low < count && self.audience(low) == audience)
  }

  private func entry(_ index: Int) -> UnsafeMutableRawPointer { part.content + index * Self.entryBytes }

  func audience(_ index: Int) -> Int { Int(entry(index).load(as: UInt16.self)) }

  func seq(_ index: Int) -> UInt32 { entry(index).load(fromByteOffset: 4, as: UInt32.self) }

  func enteredAt(_ index: Int) -> Instant { Instant(ms: entry(index).load(fromByteOffset: 8, as: Int64.self)) }

  func set(_ index: Int, audience: Int, seq: UInt32, enteredAt: Instant) {
    entry(index).storeBytes(of: UInt64(audience), as: UInt64.self)
    entry(index).storeBytes(of: seq, toByteOffset: 4, as: UInt32.self)
    entry(index).storeBytes(of: enteredAt.ms, toByteOffset: 8, as: Int64.self)
  }
}

extension ProfileTable {
  /// Notes a change of a membership: its place in the count of changes, and the entry that it is or ends.
  mutating func recordChange(
    _ kind: Change.Kind, of audience: Int, at instant: Instant, in slot: Slot
  ) -> (seq: UInt32, enteredAt: Instant) {
    var part = self[slot].part(.memberships) ?? addPart(.memberships, contentBytes: 0, to: slot)
    let (index, found) = Memberships(part: part).position(of: audience)
    if !found {
      part = grow(part, by: Memberships.entryBytes, at: index * Memberships.entryBytes, in: slot)
      Memberships(part: part).set(index, audience: audience, seq: 0, enteredAt: instant)
    }
    let memberships = Memberships(part: part)
    let seq = memberships.seq(index) + 1
    let enteredAt = kind == .entered || kind == .heldOut ? instant : memberships.enteredAt(index)
    memberships.set(index, audience: audience, seq: seq, enteredAt: enteredAt)
    return (seq, enteredAt)
  }
}
