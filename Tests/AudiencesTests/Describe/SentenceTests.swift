import Events
import Testing
import YAML

@testable import Audiences

/// Every form of the language, and the exact words for it.
@Suite("Descriptions")
struct SentenceTests {
  /// What stands behind `when: `, and the sentence without "People " and its full stop.
  static let conditions: [(String, String)] = [
    // Counts.
    ("{ event: Order Completed }", "who ever had an Order Completed"),
    ("{ not: { event: Order Completed } }", "who never had an Order Completed"),
    ("{ event: Order Completed, within: 24h }", "who had an Order Completed in the last 24 hours"),
    ("{ not: { event: Order Completed, within: 7d } }", "who had no Order Completed in the last 7 days"),
    ("{ event: Product Viewed, between: [12h, 7d] }", "who had a Product Viewed 12 hours to 7 days ago"),
    (
      "{ event: Product Viewed, count: { at_least: 3 }, within: 2w }",
      "who had at least 3 Product Viewed events in the last 14 days"
    ),
    ("{ event: Product Viewed, count: { more_than: 3 } }", "who had more than 3 Product Viewed events"),
    ("{ event: Product Viewed, count: { at_most: 3 } }", "who had at most 3 Product Viewed events"),
    ("{ event: Product Viewed, count: { less_than: 3 } }", "who had fewer than 3 Product Viewed events"),
    ("{ not: { event: Product Viewed, count: { at_least: 3 } } }", "who had fewer than 3 Product Viewed events"),
    ("{ event: Product Viewed, count: 0 }", "who never had a Product Viewed"),
    ("{ not: { event: Product Viewed, count: { less_than: 1 } } }", "who ever had a Product Viewed"),
    ("{ event: Product Viewed, count: 1 }", "who had exactly one Product Viewed"),
    ("{ event: Product Viewed, count: 4 }", "who had exactly 4 Product Viewed events"),
    ("{ not: { event: Product Viewed, count: 4 } }", "who had any number but 4 of Product Viewed events"),
    ("{ event: Product Viewed, count: { between: [2, 4] } }", "who had 2 to 4 Product Viewed events"),
    ("{ event: Product Viewed, count: { in: [2, 4] } }", "whose number of Product Viewed events is 2 or 4"),
    (
      "{ not: { event: Product Viewed, count: { in: [2, 4] } } }", "whose number of Product Viewed events is not 2 or 4"
    ),
    (
      "{ event: Product Viewed, count: { at_least: 2, less_than: 5 } }",
      "whose number of Product Viewed events is at least 2 and is less than 5"
    ),
    (
      "{ not: { event: Product Viewed, count: { at_least: 2, less_than: 5 } } }",
      "whose number of Product Viewed events is not such that it is at least 2 and is less than 5"
    ),
    // Which events.
    ("{ event: [Order Completed, Order Refunded] }", "who ever had an Order Completed or Order Refunded"),
    (
      "{ event: Order Completed, where: { coupon: SPRING, revenue: { at_least: 20 } } }",
      "who ever had an Order Completed (where coupon is SPRING and revenue is at least 20)"
    ),
    (
      "{ event: Add to Cart, since: Order Completed, count: { at_least: 2 } }",
      "who had at least 2 Add to Cart events since the latest Order Completed"
    ),
    (
      "{ event: Add to Cart, since: { event: Order Completed, where: { gift: true } } }",
      "who had an Add to Cart since the latest Order Completed (where gift is true)"
    ),
    (
      "{ event: Order Completed, gap: 60d, within: 7d }",
      "who had an Order Completed in the last 7 days that came at least 60 days after the one before"
    ),
    ("{ event: Product Viewed, followed_by: Add to Cart }", "who ever had a Product Viewed followed by an Add to Cart"),
    (
      "{ event: Add to Cart, not_followed_by: { event: Order Completed, same: cart_id, within: 1h }, within: 7d }",
      "who had an Add to Cart in the last 7 days not followed by an Order Completed with the same cart_id within 1 hour"
    ),
    (
      "{ event: Product Viewed, followed_by: { event: Add to Cart, same: product_id, followed_by: Checkout Started, not_followed_by: Order Completed } }",
      "who ever had a Product Viewed followed by an Add to Cart with the same product_id (which in turn was followed by a Checkout Started and was not followed by an Order Completed)"
    ),
    (
      "{ event: Product Viewed, followed_by: Add to Cart, not_followed_by: Order Completed }",
      "who ever had a Product Viewed followed by an Add to Cart and not followed by an Order Completed"
    ),
    (
      "{ event: Product Viewed, by: product_id, within: 7d, count: { at_least: 3 } }",
      "who, for one and the same product_id, had at least 3 Product Viewed events in the last 7 days"
    ),
    (
      "{ not: { event: Product Viewed, by: product_id, count: { at_least: 3 } } }",
      "who, for no product_id, had at least 3 Product Viewed events"
    ),
    // The latest, the first.
    (
      "{ event: Checkout Started, pick: last, between: [2h, 24h] }",
      "whose latest Checkout Started was 2 to 24 hours ago"
    ),
    ("{ event: Order Completed, pick: first, within: 14d }", "whose first Order Completed was in the last 14 days"),
    ("{ event: Order Completed, pick: last }", "who ever had an Order Completed"),
    (
      "{ event: Checkout Started, pick: last, having: { value: { more_than: 20 } } }",
      "whose latest Checkout Started was one where value is more than 20"
    ),
    (
      "{ event: Checkout Started, pick: last, having: { value: { more_than: 20 } }, within: 2h }",
      "whose latest Checkout Started was in the last 2 hours and was one where value is more than 20"
    ),
    (
      "{ not: { event: Order Completed, pick: last, between: [30d, 60d] } }",
      "whose latest Order Completed was not 30 to 60 days ago (or who had none)"
    ),
    (
      "{ not: { event: Checkout Started, pick: last, having: { value: 20 }, within: 2h } }",
      "whose latest Checkout Started was not both in the last 2 hours and one where value is 20 (or who had none)"
    ),
    (
      "{ event: Order Completed, pick: last, within: 7d, sum: { of: revenue, is: { at_least: 9 } } }",
      "whose total revenue over the latest Order Completed (if it was in the last 7 days) is at least 9"
    ),
    (
      "{ event: Order Completed, pick: last, having: { gift: true }, count: 2 }",
      "whose number of events that are the latest Order Completed (if gift is true) is 2"
    ),
    // Measures.
    (
      "{ event: Order Completed, sum: { of: revenue, is: { more_than: 300 } } }",
      "whose total revenue over Order Completed events is more than 300"
    ),
    (
      "{ event: Add to Cart, sum: { of: price, times: quantity, is: { more_than: 12.5 } } }",
      "whose total of price times quantity over Add to Cart events is more than 12.5"
    ),
    (
      "{ not: { event: Order Completed, sum: { of: revenue, is: { more_than: 300 } } } }",
      "whose total revenue over Order Completed events is at most 300"
    ),
    (
      "{ event: Order Completed, average: { of: revenue, is: { between: [10, 20] } } }",
      "whose average revenue over Order Completed events is from 10 to 20"
    ),
    (
      "{ not: { event: Order Completed, average: { of: revenue, is: { at_least: 50 } } } }",
      "whose average revenue over Order Completed events is less than 50 (or is not known)"
    ),
    (
      "{ event: Order Completed, min: { of: products.price, is: { less_than: 5 } } }",
      "whose smallest products.price in Order Completed events is less than 5"
    ),
    (
      "{ event: Order Completed, max: { of: revenue, is: { exists: true } } }",
      "whose largest revenue in Order Completed events is known"
    ),
    (
      "{ not: { event: Order Completed, max: { of: revenue, is: { exists: true } } } }",
      "whose largest revenue in Order Completed events is not known"
    ),
    (
      "{ event: Product Viewed, distinct: { of: product_id, is: { at_least: 3 } }, within: 7d }",
      "whose number of different product_id values in Product Viewed events in the last 7 days is at least 3"
    ),
    (
      "{ event: Order Completed, favorite: { of: products.category, is: skincare } }",
      "whose most frequent products.category in Order Completed events is skincare"
    ),
    (
      "{ event: Add to Cart, by: cart_id, sum: { of: price, is: { at_least: 50 } } }",
      "whose total price over Add to Cart events is at least 50 for some cart_id"
    ),
    (
      "{ not: { event: Add to Cart, by: cart_id, sum: { of: price, is: { at_least: 50 } } } }",
      "whose total price over Add to Cart events is at least 50 for no cart_id"
    ),
    // Predicates.
    ("{ trait: tier, is: gold }", "whose tier is gold"),
    ("{ trait: tier, is: \"7\" }", "whose tier is '7'"),
    ("{ trait: tier, is: pale gold }", "whose tier is 'pale gold'"),
    ("{ trait: tier, is: { not: gold } }", "whose tier is something other than gold"),
    ("{ not: { trait: tier, is: gold } }", "whose tier is not gold (or is not known)"),
    ("{ trait: tier, is: { in: [gold, silver, bronze] } }", "whose tier is gold, silver or bronze"),
    ("{ trait: tier, is: { not_in: [gold, silver] } }", "whose tier is something other than gold or silver"),
    ("{ not: { trait: tier, is: { not_in: [gold, silver] } } }", "whose tier is gold or silver (or is not known)"),
    ("{ trait: tier, is: { contains: go } }", "whose tier contains go"),
    ("{ not: { trait: tier, is: { contains: go } } }", "whose tier does not contain go (or is not known)"),
    ("{ trait: tier, is: { starts_with: go } }", "whose tier starts with go"),
    ("{ not: { trait: tier, is: { starts_with: go } } }", "whose tier does not start with go (or is not known)"),
    ("{ trait: tier, is: { exists: true } }", "whose tier is known"),
    ("{ not: { trait: tier, is: { exists: true } } }", "whose tier is not known"),
    ("{ trait: subscribed, is: false }", "whose subscribed is false"),
    ("{ trait: predicted_ltv, is: { at_least: 1, at_most: 9 } }", "whose predicted_ltv is at least 1 and is at most 9"),
    ("{ not: { trait: orders, is: { at_least: 2 } } }", "whose orders is less than 2"),
    // Times.
    ("{ trait: last_order_at, ago: { between: [25d, 45d] } }", "whose last_order_at was 25 to 45 days ago"),
    ("{ trait: last_order_at, ago: { within: 7d } }", "whose last_order_at was in the last 7 days"),
    (
      "{ not: { trait: last_order_at, ago: { within: 7d } } }",
      "whose last_order_at was not in the last 7 days (or is not known)"
    ),
    ("{ trait: renews_at, ahead: { within: 3d } }", "whose renews_at is in the next 3 days"),
    ("{ trait: renews_at, ahead: { between: [1d, 3d] } }", "whose renews_at is 1 to 3 days ahead"),
    (
      "{ not: { trait: renews_at, ahead: { within: 3d } } }",
      "whose renews_at is not in the next 3 days (or is not known)"
    ),
    // Audiences and combinations.
    ("{ audience: big-spenders }", "who are in big-spenders"),
    ("{ not: { audience: big-spenders } }", "who are not in big-spenders"),
    (
      "{ all: [{ event: Checkout Started, pick: last, between: [2h, 24h] }, { not: { event: Order Completed, since: Checkout Started } }] }",
      "whose latest Checkout Started was 2 to 24 hours ago, with no Order Completed since"
    ),
    (
      "{ all: [{ event: Checkout Started, pick: last, within: 2h }, { not: { event: Order Completed, since: Checkout Started } }, { not: { event: Order Refunded, since: Checkout Started } }, { trait: tier, is: gold }] }",
      "whose latest Checkout Started was in the last 2 hours, with no Order Completed since, and with no Order Refunded since, and whose tier is gold"
    ),
    (
      "{ all: [{ event: Checkout Started, pick: last, within: 2h }, { trait: tier, is: gold }, { not: { event: Order Completed, since: Checkout Started } }] }",
      "whose latest Checkout Started was in the last 2 hours, and whose tier is gold, with no Order Completed since the latest Checkout Started"
    ),
    (
      "{ all: [{ event: Checkout Started, where: { value: 3 }, within: 2h }, { not: { event: Order Completed, since: { event: Checkout Started, where: { value: 3 } } } }] }",
      "who had a Checkout Started (where value is 3) in the last 2 hours, with no Order Completed since the latest such Checkout Started"
    ),
    (
      "{ any: [{ trait: tier, is: gold }, { not: { event: Order Completed, within: 7d } }] }",
      "whose tier is gold, or who had no Order Completed in the last 7 days"
    ),
    (
      "{ all: [{ audience: big-spenders }, { any: [{ trait: tier, is: gold }, { event: Order Refunded }] }] }",
      "who are in big-spenders, and (whose tier is gold, or who ever had an Order Refunded)"
    ),
    (
      "{ not: { any: [{ audience: big-spenders }, { all: [{ trait: tier, is: gold }, { event: Order Refunded }] }] } }",
      "who are not in big-spenders, and (whose tier is not gold (or is not known), or who never had an Order Refunded)"
    ),
    (
      "{ all: [{ all: [{ audience: big-spenders }] }, { not: { not: { trait: tier, is: gold } } }] }",
      "who are in big-spenders, and whose tier is gold"
    ),
  ]

