import Events

/// What is sure of those who have just bought, whatever they have bought and have done since.
extension LintShop {
  /// Whether the condition is true of all of them: an audience of buyers.
  func holdsForBuyers(_ condition: Condition) -> Bool {
    switch condition {
    case .all(let parts): parts.allSatisfy(holdsForBuyers)
    case .any(let parts): parts.contains(where: holdsForBuyers)
    case .not(let part): failsForBuyers(part)
    case .events(let leaf):
      leaf.by == nil && Self.countsBuyersIn(leaf.query, leaf.measure, leaf.predicate)
    case .trait(let leaf): isOfBuyers(leaf)
    case .audience(let key):
      buyersIn.value(of: key) { audience(key).map { holdsForBuyers($0.condition) } ?? false }
    }
  }

  /// Whether the condition is false of all of them.
  func failsForBuyers(_ condition: Condition) -> Bool {
    switch condition {
    case .all(let parts): parts.contains(where: failsForBuyers)
    case .any(let parts): parts.allSatisfy(failsForBuyers)
    case .not(let part): holdsForBuyers(part)
    case .events(let leaf): Self.countsBuyersOut(leaf.query, leaf.measure, leaf.predicate)
    case .trait(let leaf): isOfOthers(leaf)
    case .audience(let key):
      buyersOut.value(of: key) { audience(key).map { failsForBuyers($0.condition) } ?? false }
    }
  }

  private func isOfBuyers(_ leaf: TraitLeaf) -> Bool {
    guard case .measure(let query, let measure) = formula(leaf.name) else { return false }
    switch leaf.test {
    case .value(let predicate): return Self.countsBuyersIn(query, measure, predicate)
    case .ago(let window): return measure == .lastAt && Self.isOfAnyPurchase(query) && window.from.ms == 0
    case .ahead: return false
    }
  }

  private func isOfOthers(_ leaf: TraitLeaf) -> Bool {
    guard case .measure(let query, let measure) = formula(leaf.name) else { return false }
    switch leaf.test {
    case .value(let predicate): return Self.countsBuyersOut(query, measure, predicate)
    case .ago(let window): return measure == .lastAt && Self.isOfAnyPurchase(query) && window.from.ms > 0
    case .ahead: return false
    }
  }

  private static func countsBuyersIn(_ query: EventQuery, _ measure: Measure, _ predicate: Predicate) -> Bool {
    isOfAnyPurchase(query) && isYoung(query) && measure == .count && predicate.direction == .up
      && predicate.holds(of: 1)
  }

  private static func countsBuyersOut(_ query: EventQuery, _ measure: Measure, _ predicate: Predicate) -> Bool {
    guard isOfAnyPurchase(query), measure == .count else { return false }
    if query.pick == .last, !isYoung(query) { return !predicate.holds(of: 0) }
    return isYoung(query) && !predicate.holds(of: 1) && predicate.holds(of: 0) && predicate.direction != .up
  }

  /// Whether every order is among the events of a query, until its window cuts.
  private static func isOfAnyPurchase(_ query: EventQuery) -> Bool {
    query.events.names.contains("Order Completed") && query.events.filter.isEmpty && query.since == nil
      && query.gap == nil && query.sequels.isEmpty && query.having.isEmpty && query.pick != .first
  }

  /// Whether the youngest events are among them.
  private static func isYoung(_ query: EventQuery) -> Bool { (query.window?.from.ms ?? 0) == 0 }
}
