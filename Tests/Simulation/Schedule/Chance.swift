/// Chance from a seed (SplitMix64).
struct Chance {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func number() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ end: Int) -> Int { Int(number() % UInt64(end)) }

  mutating func from(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(number() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// Whether it comes out so, of a thousand times.
  mutating func perMille(_ share: Int) -> Bool { below(1000) < share }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}
