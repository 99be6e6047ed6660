internal import Events

/// Every name of a property or trait that a plan would have a number for, by its bytes, and how deep funnels go.
struct AskedNames {
  private(set) var names: Set<PropertyPath> = []
  /// The most `followed_by` and `not_followed_by` that one query has.
  private(set) var mostSequels = 0

  init(_ taxonomy: Taxonomy) {
    for event in taxonomy.events { add(event.properties) }
    add(taxonomy.traits.map { PropertyType.Field(name: $0.name, type: $0.type) })
  }

  private mutating func add(_ fields: [PropertyType.Field]) {
    for field in fields {
      if let name = PropertyPath(field.name) { names.insert(name) }
      if case .object(let inner) = field.type.element { add(inner) }
    }
  }

  private mutating func add(_ paths: [PropertyPath]) {
    for path in paths { for name in path.names { PropertyPath(name).map { _ = names.insert($0) } } }
  }

  mutating func add(_ condition: Condition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { add(part) }
    case .not(let part): add(part)
    case .audience: break
    case .trait(let leaf): PropertyPath(leaf.name).map { _ = names.insert($0) }
    case .events(let leaf):
      add(leaf.query)
      add(leaf.measure.paths + (leaf.by.map { [$0] } ?? []))
    }
  }

  mutating func add(_ trait: TraitDefinition) {
    guard case .measure(let query, let measure) = trait.formula else { return }
    add(query)
    add(measure.paths)
  }

  private mutating func add(_ query: EventQuery) {
    add((query.events.filter + (query.since?.filter ?? []) + query.having).map(\.path))
    mostSequels = max(mostSequels, add(query.sequels))
  }

  private mutating func add(_ sequels: [Sequel]) -> Int {
    var count = sequels.count
    for sequel in sequels {
      add(sequel.events.filter.map(\.path) + (sequel.same.map { [$0] } ?? []))
      count += add(sequel.sequels)
    }
    return count
  }
}

extension Measure {
  /// The properties that are looked at.
  var paths: [PropertyPath] {
    switch self {
    case .count, .firstAt, .lastAt: []
    case .sum(let of, let times): [of] + (times.map { [$0] } ?? [])
    case .average(let of), .min(let of), .max(let of), .distinct(let of), .favorite(let of), .first(let of),
      .last(let of):
      [of]
    case .collect(let of, _): of
    }
  }
}
