import Audiences
import Foundation
import Testing
import YAML

/// The examples that the language is explained with, by the shop's own taxonomy.
struct PageExamplesTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let order = "when: { event: Order Completed }\n"

  private static let traits = """
    orders:            { event: Order Completed, count: true }
    gross:             { event: Order Completed, sum: { of: revenue } }
    refunded:          { event: Order Refunded, sum: { of: amount } }
    ltv:               { trait: gross, minus: refunded }
    return_rate:       { trait: refunded, over: gross }
    last_order_at:     { event: Order Completed, last_at: true }
    last_category:     { event: Order Completed, last: { of: products.category } }
    favorite_category: { event: Order Completed, within: 365d, favorite: { of: products.category } }
    cart_value:        { event: Add to Cart, since: Order Completed, within: 7d, sum: { of: price, times: quantity } }
    cart_items:        { event: Add to Cart, since: Order Completed, within: 7d, collect: { of: [product_id, name, price, quantity], keep: 20 } }
    """

  private static let policy = """
    suppress: { purposes: [retarget, seed], audiences: [unsubscribed, refunded-30d, purchased-7d] }
    groups: { paid-retargeting: [cart-abandoners, checkout-abandoners, browse-3x, winback-90d] }
    naming: '^(CI|SUP|SEED|MEAS) \\| .+ \\| .+$'
    limits: { future: 5m, settle: 2s, entries: 1000 }
    """

  private static let cart = """
    name: CI | Cart Abandon | 2-24h | Excl Purch 7d
    version: 3
    owner: lifecycle@shop.example
    purpose: retarget
    goal: Recover carts that email did not
    when: { event: Add to Cart, between: [2h, 24h], not_followed_by: { event: Order Completed, same: cart_id } }
    unless: [purchased-7d]
    hold_for: 30m
    stay_at_most: 14d
    rejoin_after: 7d
    holdout: { percent: 10, salt: cart-2026q4, until: 2026-12-31T00:00:00Z }
    entry: { event: Entered Cart Abandon Segment, include: [cart_value, cart_items, ltv] }
    exit: { event: Left Cart Abandon Segment }
    to: { ads: [meta, google], warehouse: all, analytics: [segment] }
    retire_on: 2027-03-01
    """

  @Test("A project that uses every part of the language is read without a word")
  func wholeProject() throws {
    var texts = [
      "topics/taxonomy.yaml": try String(
        contentsOf: Self.root.appending(path: "topics/taxonomy.yaml"), encoding: .utf8),
      "ops/traits.yaml": Self.traits, "ops/policy.yaml": Self.policy, "ops/audiences/cart-abandoners.yaml": Self.cart,
    ]
    let others = [
      "unsubscribed": "{ event: Consent Changed, pick: last, having: { granted: false } }",
      "refunded-30d": "{ event: Order Refunded, within: 30d }",
      "purchased-7d": "{ event: Order Completed, within: 7d }",
      "checkout-abandoners": "{ event: Checkout Started, pick: last, between: [2h, 24h] }",
      "browse-3x": "{ event: Product Viewed, by: product_id, within: 7d, count: { at_least: 3 } }",
      "winback-90d": "{ trait: last_order_at, ago: { between: [90d, 180d] } }",
      "favorites": "{ trait: favorite_category, is: skincare }",
      "renewing": "{ trait: renews_at, ahead: { within: 3d } }",
      "returning": "{ all: [{ audience: winback-90d }, { event: Order Completed, gap: 60d, within: 7d }] }",
      "high-return": "{ trait: return_rate, is: { more_than: 0.3 } }",
    ]
    for (key, condition) in others { texts["ops/audiences/\(key).yaml"] = "when: \(condition)\n" }
    let (project, diagnostics) = TestProject.read(texts)
    #expect(diagnostics.map(\.headline) == [])
    #expect(project?.audiences.count == 11 && project?.traits.count == 10)
  }
}
