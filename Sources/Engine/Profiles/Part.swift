/// A part of a profile: what is kept for one purpose, with its own next due instant.
///
/// ```
/// tag u16 · mark u16 · content bytes u32 · due instant i64 · content
/// ```
struct Part {
  let base: UnsafeMutableRawPointer

  static let headBytes = 16

  var tag: PartTag { PartTag(rawValue: base.load(as: UInt16.self)) }

  /// Two bytes for whoever owns the part.
  var mark: UInt16 {
    get { base.load(fromByteOffset: 2, as: UInt16.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 2, as: UInt16.self) }
  }

  /// How many bytes the content has; a multiple of 8.
  var contentBytes: Int { Int(base.load(fromByteOffset: 4, as: UInt32.self)) }

  /// The next instant at which time alone can change an answer, in milliseconds.
  var dueMs: Int64 {
    get { base.load(fromByteOffset: 8, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 8, as: Int64.self) }
  }

  var content: UnsafeMutableRawPointer { base + Self.headBytes }
}

/// What a part is for: a cell by its number, or one of the purposes that every profile has.
struct PartTag: Equatable {
  let rawValue: UInt16

  /// The messages that were seen last.
  static let recentMessages = PartTag(rawValue: 0xFFFF)
  /// In which audiences the profile was, and since when.
  static let memberships = PartTag(rawValue: 0xFFFE)

  static func cell(_ number: Int) -> PartTag { PartTag(rawValue: UInt16(number)) }

  /// The last `unique` values of an event, by the event's number.
  static func uniqueValues(ofEvent number: Int32) -> PartTag { PartTag(rawValue: 0x8000 | UInt16(number)) }

  /// Cells have the numbers below this one.
  static let firstOther: UInt16 = 0x8000
}

extension Profile {
  /// The part of a purpose, if there is one.
  @inline(__always) func part(_ tag: PartTag) -> Part? {
    var at = partsOffset
    let end = usedBytes
    while at < end {
      let part = Part(base: base + at)
      if part.tag == tag { return part }
      at &+= Part.headBytes &+ part.contentBytes
    }
    return nil
  }

  /// The earliest due instant of all parts, in milliseconds.
  func earliestDueMs() -> Int64 {
    var earliest = Int64.max
    var at = partsOffset
    let end = usedBytes
    while at < end {
      let part = Part(base: base + at)
      earliest = min(earliest, part.dueMs)
      at &+= Part.headBytes &+ part.contentBytes
    }
    return earliest
  }

  /// Removes bytes of a part's content.
  func remove(_ bytes: Int, at offset: Int, from part: Part) {
    let from = part.content + offset
    let tail = base + usedBytes - (from + bytes)
    from.copyMemory(from: from + bytes, byteCount: tail)
    part.base.storeBytes(of: UInt32(part.contentBytes - bytes), toByteOffset: 4, as: UInt32.self)
    usedBytes -= bytes
  }
}
