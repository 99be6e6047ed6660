/// The definitions, made ready: the leaves numbered, so that what an event is to a leaf need be told only once.
struct Rulings: Sendable {
  /// In the order in which changes of one profile at one instant come: by key.
  let audiences: [Audience]
  let leaves: [ReadyLeaf]
  /// Every bound of every window, in milliseconds: only at an event's time plus one of these can time alone change
  /// anything.
  let boundsMs: [Int64]

  struct Audience: Sendable {
    let key: String
    let condition: ReadyCondition
  }

  init(_ definitions: [Definition], names: Names) {
    var leaves: [ReadyLeaf] = []
    audiences = definitions.sorted { Text($0.key) < Text($1.key) }.map { definition in
      Audience(key: definition.key, condition: ReadyCondition(definition.when, names, &leaves))
    }
    self.leaves = leaves
    boundsMs = Set(leaves.flatMap { $0.leaf.window?.boundsMs ?? [] }).sorted()
  }
}

/// A condition whose leaves stand in a list beside it.
indirect enum ReadyCondition: Sendable {
  case all([ReadyCondition])
  case any([ReadyCondition])
  case not(ReadyCondition)
  case leaf(Int)

  init(_ condition: Condition, _ names: Names, _ leaves: inout [ReadyLeaf]) {
    switch condition {
    case .all(let parts): self = .all(parts.map { ReadyCondition($0, names, &leaves) })
    case .any(let parts): self = .any(parts.map { ReadyCondition($0, names, &leaves) })
    case .not(let part): self = .not(ReadyCondition(part, names, &leaves))
    case .event(let leaf):
      self = .leaf(leaves.count)
      leaves.append(ReadyLeaf(leaf, names, number: leaves.count))
    }
  }

  /// Whether it holds at an instant, over these events.
  func holds(over events: [Event], at nowMs: Int64, _ leaves: [ReadyLeaf]) -> Bool {
    switch self {
    case .all(let parts): parts.allSatisfy { $0.holds(over: events, at: nowMs, leaves) }
    case .any(let parts): parts.contains { $0.holds(over: events, at: nowMs, leaves) }
    case .not(let part): !part.holds(over: events, at: nowMs, leaves)
    case .leaf(let number): leaves[number].holds(over: events, at: nowMs)
    }
  }
}

/// A leaf with its names made canonical and its paths taken apart.
final class ReadyLeaf: Sendable {
  let leaf: Leaf
  let number: Int
  let names: Set<String>
  let filter: [ReadyClause]
  let sinceName: String?
  let sinceFilter: [ReadyClause]
  let having: [ReadyClause]
  /// The paths of the measure's `of` and `times`.
  let measured: Path?
  let times: Path?

  init(_ leaf: Leaf, _ known: Names, number: Int) {
    self.leaf = leaf
    self.number = number
    names = Set(leaf.events.map(known.canonical))
    filter = leaf.filter.map(ReadyClause.init)
    sinceName = leaf.since.map { known.canonical($0.event) }
    sinceFilter = leaf.since?.filter.map(ReadyClause.init) ?? []
    having = leaf.having.map(ReadyClause.init)
    switch leaf.measure {
    case nil, .count: (measured, times) = (nil, nil)
    case .min(let of, _), .max(let of, _): (measured, times) = (Path(of), nil)
    case .sum(let of, let factor, _): (measured, times) = (Path(of), factor.map(Path.init))
    }
  }
}

/// A predicate at a path.
struct ReadyClause: Sendable {
  let path: Path
  let predicate: Predicate

  init(_ clause: Clause) {
    path = Path(clause.path)
    predicate = clause.predicate
  }

  func holds(in properties: Json) -> Bool { predicate.holds(for: properties.values(at: path)) }
}

/// What one event is to one leaf. Nothing of it depends on time or on other events.
struct Role: Sendable {
  /// Of the name, and `where` holds.
  let isNamed: Bool
  /// The leaf counts from such an event: `since`.
  let isReset: Bool
  /// `having` holds.
  let isHad: Bool
  /// The numbers that it brings to the measure: each for `min` and `max`, what is added for `sum`.
  let numbers: [Int64]

  init(of name: String, _ properties: Json, in leaf: ReadyLeaf) {
    isNamed = leaf.names.contains(name) && leaf.filter.allSatisfy { $0.holds(in: properties) }
    isReset = leaf.sinceName == name && leaf.sinceFilter.allSatisfy { $0.holds(in: properties) }
    isHad = isNamed && leaf.having.allSatisfy { $0.holds(in: properties) }
    numbers = isNamed ? Self.numbers(in: properties, for: leaf) : []
  }

  private static func numbers(in properties: Json, for leaf: ReadyLeaf) -> [Int64] {
    guard let measured = leaf.measured else { return [] }
    let numbers = properties.values(at: measured).compactMap(\.asNumber)
    guard let times = leaf.times else { return numbers }
    // An event that has not exactly one number for both is skipped; a product beyond 64 bits is absent.
    let factors = properties.values(at: times).compactMap(\.asNumber)
    guard numbers.count == 1, factors.count == 1 else { return [] }
    return Millionths.product(numbers[0], factors[0]).map { [$0] } ?? []
  }
}
