/// Which profiles in memory were not used lately: a bit for each slot, and a hand that goes round over them ("second
/// chance"; Corbató, "A paging experiment with the Multics system", 1968). The bits stand apart from the profiles, 64 in
/// a word, so that the hand passes over those that stay without a look at them.
struct SecondChance: ~Copyable {
  private var present = GrowingTable<UInt64>(capacity: 64)
  private var used = GrowingTable<UInt64>(capacity: 64)
  private var hand = 0
  /// How many words the hand may still pass in this turn.
  private var left = 0

  var memoryBytes: Int { present.memoryBytes + used.memoryBytes }

  /// A profile has come into memory: that is a use.
  mutating func enter(_ slot: ProfileTable.Slot) {
    let (word, bit) = Self.place(of: slot)
    while present.count <= word {
      present.append(0)
      used.append(0)
    }
    present[word] |= bit
    used[word] |= bit
  }

  mutating func leave(_ slot: ProfileTable.Slot) {
    let (word, bit) = Self.place(of: slot)
    present[word] &= ~bit
  }

  mutating func use(_ slot: ProfileTable.Slot) {
    let (word, bit) = Self.place(of: slot)
    used[word] |= bit
  }

  /// From here on the hand goes round twice at most: whoever was used lately is met again.
  mutating func beginTurn() { left = 2 * present.count }

  /// The next that was not used since the hand passed it last; nil where the turn is over. The same one again, unless it
  /// leaves or is used.
  mutating func next() -> ProfileTable.Slot? {
    while left > 0 {
      let candidates = present[hand] & ~used[hand]
      if candidates != 0 { return ProfileTable.Slot(hand << 6 + candidates.trailingZeroBitCount) }
      used[hand] = 0
      hand = hand + 1 == present.count ? 0 : hand + 1
      left -= 1
    }
    return nil
  }

  private static func place(of slot: ProfileTable.Slot) -> (word: Int, bit: UInt64) {
    (Int(slot >> 6), 1 << UInt64(slot & 63))
  }
}