  @Test("Each condition is told in exactly these words", arguments: conditions)
  func conditionsInWords(condition: String, words: String) throws {
    let project = try TestProject.describable("when: " + condition)
    #expect(try #require(project.describe(audience: "vip")).sentence == "People \(words).")
  }

  static let terms: [(String, String)] = [
    ("unless: [purchased-7d]", "left out while in purchased-7d"),
    ("unless: [purchased-7d, big-spenders]", "left out while in purchased-7d or big-spenders"),
    ("hold_for: 30m", "once this has held for 30 minutes without a break"),
    ("stay_at_most: 14d", "out after 14 days at the latest, and in again only after this was false"),
    ("rejoin_after: 7d", "in again no sooner than 7 days after leaving"),
    ("holdout: { percent: 12.5, salt: s }", "12.5% of them held out by chance"),
    (
      "holdout: { percent: 10, salt: s, until: 2026-12-31T18:30:00Z }",
      "10% of them held out by chance until 31 December 2026, 18:30 UTC"
    ),
    ("retire_on: 2027-03-01", "nobody any more from 1 March 2027 on"),
    ("purpose: seed", "left out while in purchased-7d"),
  ]

  @Test("What holds beside the condition is told behind it", arguments: terms)
  func termsInWords(term: String, words: String) throws {
    let policy = "suppress: { purposes: [seed], audiences: [purchased-7d] }\n"
    let project = try TestProject.describable("when: { event: Order Refunded }\n" + term, policy: policy)
    let description = try #require(project.describe(audience: "vip"))
    #expect(description.sentence == "People who ever had an Order Refunded; \(words).")
    #expect(description.rules.count == 1)
  }

