/// The last 64 messages of a profile, by 64-bit hashes: a ring, whose oldest place is the part's mark.
enum RecentMessages {
  /// How many are remembered.
  static let most = 64

  /// Four hashes a step: the ring is looked through for every record.
  static func contains(_ hash: UInt64, in part: Part) -> Bool {
    let count = part.contentBytes / 8
    let hashes = part.content.assumingMemoryBound(to: UInt64.self)
    var at = 0
    while at &+ 4 <= count {
      if hashes[at] == hash || hashes[at &+ 1] == hash || hashes[at &+ 2] == hash || hashes[at &+ 3] == hash {
        return true
      }
      at &+= 4
    }
    while at < count {
      if hashes[at] == hash { return true }
      at &+= 1
    }
    return false
  }
}

extension ProfileTable {
  /// Whether a message was among the last 64; remembers it if not.
  mutating func hasSeen(message hash: UInt64, in slot: Slot) -> Bool {
    guard let part = self[slot].lastPart(.recentMessages) else {
      addPart(.recentMessages, contentBytes: 8, to: slot).content.storeBytes(of: hash, as: UInt64.self)
      return false
    }
    if RecentMessages.contains(hash, in: part) { return true }
    let count = part.contentBytes / 8
    if count < RecentMessages.most {
      let grown = grow(part, by: 8, at: count * 8, in: slot)
      grown.content.storeBytes(of: hash, toByteOffset: count * 8, as: UInt64.self)
    } else {
      part.content.storeBytes(of: hash, toByteOffset: Int(part.mark) * 8, as: UInt64.self)
      part.mark = (part.mark + 1) % UInt16(RecentMessages.most)
    }
    return false
  }
}
