internal import Audiences
internal import Events

/// What `identify` has set, as far as anybody asks for it: one entry a trait, in no order. A trait that was removed
/// stays, without values: an older value that comes late must not bring it back.
///
/// ```
/// trait u32 · bytes of the values u32 · time i64 · number of values u64 · the values: see `KeptValues`
/// ```
struct TraitsPart {
  static let headBytes = 24

  let part: Part

  /// Where the entry of a trait stands, in bytes from the begin.
  func offset(of trait: Int) -> Int? {
    var at = 0
    while at < part.contentBytes {
      if number(at) == trait { return at }
      at += byteCount(at)
    }
    return nil
  }

  func number(_ at: Int) -> Int { Int(part.content.load(fromByteOffset: at, as: UInt32.self)) }

  /// How many bytes the entry has, with its head.
  func byteCount(_ at: Int) -> Int {
    Self.headBytes + Int(part.content.load(fromByteOffset: at + 4, as: UInt32.self))
  }

  func timeMs(_ at: Int) -> Int64 { part.content.load(fromByteOffset: at + 8, as: Int64.self) }

  func values(_ at: Int) -> KeptValues {
    let count = Int(part.content.load(fromByteOffset: at + 16, as: UInt64.self))
    return KeptValues(base: part.content + at + Self.headBytes, count: count)
  }
}

extension PartitionEngine {
  /// Sets the traits that an `identify` brings: the value with the latest time wins, equal times: the later arrival.
  mutating func setTraits(_ record: Record, at timeMs: Int64, in slot: ProfileTable.Slot) {
    for (number, trait) in plan.traits.enumerated() {
      guard case .identified(let name) = trait.source, record.mentions(name) else { continue }
      record.values(at: [name], into: &values)
      values.keepShort(KeptValues.longestText)
      values.truncate(to: plan.policy.entries)
      if setTrait(number, at: timeMs, in: slot) { touchedTraits = true }
    }
  }

  /// Sets a trait to what stands in `values`; false where it was set later already.
  mutating func setTrait(_ number: Int, at timeMs: Int64, in slot: ProfileTable.Slot) -> Bool {
    var part = profiles[slot].part(.traits) ?? profiles.addPart(.traits, contentBytes: 0, to: slot)
    if let former = TraitsPart(part: part).offset(of: number) {
      if TraitsPart(part: part).timeMs(former) > timeMs { return false }
      profiles[slot].remove(TraitsPart(part: part).byteCount(former), at: former, from: part)
    }
    let at = part.contentBytes
    let bytes = KeptValues.byteCount(of: values)
    part = profiles.grow(part, by: TraitsPart.headBytes + bytes, at: at, in: slot)
    let start = part.content + at
    start.storeBytes(of: UInt32(number), as: UInt32.self)
    start.storeBytes(of: UInt32(bytes), toByteOffset: 4, as: UInt32.self)
    start.storeBytes(of: timeMs, toByteOffset: 8, as: Int64.self)
    start.storeBytes(of: UInt64(values.count), toByteOffset: 16, as: UInt64.self)
    KeptValues.write(values, to: start + TraitsPart.headBytes)
    return true
  }
}
