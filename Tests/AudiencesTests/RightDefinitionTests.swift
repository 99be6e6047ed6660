import Audiences
import Events
import Testing
import YAML

/// What right definitions are read as.
struct RightDefinitionTests {
  private static func number(_ units: Int64) -> Predicate.Operand { .number(Millionths(units: units * 1_000_000)) }

  private static func hours(_ count: Int64) -> DurationMs { DurationMs(ms: count * 3_600_000) }

  private static func path(_ text: String) throws -> PropertyPath { try #require(PropertyPath(text)) }

  private static func test(_ text: String, _ comparisons: Predicate.Comparison...) throws -> PropertyTest {
    PropertyTest(path: try path(text), predicate: Predicate(comparisons))
  }

  /// The comparisons of the only test in a `where`.
  private static func comparisons(_ predicate: String, of property: String = "coupon") throws -> [Predicate.Comparison]
  {
    let (condition, told) = TestProject.condition("{ event: Order Completed, where: { \(property): \(predicate) } }")
    #expect(told == [])
    guard case .events(let leaf) = condition else { return [] }
    return try #require(leaf.query.events.filter.first).predicate.comparisons
  }

  @Test("An audience with nothing but a condition has its key as name and version 1")
  func defaults() throws {
    let (audience, told) = TestProject.audience("when: { event: Order Completed }\n")
    #expect(told == [])
    let condition = Condition.events(EventLeaf(events: EventSelector(names: ["Order Completed"])))
    #expect(audience == AudienceDefinition(key: "vip", condition: condition))
    #expect(audience?.toWarehouse == false)
  }

  @Test("Everything that is said about an audience is read")
  func metadata() throws {
    let (audience, told) = TestProject.audience(
      """
      name: SUP | Buyers | 7d
      version: 3
      owner: lifecycle@shop.example
      purpose: suppress
      goal: No ads to those who bought
      when: { event: Order Completed, within: 7d }
      entry: { event: Entered Buyers, include: [] }
      exit: { event: Left Buyers }
      to: { warehouse: all }
      allow: [U001, U012]
      """)
    #expect(told == [])
    let read = try #require(audience)
    #expect(read.name == "SUP | Buyers | 7d")
    #expect(read.version == 3)
    #expect(read.owner == "lifecycle@shop.example")
    #expect(read.purpose == .suppress)
    #expect(read.goal == "No ads to those who bought")
    #expect(read.entryEvent == "Entered Buyers")
    #expect(read.exitEvent == "Left Buyers")
    #expect(read.toWarehouse)
  }

  @Test("A whole leaf is read, each step in its place")
  func wholeLeaf() throws {
    let leaf = try #require(
      TestProject.leaf(
        """
        { event: [Order Completed, Order Refunded], where: { order_id: o-1 }, pick: first, having: { coupon: SPRING },
          between: [2h, 24h], since: { event: Checkout Started, where: { value: { more_than: 20 } } },
          sum: { of: revenue, times: quantity, is: { more_than: 300 } } }
        """))
    var expected = EventLeaf(
      events: EventSelector(
        names: ["Order Completed", "Order Refunded"], filter: [try Self.test("order_id", .equals(.string("o-1")))]))
    expected.query.pick = .first
    expected.query.having = [try Self.test("coupon", .equals(.string("SPRING")))]
    expected.query.window = Window(from: Self.hours(2), to: Self.hours(24))
    expected.query.since = EventSelector(
      names: ["Checkout Started"], filter: [try Self.test("value", .moreThan(Self.number(20)))])
    expected.measure = .sum(of: try Self.path("revenue"), times: try Self.path("quantity"))
    expected.predicate = Predicate([.moreThan(Self.number(300))])
    #expect(leaf == expected)
  }

  @Test("Conditions nest at will")
  func nesting() throws {
    let order = Condition.events(EventLeaf(events: EventSelector(names: ["Order Completed"])))
    let refund = Condition.events(EventLeaf(events: EventSelector(names: ["Order Refunded"])))
    let (condition, told) = TestProject.condition(
      """
      { all: [{ event: Order Completed },
              { not: { any: [{ event: Order Refunded }, { all: [{ event: Order Completed }] }] } }] }
      """
    )
    #expect(told == [])
    #expect(condition == .all([order, .not(.any([refund, .all([order])]))]))
  }

  @Test("A leaf without a measure counts at least one; a bare number of a count means equals")
  func counts() throws {
    #expect(TestProject.leaf("{ event: Order Completed }")?.predicate == .atLeast(1))
    let bare = TestProject.leaf("{ event: Order Completed, count: 0 }")
    #expect(bare?.measure == .count)
    #expect(bare?.predicate == Predicate([.equals(Self.number(0))]))
  }

