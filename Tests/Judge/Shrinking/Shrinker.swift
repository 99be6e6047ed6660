/// Makes a failing case small: drops profiles, lines, audiences and parts of conditions for as long as it still fails.
public enum Shrinker {
  /// The smallest case found that still fails. `fails` is asked often; it must give the same answer for the same case.
  public static func shrink(_ shop: ShopCase, while fails: (ShopCase) -> Bool) -> ShopCase {
    var smallest = shop
    var isDone = false
    while !isDone {
      isDone = true
      for pass in [
        fewerAudiences, fewerTraits, fewerProfiles, simplerSetting, smallerPolicy, fewerSettings, smallerConditions,
        smallerTraits, plainReferences,
      ] {
        while let smaller = pass(smallest).first(where: fails) {
          smallest = smaller
          isDone = false
        }
      }
      let lineCount = smallest.lines.count
      dropLines(of: &smallest, while: fails)
      if smallest.lines.count < lineCount { isDone = false }
    }
    return smallest
  }

  /// Drops runs of lines: first halves, in the end single ones.
  private static func dropLines(of shop: inout ShopCase, while fails: (ShopCase) -> Bool) {
    var size = shop.lines.count / 2
    while size > 0 {
      var start = 0
      while start < shop.lines.count {
        let smaller = changed(shop) { $0.lines.removeSubrange(start..<min(start + size, shop.lines.count)) }
        if fails(smaller) {
          shop = smaller
        } else {
          start += size
        }
      }
      size /= 2
    }
  }

  /// Without all the lines of one profile.
  private static func fewerProfiles(_ shop: ShopCase) -> [ShopCase] {
    let reader = RecordReader(names: Names(shop.taxonomy))
    let owners = shop.lines.map { line -> Text? in
      guard case .record(let record) = reader.read(line) else { return nil }
      return record.profile
    }
    return Set(owners.compactMap { $0 }).sorted().map { profile in
      changed(shop) { $0.lines = zip(shop.lines, owners).filter { $0.1 != profile }.map(\.0) }
    }
  }

  /// One audience with those it refers to, or all but one that none refers to.
  private static func fewerAudiences(_ shop: ShopCase) -> [ShopCase] {
    let all = Set(shop.definitions.map(\.key))
    let alone = shop.definitions.map { shop.closure(of: [$0.key]) }
    let others = shop.definitions.map { shop.closure(of: all.subtracting([$0.key])) }
    return (alone + others).filter { $0 != all }.map { keys in changed(shop) { $0.keep(audiences: keys) } }
  }

  /// Without a trait that nothing refers to, and with a trait that is one side of what it was.
  private static func fewerTraits(_ shop: ShopCase) -> [ShopCase] {
    let used = Set(shop.definitions.flatMap(\.when.traits) + shop.traits.flatMap(\.traits))
    return shop.traits.indices.flatMap { place -> [ShopCase] in
      if !used.contains(shop.traits[place].name) { return [changed(shop) { $0.traits.remove(at: place) }] }
      return shop.traits.filter { shop.traits[place].traits.contains($0.name) }.map { side in
        changed(shop) { $0.traits[place].formula = side.formula }
      }
    }
  }

  private static func smallerTraits(_ shop: ShopCase) -> [ShopCase] {
    shop.traits.indices.flatMap { place in
      shop.traits[place].formula.smaller.map { formula in changed(shop) { $0.traits[place].formula = formula } }
    }
  }

  /// With `audience:` leaves replaced by the condition of that audience, and leaves over computed traits by the events
  /// that those measure.
  private static func plainReferences(_ shop: ShopCase) -> [ShopCase] {
    var replacements = shop.definitions.map { other in
      { (leaf: Condition) in leaf == .audience(other.key) ? other.when : nil }
    }
    for trait in shop.traits {
      guard case .measured(let events, _) = trait.formula else { continue }
      replacements.append { leaf in
        if case .trait(trait.name, _) = leaf { .event(events) } else { nil }
      }
    }
    return shop.definitions.indices.flatMap { place in
      replacements.map { replacement in
        changed(shop) { $0.definitions[place].when = $0.definitions[place].when.replacing(replacement) }
      }
    }.filter { $0.definitions != shop.definitions }
  }

  private static func smallerPolicy(_ shop: ShopCase) -> [ShopCase] {
    shop.policy.smaller.map { policy in changed(shop) { $0.policy = policy } }
  }

  private static func fewerSettings(_ shop: ShopCase) -> [ShopCase] {
    shop.definitions.indices.flatMap { place in
      shop.definitions[place].withFewerSettings.map { definition in
        changed(shop) { $0.definitions[place] = definition }
      }
    }
  }

  private static func simplerSetting(_ shop: ShopCase) -> [ShopCase] {
    (shop.partitions == 1 ? [] : [changed(shop) { $0.partitions = 1 }])
      + (shop.untilMs == nil ? [] : [changed(shop) { $0.untilMs = nil }])
  }

  private static func smallerConditions(_ shop: ShopCase) -> [ShopCase] {
    shop.definitions.indices.flatMap { place in
      shop.definitions[place].when.smaller.map { condition in
        changed(shop) { $0.definitions[place].when = condition }
      }
    }
  }

  private static func changed(_ shop: ShopCase, _ change: (inout ShopCase) -> Void) -> ShopCase {
    var copy = shop
    change(&copy)
    return copy
  }
}
