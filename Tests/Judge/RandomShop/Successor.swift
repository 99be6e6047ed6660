/// Draws what a shop changes its definitions to while it runs.
extension RandomShop {
  /// A case with the log of another one, which was drawn with these forms, and definitions that have much in common with
  /// its: audiences are kept, changed, removed and added, and so is what they depend on.
  public static func successor(of shop: ShopCase, forms: Forms, seed: UInt64) -> ShopCase {
    var first = Dice(seed: shop.seed)
    let world = World(forms, &first)
    var drawn = DefinitionDraw(world: world)
    var next = shop
    next.seed = seed
    // The traits of the first draw, so that further conditions know their types; a second time they differ.
    let traits = drawn.computedTraits(&first)
    var dice = Dice(seed: seed)
    if traits == shop.traits, dice.percent(80) {
      next.traits = traits
    } else {
      drawn = DefinitionDraw(world: world)
      next.traits = drawn.computedTraits(&dice)
    }
    if dice.percent(20) { change(&next.taxonomy, of: world.names, &dice) }
    next.definitions = definitions(after: shop, next.traits, &drawn, &dice)
    next.policy = dice.percent(50) ? shop.policy : world.policy(over: next.definitions, &dice)
    next.keepToItself()
    return next
  }

  /// Records are read in another way, or others of them are dropped.
  private static func change(_ taxonomy: inout Taxonomy, of names: [String], _ dice: inout Dice) {
    let name = dice.pick(names)
    guard let place = taxonomy.events.firstIndex(where: { $0.name == name }) else { return }
    switch dice.below(3) {
    case 0: taxonomy.events[place].aliases = []
    case 1: taxonomy.events[place].unique = taxonomy.events[place].unique == nil ? "quantity" : nil
    default: taxonomy.events.reverse()
    }
    // Only what is declared can tell repeats.
    for event in taxonomy.events.indices
    where !taxonomy.events[event].properties.contains(where: { $0.name == taxonomy.events[event].unique }) {
      taxonomy.events[event].unique = nil
    }
  }

  private static func definitions(
    after shop: ShopCase, _ traits: [ComputedTrait], _ drawn: inout DefinitionDraw, _ dice: inout Dice
  ) -> [Definition] {
    // Now and then nothing needs the log: settings across audiences change, and audiences go.
    let isQuiet = dice.percent(35)
    let keys = shop.definitions.map(\.key)
    let free = ["a", "aa", "a-1", "b", "b2", "lapsed-30-60", "vip", "z9"].filter { !keys.contains($0) }
    let added = isQuiet ? [] : dice.several(dice.weighted([(3, 0), (4, 1), (2, 2), (1, 3)]), of: free)
    let all = keys + added
    var definitions = added.map { drawn.definition($0, beside: all, &dice) }
    let former = Set(shop.traits.map(\.name)).union(traits.map(\.name))
    for definition in shop.definitions {
      let isSafe = traits == shop.traits || definition.when.traits.isDisjoint(with: former)
      switch isSafe ? dice.below(100) : 99 {
      case 0..<50: definitions.append(definition)
      case 50..<62: break
      case 62..<75 where !isQuiet:
        var changed = definition
        (changed.holdFor, changed.stayAtMost, changed.rejoinAfter) = (nil, nil, nil)
        (changed.unless, changed.holdout, changed.retireOnMs) = ([], nil, nil)
        drawn.world.giveSettings(to: &changed, beside: all, &dice)
        definitions.append(changed)
      case 62..<75:
        var changed = definition
        drawn.world.giveSettings(to: &changed, beside: all, &dice)
        (changed.holdFor, changed.stayAtMost, changed.rejoinAfter) =
          (definition.holdFor, definition.stayAtMost, definition.rejoinAfter)
        definitions.append(changed)
      case 75..<100 where isQuiet && isSafe: definitions.append(definition)
      default: definitions.append(drawn.definition(definition.key, beside: all, &dice))
      }
    }
    return definitions
  }
}

extension ShopCase {
  /// Leaves out what refers to audiences that are not there.
  fileprivate mutating func keepToItself() {
    while true {
      let keys = Set(definitions.map(\.key))
      let kept = definitions.filter { $0.when.audiences.isSubset(of: keys) }
      if kept.count == definitions.count { break }
      definitions = kept
    }
    let keys = Set(definitions.map(\.key))
    for index in definitions.indices { definitions[index].unless.removeAll { !keys.contains($0) } }
    policy.suppressors.removeAll { !keys.contains($0) }
    if policy.suppressors.isEmpty { policy.suppressedPurposes = [] }
    for index in policy.groups.indices { policy.groups[index].audiences.removeAll { !keys.contains($0) } }
    policy.groups.removeAll { $0.audiences.isEmpty }
  }
}