  @Test("Whoever comes later in a group gives way")
  func groups() throws {
    let policy = "groups: { paid: [big-spenders, vip, purchased-7d] }\n"
    let project = try TestProject.describable("when: { event: Order Refunded }", policy: policy)
    let vip = try #require(project.describe(audience: "vip"))
    #expect(vip.sentence == "People who ever had an Order Refunded; giving way to big-spenders (group paid).")
    #expect(
      vip.rules == [
        "One person is in one audience of the group paid at most: this one gives way to big-spenders, and comes before "
          + "purchased-7d."
      ])
    #expect(vip.usedBy == ["purchased-7d, which gives way to it."])
    let first = try #require(project.describe(audience: "big-spenders"))
    #expect(!first.sentence.contains("giving way"))
  }

  static let durations: [(Int64, String)] = [
    (0, "0 seconds"), (250, "250 milliseconds"), (1_000, "1 second"), (90_000, "90 seconds"), (60_000, "1 minute"),
    (5_400_000, "90 minutes"), (86_400_000, "24 hours"), (129_600_000, "36 hours"), (172_800_000, "2 days"),
    (1_209_600_000, "14 days"),
  ]

  @Test("Lengths of time are told in the largest unit that fits", arguments: durations)
  func durationsInWords(ms: Int64, words: String) {
    #expect(DurationWords.of(DurationMs(ms: ms)) == words)
  }
}

extension TestProject {
  /// A project with one audience under test, whatever the engine can do with it.
  static func describable(_ text: String, policy: String? = nil) throws -> Project {
    var texts = audiences
    texts["topics/taxonomy.yaml"] = taxonomy
    texts["ops/traits.yaml"] = traits
    texts["ops/audiences/vip.yaml"] = text + "\n"
    texts["ops/policy.yaml"] = policy
    let (project, diagnostics) = read(texts)
    return try #require(project, "\(diagnostics.map(\.description))")
  }
}
