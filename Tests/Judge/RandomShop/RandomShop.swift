/// Draws random valid definitions and random untidy logs from a seed.
public enum RandomShop {
  /// A case of about five audiences, sixty events and three profiles; the same seed and forms give the same case.
  public static func draw(seed: UInt64, forms: Forms = []) -> ShopCase {
    var dice = Dice(seed: seed)
    let world = World(forms, &dice)
    var definitions = DefinitionDraw(world: world)
    let traits = definitions.computedTraits(&dice)
    let audiences = definitions.definitions(dice.from(1...8), &dice)
    let policy = world.policy(over: audiences, &dice)
    var log = LogDraw(world: world, &dice)
    // Now and then more events than duplicates are remembered for, all of one profile.
    let lines = log.lines(world.users.count == 1 && dice.percent(40) ? dice.from(140...180) : dice.from(35...70), &dice)
    return ShopCase(
      seed: seed, taxonomy: world.taxonomy, definitions: audiences, traits: traits, policy: policy, lines: lines,
      partitions: dice.weighted(forms.contains(.merges) ? [(7, 1), (2, 2), (1, 4)] : [(5, 1), (3, 2), (2, 4)]),
      untilMs: until(log, world, &dice))
  }

  private static func until(_ log: LogDraw, _ world: World, _ dice: inout Dice) -> Int64? {
    guard dice.percent(60) else { return nil }
    if dice.percent(30) { return world.startMs + (log.nowMs - world.startMs) / 2 }
    return log.nowMs + Int64(dice.from(0...15)) * world.stepMs
  }
}

/// What the definitions and the log of one case share, so that they meet.
struct World {
  let forms: Forms
  let taxonomy: Taxonomy
  /// The events that this case is about, by canonical name.
  let names: [String]
  let unit: Span.Unit
  let startMs: Int64
  let users: [User]
  /// The strings that the definitions ask for and the log holds.
  let strings: [String]
  /// Whether the log has bad lines, odd values and repeated ids.
  let isUntidy: Bool

  /// How far apart events stand: the unit in which windows are drawn too.
  var stepMs: Int64 { Span(1, unit).milliseconds }

  /// A profile, by the id in its records.
  enum User {
    case named(String)
    case numbered(Int)
    case anonymous(String)
  }

  init(_ forms: Forms, _ dice: inout Dice) {
    self.forms = forms
    var taxonomy = Catalogue.taxonomy(&dice)
    if !forms.isDisjoint(with: [.traits, .computed]) { taxonomy.traits = Catalogue.traits }
    self.taxonomy = taxonomy
    let known = taxonomy.events.map(\.name) + ["Page Viewed"]
    names = dice.several(dice.from(1...4), of: known)
    unit = dice.weighted([(5, .seconds), (2, .minutes), (2, .hours), (2, .days), (1, .weeks)])
    // New Year's Day 2026; the end of a February with a leap day; shortly before 1970.
    startMs = dice.weighted([(8, 1_767_225_600_000), (2, 1_835_395_195_000), (1, -20_000)])
    let everyone: [User] = [
      .named("u1"), .named("u_8412"), .numbered(12), .anonymous("a-1"), .named("zoë"), .anonymous("12"),
      .numbered(9_007_199_254_740_993),
    ]
    users = dice.several(dice.weighted([(2, 1), (4, 2), (5, 3), (2, 5)]), of: everyone)
    strings = dice.several(dice.from(2...6), of: Catalogue.strings)
    isUntidy = dice.percent(80)
  }
}

/// The shop's events.
enum Catalogue {
  static func taxonomy(_ dice: inout Dice) -> Taxonomy {
    let item = [
      KnownProperty("product_id", .string), KnownProperty("category", .string), KnownProperty("price", .number),
      KnownProperty("quantity", .number),
    ]
    let isUnique = dice.percent(75)
    return Taxonomy(events: [
      KnownEvent(
        "Product Viewed", aliases: ["view_item", "Viewed Product"],
        properties: item + [KnownProperty("featured", .boolean), KnownProperty("tags", .list(.string))]),
      KnownEvent(
        "Add to Cart", aliases: ["Product Added"], unique: dice.percent(15) ? "product_id" : nil, properties: item),
      KnownEvent(
        "Checkout Started", aliases: ["begin_checkout"],
        properties: [KnownProperty("cart_id", .string), KnownProperty("category", .string)]),
      KnownEvent(
        "Order Completed", aliases: ["Purchase", "checkout_complete"], unique: isUnique ? "order_id" : nil,
        properties: [
          KnownProperty("order_id", .string), KnownProperty("revenue", .number), KnownProperty("quantity", .number),
          KnownProperty("gift", .boolean), KnownProperty("products", .list(.object(item))),
        ]),
      KnownEvent("Message Opened", properties: [KnownProperty("campaign", .string)]),
    ])
  }

  /// Traits of every type.
  static let traits = [
    KnownTrait("tier", .string), KnownTrait("predicted_ltv", .number), KnownTrait("renews_at", .time),
    KnownTrait("subscribed", .boolean), KnownTrait("tags", .list(.string)),
  ]

  /// Strings that definitions ask for and logs hold: some that look like numbers or like words of YAML, one letter
  /// written in two ways.
  static let strings = [
    "coffee", "tea", "cof", "Coffee", "7", "7.0", "yes", "on", "caf\u{e9}", "cafe\u{301}", "a \"b\"", "true",
  ]

  /// Numbers of definitions, in millionths; the log's numbers meet them.
  static let numbers: [Int64] =
    [0, 1, 2, 3, 4, 5, 10, -1].map { $0 * Millionths.one } + [2_500_000, -2_500_000, 1, -1]
}

extension Taxonomy {
  /// The paths that every one of these events declares, with the type of the values there.
  func paths(of names: [String]) -> [(path: String, type: PropertyType)] {
    let each = names.map { name in
      Self.paths(events.first { $0.name == name }?.properties ?? [], under: "")
    }
    return (each.first ?? []).filter { candidate in
      each.allSatisfy { $0.contains { $0.path == candidate.path && $0.type == candidate.type } }
    }
  }

  private static func paths(_ properties: [KnownProperty], under prefix: String) -> [(path: String, type: PropertyType)]
  {
    properties.flatMap { property in
      let path = prefix + property.name
      var type = property.type
      while case .list(let item) = type { type = item }
      guard case .object(let members) = type else { return [(path: path, type: type)] }
      return [(path: path, type: type)] + paths(members, under: path + ".")
    }
  }
}
