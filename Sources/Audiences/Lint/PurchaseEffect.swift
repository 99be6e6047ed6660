import Events

/// What a purchase can do to a condition.
struct PurchaseEffect: OptionSet {
  let rawValue: Int

  static let turnsTrue = PurchaseEffect(rawValue: 1)
  static let turnsFalse = PurchaseEffect(rawValue: 2)

  /// What it does to the contrary.
  var reversed: PurchaseEffect {
    var other: PurchaseEffect = []
    if contains(.turnsTrue) { other.insert(.turnsFalse) }
    if contains(.turnsFalse) { other.insert(.turnsTrue) }
    return other
  }
}

extension LintShop {
  /// The canonical events that are a purchase.
  private static let purchases: Set<String> = ["Order Completed", "Subscription Started"]

  static func isPurchase(_ selector: EventSelector) -> Bool { selector.names.contains { purchases.contains($0) } }

  /// What some purchase, of a fitting product or cart, can do to a condition that is looked at.
  func effectOfPurchase(on condition: Condition) -> PurchaseEffect {
    switch condition {
    case .all(let parts): return Self.union(parts.map { effectOfPurchase(on: $0) })
    case .any(let parts):
      // Who is in by one part only stays in where a purchase does nothing to that one.
      let effects = parts.map { effectOfPurchase(on: $0) }
      let some = Self.union(effects)
      return effects.allSatisfy { $0.contains(.turnsFalse) } ? some : some.subtracting(.turnsFalse)
    case .not(let part): return effectOfPurchase(on: part).reversed
    case .events(let leaf): return Self.effect(on: leaf.query, leaf.measure, leaf.predicate)
    case .trait(let leaf): return effect(on: leaf)
    case .audience(let key):
      return effects.value(of: key) { audience(key).map { effectOfPurchase(on: $0.condition) } ?? [] }
    }
  }

  private static func union(_ effects: [PurchaseEffect]) -> PurchaseEffect {
    effects.reduce(PurchaseEffect()) { $0.union($1) }
  }

  private func effect(on leaf: TraitLeaf) -> PurchaseEffect {
    Self.union(
      bases(of: leaf.name).map { base in
        guard case .measure(let query, let measure) = formula(base.name) else { return [] }
        let effect = Self.effect(on: query, measure, leaf.test)
        return base.isReversed ? effect.reversed : effect
      })
  }

  private static func effect(on query: EventQuery, _ measure: Measure, _ test: TraitLeaf.Test) -> PurchaseEffect {
    switch (measure, test) {
    case (_, .value(let predicate)): return effect(on: query, measure, predicate)
    case (.lastAt, .ago(let window)):
      guard changes(of: query).adds else { return [] }
      return window.from.ms > 0 ? .turnsFalse : .turnsTrue
    default:
      let changes = changes(of: query)
      return changes.adds || changes.removes ? [.turnsTrue, .turnsFalse] : []
    }
  }

  private static func effect(on query: EventQuery, _ measure: Measure, _ predicate: Predicate) -> PurchaseEffect {
    let changes = changes(of: query)
    guard changes.adds || changes.removes else { return [] }
    guard measure.onlyRises, predicate.direction != .either else { return [.turnsTrue, .turnsFalse] }
    var effect: PurchaseEffect = []
    if changes.adds { effect.insert(.turnsTrue) }
    if changes.removes { effect.insert(.turnsFalse) }
    return predicate.direction == .up ? effect : effect.reversed
  }

  /// Whether a purchase can add to the events of a query, and whether it can take some away.
  private struct Changes {
    var adds = false
    var removes = false
    var reversed: Changes { Changes(adds: removes, removes: adds) }

    mutating func join(_ other: Changes) {
      adds = adds || other.adds
      removes = removes || other.removes
    }
  }

  private static func changes(of query: EventQuery) -> Changes {
    var changes = Changes()
    if isPurchase(query.events) {
      // A younger one takes the place of the latest, and is itself too young, or not such a one.
      changes.removes = query.pick == .last && ((query.window?.from.ms ?? 0) > 0 || !query.having.isEmpty)
      changes.adds = query.pick != .first
    }
    if let since = query.since, isPurchase(since) { changes.removes = true }
    for sequel in query.sequels { changes.join(Self.changes(of: sequel)) }
    return changes
  }

  private static func changes(of sequel: Sequel) -> Changes {
    var changes = Changes(adds: isPurchase(sequel.events))
    for inner in sequel.sequels { changes.join(Self.changes(of: inner)) }
    return sequel.isWanted ? changes : changes.reversed
  }
}
