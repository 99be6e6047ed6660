import Audiences
import Events
import Testing

/// What right leaves are read as: every step, measure and test of them.
struct RightLeafTests {
  private static func days(_ count: Int64) -> DurationMs { DurationMs(ms: count * 86_400_000) }

  private static func hours(_ count: Int64) -> DurationMs { DurationMs(ms: count * 3_600_000) }

  private static func path(_ text: String) throws -> PropertyPath { try #require(PropertyPath(text)) }

  private static func number(_ whole: Int64) -> Predicate.Operand { .number(Millionths(units: whole * 1_000_000)) }

  /// The only leaf of a condition that nothing is told of.
  private static func leaf(_ text: String) throws -> EventLeaf {
    let (condition, told) = TestProject.condition(text)
    #expect(told == [])
    guard case .events(let leaf) = condition else { throw NotALeaf() }
    return leaf
  }

  private static func trait(_ text: String) throws -> TraitLeaf {
    let (condition, told) = TestProject.condition(text)
    #expect(told == [])
    guard case .trait(let leaf) = condition else { throw NotALeaf() }
    return leaf
  }

  private struct NotALeaf: Error {}

  @Test("A gap is read")
  func gap() throws {
    let leaf = try Self.leaf("{ event: Order Completed, gap: 60d, within: 7d }")
    #expect(leaf.query.gap == Self.days(60))
    #expect(leaf.query.window == Window(from: DurationMs(ms: 0), to: Self.days(7)))
  }

  @Test("A sequel has its events, tests, property in common and bound; the wanted one comes first")
  func sequels() throws {
    let leaf = try Self.leaf(
      """
      { event: Product Viewed,
        not_followed_by: { event: [Order Completed, Order Refunded] },
        followed_by: { event: Add to Cart, where: { price: { more_than: 5 } }, same: product_id, within: 1h } }
      """)
    let wanted = try #require(leaf.query.sequels.first)
    #expect(leaf.query.sequels.map(\.isWanted) == [true, false])
    #expect(wanted.events.names == ["Add to Cart"])
    #expect(
      wanted.events.filter == [
        PropertyTest(path: try Self.path("price"), predicate: Predicate([.moreThan(Self.number(5))]))
      ])
    #expect(wanted.same == (try Self.path("product_id")))
    #expect(wanted.within == Self.hours(1))
    #expect(wanted.sequels == [])
    #expect(leaf.query.sequels.last?.events.names == ["Order Completed", "Order Refunded"])
  }

  @Test("A funnel reads downwards, and an event's name alone is a sequel")
  func funnel() throws {
    let leaf = try Self.leaf(
      """
      { event: Product Viewed,
        followed_by: { event: Add to Cart, same: product_id,
          followed_by: { event: begin_checkout, same: cart_id, not_followed_by: purchase } } }
      """)
    let cart = try #require(leaf.query.sequels.first)
    let checkout = try #require(cart.sequels.first)
    #expect(checkout.events.names == ["Checkout Started"])
    #expect(checkout.same == (try Self.path("cart_id")))
    #expect(checkout.sequels == [Sequel(isWanted: false, events: EventSelector(names: ["Order Completed"]))])
  }

  @Test("A property in common may be written by an alias")
  func sameByAlias() throws {
    let leaf = try Self.leaf(
      "{ event: Order Completed, followed_by: { event: Order Completed, same: transaction_id } }")
    #expect(leaf.query.sequels.first?.same == (try Self.path("order_id")))
  }

  @Test("Each measure is read with what it must be")
  func measures() throws {
    let revenue = try Self.path("revenue")
    let three = Predicate([.atLeast(Self.number(3))])
    func measure(_ text: String) throws -> EventLeaf { try Self.leaf("{ event: Order Completed, \(text) }") }
    #expect(try measure("average: { of: value, is: { at_least: 3 } }").measure == .average(of: revenue))
    #expect(try measure("average: { of: value, is: { at_least: 3 } }").predicate == three)
    #expect(try measure("distinct: { of: coupon, is: { at_least: 3 } }").measure == .distinct(of: Self.path("coupon")))
    #expect(try measure("distinct: { of: coupon, is: { at_least: 3 } }").predicate == three)
    let favorite = try measure("favorite: { of: products.category, is: { in: [coffee, tea] } }")
    #expect(favorite.measure == .favorite(of: try Self.path("products.category")))
    #expect(favorite.predicate == Predicate([.isIn([.string("coffee"), .string("tea")])]))
    #expect(try measure("favorite: { of: quantity, is: 2 }").predicate == Predicate([.equals(Self.number(2))]))
    #expect(try measure("sum: { of: revenue, is: 3 }").measure == .sum(of: revenue, times: nil))
  }

