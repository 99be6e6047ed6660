/// Chance from a seed (SplitMix64): the same seed gives the same throws on every machine.
public struct Dice {
  private var state: UInt64

  /// The same seed gives the same throws.
  public init(seed: UInt64) { state = seed }

  /// Any number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, but not with, `bound`.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A number of the range.
  public mutating func from(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// Whether it comes out so, of a hundred times.
  public mutating func percent(_ share: Int) -> Bool { below(100) < share }

  /// One of the items.
  public mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }

  /// One of the items, each as likely as its weight.
  mutating func weighted<T>(_ items: [(Int, T)]) -> T {
    var rest = below(items.reduce(0) { $0 + $1.0 })
    for (weight, item) in items {
      if rest < weight { return item }
      rest -= weight
    }
    preconditionFailure("weights that are not positive")
  }

  /// Some of the items, in an order of its own.
  mutating func several<T>(_ count: Int, of items: [T]) -> [T] { Array(shuffled(items).prefix(count)) }

  /// The items in an order of its own.
  public mutating func shuffled<T>(_ items: [T]) -> [T] {
    var items = items
    for place in items.indices.dropFirst() { items.swapAt(place, below(place + 1)) }
    return items
  }
}
