internal import Events

/// A predicate on one measured number.
public struct NumberTest: Sendable, Hashable {
  private let predicate: Predicate
  /// The number from which on the test is true, where it is a single `at_least` or `more_than`.
  public let threshold: Int64?

  init(_ predicate: Predicate) {
    self.predicate = predicate
    switch predicate.comparisons.count == 1 ? predicate.comparisons.first : nil {
    case .atLeast(.number(let least)): threshold = least.units
    case .moreThan(.number(let bound)) where bound.units < .max: threshold = bound.units + 1
    default: threshold = nil
    }
  }

  /// Whether it holds of a number in millionths; `nil` is absent.
  public func holds(_ units: Int64?) -> Bool {
    if let threshold { return units.map { $0 >= threshold } ?? false }
    return predicate.comparisons.allSatisfy { Self.holds($0, units) }
  }

  private static func holds(_ comparison: Predicate.Comparison, _ units: Int64?) -> Bool {
    if case .exists(let wanted) = comparison { return (units != nil) == wanted }
    guard let units else { return false }
    func number(_ operand: Predicate.Operand) -> Int64? {
      if case .number(let number) = operand { number.units } else { nil }
    }
    switch comparison {
    case .equals(let a): return number(a) == units
    case .not(let a): return number(a).map { $0 != units } ?? false
    case .isIn(let all): return all.contains { number($0) == units }
    case .notIn(let all): return all.allSatisfy { number($0).map { $0 != units } ?? false }
    case .atLeast(let a): return number(a).map { units >= $0 } ?? false
    case .moreThan(let a): return number(a).map { units > $0 } ?? false
    case .atMost(let a): return number(a).map { units <= $0 } ?? false
    case .lessThan(let a): return number(a).map { units < $0 } ?? false
    case .between(let a, let b):
      guard let a = number(a), let b = number(b) else { return false }
      return units >= a && units <= b
    case .exists, .contains, .startsWith: return false
    }
  }

  /// The whole number from which on a count gives the same answer, however large it is.
  var countCap: Int {
    var cap: Int64 = 0
    for comparison in predicate.comparisons { cap = Swift.max(cap, Self.cap(comparison)) }
    return Int(cap)
  }

  private static func cap(_ comparison: Predicate.Comparison) -> Int64 {
    func beyond(_ operand: Predicate.Operand) -> Int64 {
      guard case .number(let number) = operand else { return 0 }
      let (whole, rest) = number.units.quotientAndRemainder(dividingBy: Millionths.perWhole)
      return Swift.max(0, rest < 0 ? whole : whole + 1)
    }
    switch comparison {
    case .atLeast(.number(let least)):
      let units = Swift.max(0, least.units)
      return units / Millionths.perWhole + (units % Millionths.perWhole > 0 ? 1 : 0)
    case .equals(let a), .not(let a), .moreThan(let a), .atMost(let a), .lessThan(let a), .between(_, let a):
      return beyond(a)
    case .isIn(let all), .notIn(let all): return all.map(beyond).max() ?? 0
    case .atLeast, .exists, .contains, .startsWith: return 0
    }
  }
}
