/// The order in which audiences are evaluated and their changes come: those that a condition asks for before the one
/// that asks; of those that could come next, the one with the smallest key.
enum DependencyOrder {
  /// The definitions in that order; those of a ring, which reading refuses, come last.
  static func of(_ definitions: [AudienceDefinition]) -> [AudienceDefinition] {
    var waiting = definitions.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    var placed: Set<String> = []
    var ordered: [AudienceDefinition] = []
    let known = Set(definitions.map(\.key))
    while !waiting.isEmpty {
      let next = waiting.firstIndex { $0.condition.audiences.intersection(known).isSubset(of: placed) } ?? 0
      placed.insert(waiting[next].key)
      ordered.append(waiting.remove(at: next))
    }
    return ordered
  }
}

extension Condition {
  /// The keys of the audiences that it asks for.
  var audiences: Set<String> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.audiences) }
    case .not(let part): part.audiences
    case .audience(let key): [key]
    case .events, .trait: []
    }
  }
}
