import Events

/// What a condition or a trait names, each once, in the order in which it does.
struct Mentions {
  private(set) var events: [String] = []
  private(set) var traits: [String] = []
  private(set) var audiences: [String] = []

  init(of condition: Condition) { add(condition) }

  init(of trait: TraitDefinition) {
    if case .measure(let query, _) = trait.formula { add(query) }
    for part in trait.parts { Self.add(part, to: &traits) }
  }

  private mutating func add(_ condition: Condition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { add(part) }
    case .not(let part): add(part)
    case .events(let leaf): add(leaf.query)
    case .trait(let leaf): Self.add(leaf.name, to: &traits)
    case .audience(let key): Self.add(key, to: &audiences)
    }
  }

  private mutating func add(_ query: EventQuery) {
    for name in query.events.names { Self.add(name, to: &events) }
    for name in query.since?.names ?? [] { Self.add(name, to: &events) }
    for sequel in query.sequels { add(sequel) }
  }

  private mutating func add(_ sequel: Sequel) {
    for name in sequel.events.names { Self.add(name, to: &events) }
    for inner in sequel.sequels { add(inner) }
  }

  private static func add(_ name: String, to names: inout [String]) {
    if !names.contains(name) { names.append(name) }
  }
}
