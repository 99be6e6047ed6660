/// A part of a profile: what is kept for one purpose, with its own next due instant. Its place in the directory:
///
/// ```
/// tag u16 · mark u16 · where the content begins, from the directory's begin u32 · due instant i64
/// ```
/// All due instants stand together, and finding a part is a look along one or two lines of memory.
struct Part {
  let profile: Profile
  /// Its place in the directory.
  let index: Int

  static let entryBytes = 16

  private var entry: UnsafeMutableRawPointer { profile.directory + index &* Self.entryBytes }

  var tag: PartTag { PartTag(rawValue: entry.load(as: UInt16.self)) }

  /// Two bytes for whoever owns the part.
  var mark: UInt16 {
    get { entry.load(fromByteOffset: 2, as: UInt16.self) }
    nonmutating set { entry.storeBytes(of: newValue, toByteOffset: 2, as: UInt16.self) }
  }

  fileprivate(set) var offset: Int {
    get { Int(entry.load(fromByteOffset: 4, as: UInt32.self)) }
    nonmutating set { entry.storeBytes(of: UInt32(newValue), toByteOffset: 4, as: UInt32.self) }
  }

  /// The next instant at which time alone can change an answer, in milliseconds.
  var dueMs: Int64 {
    get { entry.load(fromByteOffset: 8, as: Int64.self) }
    nonmutating set { entry.storeBytes(of: newValue, toByteOffset: 8, as: Int64.self) }
  }

  /// How many bytes the content has; a multiple of 8.
  var contentBytes: Int { end - offset }

  /// Where the content ends, from the directory's begin.
  fileprivate var end: Int {
    index &+ 1 < profile.partCount
      ? Part(profile: profile, index: index &+ 1).offset : profile.usedBytes &- profile.directoryAt
  }

  var content: UnsafeMutableRawPointer { profile.directory + offset }
}

/// What a part is for: a cell by its number, or one of the purposes that every profile has.
struct PartTag: Equatable {
  let rawValue: UInt16

  /// The messages that were seen last; the last of all parts, since it grows with most records.
  static let recentMessages = PartTag(rawValue: 0xFFFF)
  /// In which audiences the profile was, and since when.
  static let memberships = PartTag(rawValue: 0xFFFE)
  /// What `identify` has set.
  static let traits = PartTag(rawValue: 0xFFFD)
  /// How long conditions have held, and eligibility has lasted.
  static let spells = PartTag(rawValue: 0xFFFC)

  static func cell(_ number: Int) -> PartTag { PartTag(rawValue: UInt16(number)) }

  /// The last `unique` values of an event, by the event's number.
  static func uniqueValues(ofEvent number: Int32) -> PartTag { PartTag(rawValue: 0x8000 | UInt16(number)) }

  /// Cells have the numbers below this one.
  static let firstOther: UInt16 = 0x8000
}

extension Profile {
  fileprivate var directory: UnsafeMutableRawPointer { base + directoryAt }

  /// The parts as a state keeps them: the directory and the contents.
  var parts: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: directory, count: usedBytes - directoryAt) }

  @inline(__always) private func rawTag(_ index: Int) -> UInt16 {
    directory.load(fromByteOffset: index &* Part.entryBytes, as: UInt16.self)
  }

  /// The place of the first part whose tag is not smaller.
  @inline(__always) func position(of tag: PartTag) -> Int {
    var low = 0
    var high = partCount
    while high &- low > 8 {
      let middle = (low &+ high) / 2
      if rawTag(middle) < tag.rawValue { low = middle &+ 1 } else { high = middle }
    }
    while low < high, rawTag(low) < tag.rawValue { low &+= 1 }
    return low
  }

  /// The part of a purpose, if there is one.
  @inline(__always) func part(_ tag: PartTag) -> Part? {
    let index = position(of: tag)
    return index < partCount && rawTag(index) == tag.rawValue ? Part(profile: self, index: index) : nil
  }

  /// The last part, if it is of that purpose.
  @inline(__always) func lastPart(_ tag: PartTag) -> Part? {
    let index = partCount &- 1
    return index >= 0 && rawTag(index) == tag.rawValue ? Part(profile: self, index: index) : nil
  }

  /// The part at a place of the directory.
  @inline(__always) func part(at index: Int) -> Part { Part(profile: self, index: index) }

  /// The earliest due instant of all parts, in milliseconds.
  @inline(__always) func earliestDueMs() -> Int64 {
    var earliest = Int64.max
    for index in 0..<partCount { earliest = min(earliest, part(at: index).dueMs) }
    return earliest
  }

  /// Moves the contents of the parts from one on, as the directory tells them.
  fileprivate func shiftOffsets(from index: Int, by bytes: Int) {
    for later in index..<max(index, partCount) { part(at: later).offset += bytes }
  }

  /// Removes bytes of a part's content.
  func remove(_ bytes: Int, at offset: Int, from part: Part) {
    let from = part.content + offset
    let tail = base + usedBytes - (from + bytes)
    from.copyMemory(from: from + bytes, byteCount: tail)
    shiftOffsets(from: part.index + 1, by: -bytes)
    usedBytes -= bytes
  }

  /// Removes a part.
  func remove(_ part: Part) {
    remove(part.contentBytes, at: 0, from: part)
    let entry = directory + part.index * Part.entryBytes
    let tail = base + usedBytes - (entry + Part.entryBytes)
    entry.copyMemory(from: entry + Part.entryBytes, byteCount: tail)
    partCount -= 1
    usedBytes -= Part.entryBytes
    shiftOffsets(from: 0, by: -Part.entryBytes)
  }
}

extension ProfileTable {
  /// A new part, whose content is not set; there is none of its tag yet.
  mutating func addPart(_ tag: PartTag, contentBytes: Int, to slot: Slot) -> Part {
    let before = self[slot]
    let index = before.position(of: tag)
    let offset = index < before.partCount ? before.part(at: index).offset : before.usedBytes - before.directoryAt
    _ = makeRoom(contentBytes, at: before.directoryAt + offset, in: slot)
    let profile = makeRoom(Part.entryBytes, at: before.directoryAt + index * Part.entryBytes, in: slot)
    profile.partCount += 1
    let entry = profile.directory + index * Part.entryBytes
    entry.storeBytes(of: UInt64(tag.rawValue) | UInt64(offset) << 32, as: UInt64.self)
    profile.shiftOffsets(from: 0, by: Part.entryBytes)
    profile.shiftOffsets(from: index + 1, by: contentBytes)
    let part = profile.part(at: index)
    part.dueMs = .max
    return part
  }

  /// More bytes in a part's content, at an offset of it. They are not set.
  mutating func grow(_ part: Part, by bytes: Int, at offset: Int, in slot: Slot) -> Part {
    let profile = makeRoom(bytes, at: part.profile.directoryAt + part.offset + offset, in: slot)
    profile.shiftOffsets(from: part.index + 1, by: bytes)
    return profile.part(at: part.index)
  }
}
