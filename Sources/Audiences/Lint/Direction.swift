import Events

/// Which way a figure must go for a predicate to come true.
enum Direction {
  /// The more the better: `at_least`, `more_than`.
  case up
  /// The less the better: `at_most`, `less_than`.
  case down
  /// Neither is sure.
  case either
}

extension Predicate {
  var direction: Direction {
    var directions: Set<Direction> = []
    for comparison in comparisons {
      switch comparison {
      case .atLeast, .moreThan, .exists(true): directions.insert(.up)
      case .atMost, .lessThan: directions.insert(.down)
      default: directions.insert(.either)
      }
    }
    return directions.count == 1 ? directions.first ?? .either : .either
  }

  /// Whether it holds of a whole number, such as a count.
  func holds(of whole: Int64) -> Bool {
    let figure = Millionths(units: whole * Millionths.perWhole)
    return comparisons.allSatisfy { $0.holds(of: figure) }
  }
}

extension Predicate.Comparison {
  fileprivate func holds(of figure: Millionths) -> Bool {
    func number(_ operand: Predicate.Operand) -> Millionths? {
      if case .number(let number) = operand { number } else { nil }
    }
    func compare(_ operand: Predicate.Operand, _ test: (Millionths, Millionths) -> Bool) -> Bool {
      number(operand).map { test(figure, $0) } ?? false
    }
    return switch self {
    case .equals(let operand): compare(operand, ==)
    case .not(let operand): !compare(operand, ==)
    case .isIn(let operands): operands.contains { compare($0, ==) }
    case .notIn(let operands): !operands.contains { compare($0, ==) }
    case .atLeast(let operand): compare(operand, >=)
    case .moreThan(let operand): compare(operand, >)
    case .atMost(let operand): compare(operand, <=)
    case .lessThan(let operand): compare(operand, <)
    case .between(let from, let to): compare(from, >=) && compare(to, <=)
    case .exists(let wanted): wanted
    case .contains, .startsWith: false
    }
  }
}

extension Measure {
  /// Whether it never falls when an event is added.
  var onlyRises: Bool {
    switch self {
    case .count, .sum, .distinct, .max: true
    default: false
    }
  }

  /// Whether it is 0 of nothing; else it is absent.
  var isZeroOfNothing: Bool {
    switch self {
    case .count, .sum, .distinct: true
    default: false
    }
  }
}

extension EventLeaf {
  /// Whether it holds of a profile without any of its events.
  var holdsOfNothing: Bool {
    if by != nil { return false }
    if measure.isZeroOfNothing { return predicate.holds(of: 0) }
    return predicate.comparisons.allSatisfy { if case .exists(false) = $0 { true } else { false } }
  }
}
