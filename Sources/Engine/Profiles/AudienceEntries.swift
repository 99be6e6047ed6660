/// The content of a part that has an entry for each of some audiences: entries of equal length, each beginning with the
/// number of its audience, u16, and ordered by it.
struct AudienceEntries {
  let part: Part
  let entryBytes: Int

  var count: Int { part.contentBytes / entryBytes }

  func start(_ index: Int) -> UnsafeMutableRawPointer { part.content + index * entryBytes }

  func audience(_ index: Int) -> Int { Int(start(index).load(as: UInt16.self)) }

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
}

extension ProfileTable {
  /// The entry of an audience in a part; a new one, which is not set, where there is none.
  mutating func entry(
    of audience: Int, in tag: PartTag, entryBytes: Int, of slot: Slot
  ) -> (part: Part, index: Int, isNew: Bool) {
    let part = self[slot].part(tag) ?? addPart(tag, contentBytes: 0, to: slot)
    let (index, found) = AudienceEntries(part: part, entryBytes: entryBytes).position(of: audience)
    if found { return (part, index, false) }
    return (grow(part, by: entryBytes, at: index * entryBytes, in: slot), index, true)
  }
}