  @Test("'by' goes with a count, which may be left out, and with every figure")
  func grouping() throws {
    let bare = try Self.leaf("{ event: Product Viewed, by: product_id }")
    #expect(bare.by == (try Self.path("product_id")) && bare.measure == .count && bare.predicate == .atLeast(1))
    for measure in [
      "count: { at_least: 3 }", "sum: { of: price, is: 3 }", "average: { of: price, is: 3 }",
      "min: { of: price, is: 3 }", "max: { of: price, is: 3 }", "distinct: { of: category, is: 3 }",
      "pick: last, having: { price: 3 }",
    ] {
      #expect(try Self.leaf("{ event: Product Viewed, by: product_id, \(measure) }").by != nil)
    }
  }

  @Test("Traits are tested by value, declared ones and computed ones")
  func traitValues() throws {
    #expect(try Self.trait("{ trait: tier, is: gold }").test == .value(Predicate([.equals(.string("gold"))])))
    #expect(try Self.trait("{ trait: tags, is: { contains: vi } }").test == .value(Predicate([.contains("vi")])))
    #expect(try Self.trait("{ trait: subscribed, is: false }").test == .value(Predicate([.equals(.boolean(false))])))
    #expect(try Self.trait("{ trait: address, is: { exists: true } }").test == .value(Predicate([.exists(true)])))
    #expect(
      try Self.trait("{ trait: ltv, is: { at_least: 100, less_than: 300 } }")
        == TraitLeaf(
          name: "ltv", test: .value(Predicate([.atLeast(Self.number(100)), .lessThan(Self.number(300))]))))
    #expect(try Self.trait("{ trait: cart, is: { exists: false } }").test == .value(Predicate([.exists(false)])))
    #expect(
      try Self.trait("{ trait: renews_at, is: { at_most: 2026-03-01 } }").test
        == .value(Predicate([.atMost(.string("2026-03-01"))])))
  }

  @Test("Traits that hold a time are told by how long they are past or how far ahead")
  func traitTimes() throws {
    let none = DurationMs(ms: 0)
    #expect(
      try Self.trait("{ trait: last_order_at, ago: { between: [25d, 45d] } }").test
        == .ago(Window(from: Self.days(25), to: Self.days(45))))
    #expect(
      try Self.trait("{ trait: last_order_at, ago: { within: 7d } }").test
        == .ago(Window(from: none, to: Self.days(7))))
    #expect(
      try Self.trait("{ trait: renews_at, ahead: { within: 3d } }").test
        == .ahead(Window(from: none, to: Self.days(3))))
    #expect(
      try Self.trait("{ trait: renews_at, ahead: { between: [1d, 3d] } }").test
        == .ahead(Window(from: Self.days(1), to: Self.days(3))))
  }

  @Test("An audience stands in a condition by its key")
  func audiences() {
    let (condition, told) = TestProject.condition(
      "{ all: [{ audience: big-spenders }, { not: { audience: purchased-7d } }] }")
    #expect(told == [])
    #expect(condition == .all([.audience("big-spenders"), .not(.audience("purchased-7d"))]))
  }

  @Test(
    "Times compare with every form that reads as one",
    arguments: [
      "2026-03-01", "2026-03-01T18:30", "\"2026-03-01 18:30:05.123456+0200\"", "2026-03-01T18:30:00Z", "1767225600000",
      "\"1767225600000\"",
    ])
  func times(text: String) {
    let told = TestProject.condition("{ event: Order Completed, where: { placed_at: { more_than: \(text) } } }").told
    #expect(told == [])
  }

  @Test("What keeps values is bounded by the limit, and what keeps none is not")
  func thresholds() {
    func told(_ leaf: String) -> Int {
      TestProject.audience("when: { event: Order Completed, \(leaf) }\n", policy: "limits: { entries: 3 }\n").told.count
    }
    #expect(told("distinct: { of: coupon, is: { at_least: 3 } }") == 0)
    #expect(told("distinct: { of: coupon, is: { at_least: 4 } }") == 1)
    #expect(told("gap: 1d, count: { at_least: 3 }") == 0)
    #expect(told("gap: 1d, count: { at_least: 4 }") == 1)
    #expect(told("followed_by: Order Refunded, count: 3") == 1)
    #expect(told("not_followed_by: Order Refunded, count: { at_most: 2 }") == 0)
    #expect(told("within: 7d, average: { of: revenue, is: { at_least: 5000 } }") == 0)
  }
}
