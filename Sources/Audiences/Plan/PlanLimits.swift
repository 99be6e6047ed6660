public import Events

/// How large the definitions of a shop may become: the engine's state has 16 bits for a cell, an event, an audience.
extension Plan {
  /// How many different sets of events can be kept of a profile.
  public static let mostCells = 0x8000
  /// How many events a taxonomy may have: four of the numbers that would follow have another use.
  public static let mostEvents = 0x8000 - 4
  /// How many audiences there may be.
  public static let mostAudiences = 0x10000
  private static let mostNames = Int(UInt16.max)
  private static let mostSequels = Story.mostRoles - 1

  /// Why definitions that were read without an error cannot be compiled, in words; `nil` where they can.
  public static func refusal(
    of definitions: [AudienceDefinition], taxonomy: Taxonomy, traits: [TraitDefinition] = [],
    policy: Policy = Policy()
  ) -> String? {
    if taxonomy.events.count > mostEvents {
      return told("the taxonomy has", taxonomy.events.count, "events", mostEvents)
    }
    if definitions.count > mostAudiences { return told("there are", definitions.count, "audiences", mostAudiences) }
    var asked = AskedNames(taxonomy)
    for definition in definitions { asked.add(definition.condition) }
    for trait in traits { asked.add(trait) }
    if asked.mostSequels > mostSequels {
      return told("one condition asks for", asked.mostSequels, "events that follow each other", mostSequels)
    }
    if asked.names.count > mostNames { return told("there are", asked.names.count, "names of properties", mostNames) }
    let plan = Plan(definitions, taxonomy: taxonomy, traits: traits, policy: policy)
    if plan.cells.count > mostCells {
      return told("the conditions ask for", plan.cells.count, "different sets of events to be kept", mostCells)
    }
    return nil
  }

  private static func told(_ start: String, _ count: Int, _ what: String, _ most: Int) -> String {
    "\(start) \(grouped(count)) \(what), and at most \(grouped(most)) are possible"
  }

  private static func grouped(_ number: Int) -> String {
    number < 1000 ? "\(number)" : grouped(number / 1000) + "," + String(String(number % 1000 + 1000).dropFirst())
  }
}
