/// Makes a failing case small: drops profiles, lines, audiences and parts of conditions for as long as it still fails.
public enum Shrinker {
  /// The smallest case found that still fails. `fails` is asked often; it must give the same answer for the same case.
  public static func shrink(_ shop: ShopCase, while fails: (ShopCase) -> Bool) -> ShopCase {
    var smallest = shop
    var isDone = false
    while !isDone {
      isDone = true
      for pass in [fewerAudiences, fewerProfiles, simplerSetting, smallerConditions] {
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
    let owners = shop.lines.enumerated().map { number, line -> Text? in
      guard case .record(let record)? = try? reader.read(line, number: number) else { return nil }
      return record.profile
    }
    return Set(owners.compactMap { $0 }).sorted().map { profile in
      changed(shop) { $0.lines = zip(shop.lines, owners).filter { $0.1 != profile }.map(\.0) }
    }
  }

  private static func fewerAudiences(_ shop: ShopCase) -> [ShopCase] {
    guard shop.definitions.count > 1 else { return [] }
    return shop.definitions.map { only in changed(shop) { $0.definitions = [only] } }
      + shop.definitions.indices.map { place in
        changed(shop) { $0.definitions = shop.definitions.leavingOut(place) }
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
