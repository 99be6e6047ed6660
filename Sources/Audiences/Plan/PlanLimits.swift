public import Events

/// How large the definitions of a shop may become: the engine's state has 16 bits for a cell, an event, an audience.
extension Plan {
  /// How many different sets of events can be kept of a profile.
  public static let mostCells = 0x8000
  /// How many events a taxonomy may have: two of the numbers that would follow have another use.
  public static let mostEvents = 0x8000 - 2
  /// How many audiences there may be.
  public static let mostAudiences = 0x10000
  private static let mostNames = Int(UInt16.max)

  /// Why definitions that were read without an error cannot be compiled, in words; `nil` where they can.
  public static func refusal(
    of definitions: [AudienceDefinition], taxonomy: Taxonomy, policy: Policy = Policy()
  ) -> String? {
    if taxonomy.events.count > mostEvents {
      return told("the taxonomy has", taxonomy.events.count, "events", mostEvents)
    }
    if definitions.count > mostAudiences { return told("there are", definitions.count, "audiences", mostAudiences) }
    let names = names(of: definitions, taxonomy)
    if names.count > mostNames { return told("there are", names.count, "names of properties", mostNames) }
    let cells = Plan(definitions, taxonomy: taxonomy, policy: policy).cells.count
    if cells > mostCells {
      return told("the conditions ask for", cells, "different sets of events to be kept", mostCells)
    }
    return nil
  }

  private static func told(_ start: String, _ count: Int, _ what: String, _ most: Int) -> String {
    "\(start) \(grouped(count)) \(what), and at most \(grouped(most)) are possible"
  }

  private static func grouped(_ number: Int) -> String {
    number < 1000 ? "\(number)" : grouped(number / 1000) + "," + String(String(number % 1000 + 1000).dropFirst())
  }

  // MARK: Names

  /// Every name by its bytes.
  private static func names(of definitions: [AudienceDefinition], _ taxonomy: Taxonomy) -> Set<PropertyPath> {
    var names: Set<PropertyPath> = []
    for event in taxonomy.events { collect(event.properties, into: &names) }
    for definition in definitions { collect(definition.condition, into: &names) }
    return names
  }

  private static func collect(_ fields: [PropertyType.Field], into names: inout Set<PropertyPath>) {
    for field in fields {
      if let name = PropertyPath(field.name) { names.insert(name) }
      if case .object(let inner) = field.type.element { collect(inner, into: &names) }
    }
  }

  private static func collect(_ condition: Condition, into names: inout Set<PropertyPath>) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { collect(part, into: &names) }
    case .not(let part): collect(part, into: &names)
    case .events(let leaf):
      for path in paths(of: leaf) { for name in path.names { PropertyPath(name).map { _ = names.insert($0) } } }
    }
  }

  private static func paths(of leaf: EventLeaf) -> [PropertyPath] {
    let tests = leaf.events.filter + (leaf.since?.filter ?? []) + leaf.having
    switch leaf.measure {
    case .count: return tests.map(\.path)
    case .sum(let of, let times, _): return tests.map(\.path) + [of] + (times.map { [$0] } ?? [])
    case .min(let of, _), .max(let of, _): return tests.map(\.path) + [of]
    }
  }
}