  @Test("min and max take a property and what it must be")
  func extremes() throws {
    let revenue = try Self.path("revenue")
    let low = TestProject.leaf("{ event: Order Completed, min: { of: revenue, is: { less_than: 0.5 } } }")
    #expect(low?.measure == .min(of: revenue))
    #expect(low?.predicate == Predicate([.lessThan(.number(Millionths(units: 500_000)))]))
    let high = TestProject.leaf("{ event: Order Completed, max: { of: revenue, is: -3 } }")
    #expect(high?.measure == .max(of: revenue))
    #expect(high?.predicate == Predicate([.equals(Self.number(-3))]))
  }

  @Test("Aliases of events and properties mean the canonical ones; case, space, '_' and '-' are alike in events")
  func aliases() throws {
    let leaf = try #require(
      TestProject.leaf(
        "{ event: PURCHASE, since: checkout-started, where: { transaction_id: o-1, products.item_id: sku-1 } }"))
    #expect(leaf.query.events.names == ["Order Completed"])
    #expect(leaf.query.since?.names == ["Checkout Started"])
    #expect(leaf.query.events.filter.map(\.path.description) == ["order_id", "products.product_id"])
    #expect(TestProject.leaf("{ event: page_viewed, where: { path: /sale } }")?.query.events.names == ["Page Viewed"])
  }

  @Test("Each operator is read")
  func operators() throws {
    #expect(try Self.comparisons("SPRING") == [.equals(.string("SPRING"))])
    #expect(try Self.comparisons("{ not: SPRING }") == [.not(.string("SPRING"))])
    #expect(try Self.comparisons("{ in: [A, B] }") == [.isIn([.string("A"), .string("B")])])
    #expect(try Self.comparisons("{ not_in: [A] }") == [.notIn([.string("A")])])
    #expect(try Self.comparisons("{ contains: PRI }") == [.contains("PRI")])
    #expect(try Self.comparisons("{ starts_with: \"\" }") == [.startsWith("")])
    #expect(try Self.comparisons("{ exists: false }") == [.exists(false)])
    #expect(try Self.comparisons("{ between: [A, A] }") == [.between(.string("A"), .string("A"))])
    #expect(
      try Self.comparisons("{ at_least: 1, less_than: 9 }", of: "revenue")
        == [.atLeast(Self.number(1)), .lessThan(Self.number(9))])
    #expect(try Self.comparisons("{ at_most: 9 }", of: "revenue") == [.atMost(Self.number(9))])
    #expect(try Self.comparisons("true", of: "gift") == [.equals(.boolean(true))])
    #expect(try Self.comparisons("{ exists: true }", of: "products") == [.exists(true)])
    #expect(try Self.comparisons("{ more_than: 1767225600000 }", of: "placed_at").count == 1)
    #expect(try Self.comparisons("{ at_least: 2026-01-01 }", of: "placed_at") == [.atLeast(.string("2026-01-01"))])
  }

  @Test(
    "Numbers of every form are exact, and rounded to millionths with ties away from zero",
    arguments: [
      ("+12.5", 12_500_000), (".5", 500_000), ("-.5", -500_000), ("7.", 7_000_000), ("1e3", 1_000_000_000),
      ("1.e-3", 1_000), ("0x10", 16_000_000), ("0o17", 15_000_000), ("0.0000005", 1), ("-0.0000005", -1),
      ("0.1", 100_000), ("9223372036854.775807", Int64.max),
    ] as [(String, Int64)])
  func numbers(text: String, units: Int64) throws {
    #expect(try Self.comparisons(text, of: "revenue") == [.equals(.number(Millionths(units: units)))])
  }

  @Test(
    "Words that other YAML takes for values are text here",
    arguments: ["yes", "No", "on", "off", "12:30", "2026-01-01", "NULLS", "1_000", "0b11", "1e", "0x"])
  func texts(word: String) throws {
    #expect(try Self.comparisons(word) == [.equals(.string(word))])
  }

  @Test("What may be kept without end is bounded by no limit; a threshold at the limit is exact")
  func thresholds() {
    let policy = "limits: { entries: 3 }\n"
    func told(_ leaf: String) -> [String] {
      TestProject.audience("when: { event: Order Completed, \(leaf) }\n", policy: policy).told
    }
    #expect(told("count: { at_least: 5000 }") == [])
    #expect(told("within: 7d, count: { at_least: 3 }") == [])
    #expect(told("within: 7d, count: { less_than: 3 }") == [])
    #expect(told("within: 7d, count: { at_most: 2 }") == [])
    #expect(told("within: 7d, sum: { of: revenue, is: { at_least: 5000 } }") == [])
    #expect(told("within: 7d, count: { at_least: 4 }").count == 1)
    #expect(told("within: 7d, count: { at_least: 3.5 }").count == 1)
    #expect(told("since: Checkout Started, count: 3").count == 1)
    #expect(told("within: 7d, count: { not_in: [1, 3] }").count == 1)
  }
}
