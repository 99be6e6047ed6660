import Judge

extension Dice {
  /// A number of the range.
  mutating func from(_ range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// Whether it comes out so, of a thousand times.
  mutating func perMille(_ share: Int) -> Bool { below(1000) < share }
}
