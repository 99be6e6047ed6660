import Audiences
import Events
import Testing
import YAML

/// What computed traits are read as.
struct RightTraitTests {
  private static func path(_ text: String) throws -> PropertyPath { try #require(PropertyPath(text)) }

  private static func traits(_ text: String) -> (traits: [TraitDefinition], told: [String]) {
    let (project, diagnostics) = TestProject.read([
      "topics/taxonomy.yaml": TestProject.taxonomy, "ops/traits.yaml": text,
    ])
    return (project?.traits ?? [], diagnostics.map(\.headline))
  }

  private static func formula(_ text: String) throws -> TraitDefinition.Formula {
    let (traits, told) = traits("it: \(text)\n")
    #expect(told == [])
    return try #require(traits.first).formula
  }

  private static func query(_ name: String) -> EventQuery { EventQuery(events: EventSelector(names: [name])) }

  @Test("Each measure is read")
  func measures() throws {
    let order = Self.query("Order Completed")
    let revenue = try Self.path("revenue")
    func measure(_ text: String) throws -> Measure? {
      guard case .measure(let query, let measure) = try Self.formula("{ event: Order Completed, \(text) }") else {
        return nil
      }
      #expect(query == order)
      return measure
    }
    #expect(try measure("count: true") == .count)
    #expect(try measure("sum: { of: value }") == .sum(of: revenue, times: nil))
    #expect(try measure("sum: { of: revenue, times: quantity }") == .sum(of: revenue, times: Self.path("quantity")))
    #expect(try measure("average: { of: revenue }") == .average(of: revenue))
    #expect(try measure("min: { of: revenue }") == .min(of: revenue))
    #expect(try measure("max: { of: revenue }") == .max(of: revenue))
    #expect(try measure("distinct: { of: coupon }") == .distinct(of: Self.path("coupon")))
    #expect(try measure("favorite: { of: coupon }") == .favorite(of: Self.path("coupon")))
    #expect(try measure("first_at: true") == .firstAt)
    #expect(try measure("last_at: true") == .lastAt)
    #expect(try measure("first: { of: coupon }") == .first(of: Self.path("coupon")))
    #expect(try measure("last: { of: coupon }") == .last(of: Self.path("coupon")))
    #expect(
      try measure("collect: { of: [revenue, coupon], keep: 20 }")
        == .collect(of: [revenue, Self.path("coupon")], keep: 20))
    #expect(try measure("collect: { of: coupon, keep: 1 }") == .collect(of: [Self.path("coupon")], keep: 1))
  }

  @Test("The query of a trait has all steps of a leaf's")
  func steps() throws {
    let formula = try Self.formula(
      """
      { event: Add to Cart, where: { price: { more_than: 5 } }, since: Order Completed, gap: 1d,
        not_followed_by: { event: Order Completed, same: cart_id }, pick: last, having: { quantity: 1 },
        between: [1h, 2d], sum: { of: price, times: quantity } }
      """)
    guard case .measure(let query, _) = formula else { throw NotAMeasure() }
    #expect(query.events.filter.count == 1 && query.having.count == 1)
    #expect(query.since?.names == ["Order Completed"] && query.gap == DurationMs(ms: 86_400_000))
    #expect(query.sequels.map(\.isWanted) == [false] && query.pick == .last)
    #expect(query.window == Window(from: DurationMs(ms: 3_600_000), to: DurationMs(ms: 172_800_000)))
  }

  private struct NotAMeasure: Error {}

  @Test("Traits are made of others, whatever their order in the file, and of declared ones")
  func formulas() {
    let (traits, told) = Self.traits(
      """
      rate: { trait: refunded, over: ltv }
      ltv: { trait: gross, minus: predicted_ltv }
      gross: { event: Order Completed, sum: { of: revenue } }
      refunded: { event: Order Refunded, sum: { of: amount } }
      """)
    #expect(told == [])
    #expect(traits.map(\.name) == ["rate", "ltv", "gross", "refunded"])
    #expect(traits.first { $0.name == "rate" }?.formula == .over("refunded", "ltv"))
    #expect(traits.first { $0.name == "ltv" }?.formula == .minus("gross", "predicted_ltv"))
    #expect(traits.first { $0.name == "ltv" }?.parts == ["gross", "predicted_ltv"])
  }

  @Test("Without a file of traits, or with an empty one, there are none")
  func none() {
    #expect(Self.traits("# none yet\n").told == [])
    let (project, diagnostics) = TestProject.read(["topics/taxonomy.yaml": TestProject.taxonomy])
    #expect(project?.traits == [] && diagnostics.isEmpty)
  }

  @Test("The type of a trait follows from what it measures")
  func types() {
    func told(_ trait: String, _ condition: String) -> [String] {
      TestProject.read([
        "topics/taxonomy.yaml": TestProject.taxonomy, "ops/traits.yaml": "it: { event: Order Completed, \(trait) }\n",
        "ops/audiences/a.yaml": "when: { trait: it, \(condition) }\n",
      ]).diagnostics.map(\.message)
    }
    #expect(told("last: { of: placed_at }", "ago: { within: 7d }") == [])
    #expect(told("first: { of: placed_at }", "ahead: { within: 7d }") == [])
    #expect(told("first_at: true", "ago: { within: 7d }") == [])
    #expect(told("favorite: { of: coupon }", "is: SPRING") == [])
    #expect(told("last: { of: gift }", "is: true") == [])
    #expect(told("last: { of: revenue }", "is: \"3\"").count == 1, "a warning: a text may be there too")
    #expect(told("last: { of: shade }", "is: true").count == 1, "the property is not declared, and nothing else")
    #expect(told("last: { of: coupon }", "ago: { within: 7d }").count == 1)
    #expect(told("last: { of: gift }", "is: SPRING").count == 1)
    #expect(told("average: { of: revenue }", "is: SPRING").count == 1)
    #expect(told("collect: { of: coupon, keep: 3 }", "is: SPRING").count == 1)
  }
}
