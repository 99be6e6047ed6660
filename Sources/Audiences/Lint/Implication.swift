import Events

/// Whether everyone for whom one condition is true must satisfy another one, as far as their forms tell.
struct Implication {
  private let shop: LintShop
  /// How many comparisons are left. Combinations within each other could take more than anyone waits for, and nobody
  /// could tell the answer from the files either.
  private var budget = 1_000

  init(shop: LintShop) { self.shop = shop }

  mutating func implies(_ a: Outline, _ b: Outline) -> Bool {
    budget -= 1
    guard budget > 0 else { return false }
    if a.text == b.text { return true }
    switch (a.condition, b.condition) {
    case (.any, _): return a.parts.allSatisfy { implies($0, b) }
    case (_, .all): return b.parts.allSatisfy { implies(a, $0) }
    case (.all, .any): return b.parts.contains { implies(a, $0) } || a.parts.contains { implies($0, b) }
    case (.all, _): return a.parts.contains { implies($0, b) }
    case (_, .any): return b.parts.contains { implies(a, $0) }
    case (.not(.not), _): return implies(a.parts[0].parts[0], b)
    case (_, .not(.not)): return implies(a, b.parts[0].parts[0])
    case (.not, .not): return implies(b.parts[0], a.parts[0])
    case (.audience(let key), _):
      guard let outline = shop.outline(key) else { return false }
      return implies(outline, b)
    case (_, .audience(let key)): return implies(a, audience: key)
    case (.events(let left), .events(let right)): return implies(left, right)
    case (.trait(let left), .trait(let right)): return left.name == right.name && implies(left.test, right.test)
    default: return false
    }
  }

  /// Where an audience begins late, ends early or pauses, its condition alone does not make one eligible.
  private mutating func implies(_ a: Outline, audience key: String) -> Bool {
    guard let other = shop.audience(key), let outline = shop.outline(key), other.holdFor == nil,
      other.stayAtMost == nil, other.rejoinAfter == nil, other.retireOn == nil
    else { return false }
    return implies(a, outline)
  }

  private func implies(_ a: TraitLeaf.Test, _ b: TraitLeaf.Test) -> Bool {
    switch (a, b) {
    case (.value(let left), .value(let right)): left == right || Self.isStronger(left, right)
    case (.ago(let left), .ago(let right)), (.ahead(let left), .ahead(let right)): Self.isWithin(left, right)
    default: false
    }
  }

  // MARK: Leaves about events

  private func implies(_ a: EventLeaf, _ b: EventLeaf) -> Bool {
    // What is cheap to compare comes first: nearly all pairs of audiences end here.
    guard a.query.events.names.allSatisfy({ b.query.events.names.contains($0) }), a.measure == b.measure else {
      return false
    }
    guard Self.isStronger(a.predicate, b.predicate) || a.predicate == b.predicate else { return false }
    guard a.measure == .count, b.predicate.direction == .up else {
      return a.by == b.by && LogicText.of(a.query) == LogicText.of(b.query)
    }
    guard a.by == b.by || b.by == nil else { return false }
    return isPart(a.query, of: b.query, isAny: b.predicate.holds(of: 1))
  }

  /// Whether every event that the one query leaves is left by the other one too. `isAny` where one event is enough.
  private func isPart(_ a: EventQuery, of b: EventQuery, isAny: Bool) -> Bool {
    guard Self.isWithin(a.window, b.window), a.since == nil || b.since == nil || a.since == b.since else {
      return false
    }
    guard a.since == b.since || b.since == nil, a.gap == b.gap, a.sequels == b.sequels else { return false }
    let isSame = LogicText.of(a.events) == LogicText.of(b.events)
    if b.pick != nil || !b.having.isEmpty {
      return isSame && a.pick == b.pick && a.since == b.since && Self.holdsAll(of: b.having, in: a.having)
    }
    guard a.pick == nil || isAny, a.gap == nil || isSame else { return false }
    return a.events.names.allSatisfy { b.events.names.contains($0) }
      && Self.holdsAll(of: b.events.filter, in: a.events.filter)
  }

  private static func holdsAll(of wanted: [PropertyTest], in tests: [PropertyTest]) -> Bool {
    wanted.allSatisfy { test in
      tests.contains {
        $0.path == test.path && ($0.predicate == test.predicate || isStronger($0.predicate, test.predicate))
      }
    }
  }

  private static func isWithin(_ a: Window?, _ b: Window?) -> Bool {
    guard let b else { return true }
    return a.map { $0.from >= b.from && $0.to <= b.to } ?? false
  }

  /// Whether a lower bound lies at or above another one.
  private static func isStronger(_ a: Predicate, _ b: Predicate) -> Bool {
    guard a.comparisons.count == 1, b.comparisons.count == 1 else { return false }
    return switch (a.comparisons[0], b.comparisons[0]) {
    case (.atLeast(.number(let left)), .atLeast(.number(let right))): left >= right
    case (.moreThan(.number(let left)), .moreThan(.number(let right))): left >= right
    case (.moreThan(.number(let left)), .atLeast(.number(let right))): left >= right
    case (.atLeast(.number(let left)), .moreThan(.number(let right))): left > right
    case (.equals(.number(let left)), .atLeast(.number(let right))): left >= right
    case (.equals(.number(let left)), .moreThan(.number(let right))): left > right
    default: false
    }
  }
}
