/// Which events a leaf or a computed trait selects, and what it measures of them: the names made canonical, the paths
/// taken apart.
final class ReadySelection: Sendable {
  let number: Int
  let names: Set<String>
  let filter: [ReadyClause]
  let sinceName: String?
  let sinceFilter: [ReadyClause]
  let gapMs: Int64?
  let follows: [ReadyFollowing]
  /// How many steps of funnels there are, nested ones too.
  let followingCount: Int
  let pick: Pick?
  let having: [ReadyClause]
  let window: Window?
  let by: Path?
  let figure: Figure
  /// The paths of the measure's `of` and `times`.
  let measured: Path?
  let times: Path?

  init(_ leaf: Leaf, _ figure: Figure, _ known: Names, number: Int) {
    self.number = number
    self.figure = figure
    names = Set(leaf.events.map(known.canonical))
    filter = leaf.filter.map(ReadyClause.init)
    sinceName = leaf.since.map { known.canonical($0.event) }
    sinceFilter = leaf.since?.filter.map(ReadyClause.init) ?? []
    gapMs = leaf.gap?.milliseconds
    var count = 0
    follows = leaf.follows.map { ReadyFollowing($0, known, &count) }
    followingCount = count
    pick = leaf.pick
    having = leaf.having.map(ReadyClause.init)
    window = leaf.window
    by = leaf.by.map(Path.init)
    measured = figure.path.map(Path.init)
    if case .sum(_, let factor?) = figure { times = Path(factor) } else { times = nil }
  }

  /// Every step of every funnel.
  var allFollows: [ReadyFollowing] { follows.flatMap(\.withNested) }
}

/// A step of a funnel.
final class ReadyFollowing: Sendable {
  /// Its place among those of its selection.
  let place: Int
  let isWanted: Bool
  let name: String
  let filter: [ReadyClause]
  let same: Path?
  let withinMs: Int64?
  let follows: [ReadyFollowing]

  init(_ following: Following, _ known: Names, _ count: inout Int) {
    place = count
    count += 1
    isWanted = following.isWanted
    name = known.canonical(following.event)
    filter = following.filter.map(ReadyClause.init)
    same = following.same.map(Path.init)
    withinMs = following.within?.milliseconds
    follows = following.follows.map { ReadyFollowing($0, known, &count) }
  }

  var withNested: [ReadyFollowing] { [self] + follows.flatMap(\.withNested) }
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

/// What one event is to one selection. Nothing of it depends on time or on other events.
final class Role: Sendable {
  /// Of the name, and `where` holds.
  let isNamed: Bool
  /// The selection counts from such an event: `since`.
  let isReset: Bool
  /// `having` holds.
  let isHad: Bool
  /// What it is to each step of a funnel, by the step's place.
  let follows: [FollowRole]
  /// The numbers that it brings to the measure: each for `min`, `max` and `average`, what is added for `sum`.
  let numbers: [Int64]
  /// The values at the measured path.
  let values: [Value]
  /// The values of `by`.
  let parts: Set<Value>

  /// What an event is to a step of a funnel.
  struct FollowRole: Sendable {
    /// Of the name, and `where` holds.
    let isSuch: Bool
    /// The values of `same`.
    let same: Set<Value>
  }

  /// Whether the event means anything to the selection.
  var isOfConcern: Bool { isNamed || isReset || follows.contains { $0.isSuch } }

  init(of name: String, _ properties: Json, in selection: ReadySelection) {
    isNamed = selection.names.contains(name) && selection.filter.allSatisfy { $0.holds(in: properties) }
    isReset = selection.sinceName == name && selection.sinceFilter.allSatisfy { $0.holds(in: properties) }
    isHad = isNamed && selection.having.allSatisfy { $0.holds(in: properties) }
    follows =
      selection.followingCount == 0
      ? []
      : selection.allFollows.map { step in
        FollowRole(
          isSuch: step.name == name && step.filter.allSatisfy { $0.holds(in: properties) },
          same: step.same.map { Set(properties.values(at: $0).identities) } ?? [])
      }
    values = isNamed ? selection.measured.map { properties.values(at: $0) } ?? [] : []
    numbers = Self.numbers(values, in: properties, for: selection)
    parts = isNamed ? Set(selection.by.map { properties.values(at: $0).identities } ?? []) : []
  }

  private static func numbers(_ values: [Value], in properties: Json, for selection: ReadySelection) -> [Int64] {
    let numbers = values.compactMap(\.asNumber)
    guard let times = selection.times else { return numbers }
    // An event that has not exactly one number for both is skipped; a product beyond 64 bits is absent.
    let factors = properties.values(at: times).compactMap(\.asNumber)
    guard numbers.count == 1, factors.count == 1 else { return [] }
    return Millionths.product(numbers[0], factors[0]).map { [$0] } ?? []
  }
}

extension [Value] {
  /// Those that can be told apart: an object is a value only for `exists`.
  var identities: [Value] { filter { $0 != .object } }
}
