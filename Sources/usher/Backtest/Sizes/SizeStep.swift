import Events

/// Lengths of time, each a multiple of the one before: from one to the next, what was counted can be added up.
enum SizeStep {
  /// In milliseconds, from the shortest on.
  static let chainMs: [Int64] =
    [1, 10, 100, 1000, 5000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000]
    + [2, 6, 12, 24, 7 * 24, 28 * 24, 364 * 24, 3640 * 24].map { $0 * 3_600_000 }

  /// The longest of them stands for all that are longer.
  static func next(after ms: Int64) -> Int64? { chainMs.first { $0 > ms } }

  /// The step by which a length of time has about a hundred.
  static func usual(forMs length: Int64) -> Int64 {
    chainMs.first { length / $0 <= 130 } ?? chainMs[chainMs.count - 1]
  }
}

extension Int64 {
  /// Divided, and rounded towards the larger number; `divisor` is above zero.
  func dividedUp(by divisor: Int64) -> Int64 {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest > 0 ? quotient + 1 : quotient
  }
}
