import Audiences
import YAML

/// Right files in every form of the language, for tests that need many of them.
enum RightSamples {
  /// What stands behind `when: `.
  static let conditions = [
    "{ event: Order Completed }",
    "{ event: [Order Completed, Order Refunded], where: { order_id: o-1 } }",
    "{ event: Order Completed, where: { coupon: { in: [A, B], not: C, exists: true } }, within: 24h }",
    "{ event: Order Completed, where: { coupon: { not_in: [A], contains: x, starts_with: \"\" } }, between: [0s, 2w] }",
    "{ event: Order Completed, where: { revenue: { at_least: 1, more_than: 0.5, at_most: 9, less_than: 10 } } }",
    "{ event: Order Completed, where: { revenue: { between: [1, 9], equals: 3 }, gift: true } }",
    "{ event: Order Completed, where: { placed_at: { at_least: 2026-01-01 }, products: { exists: false } } }",
    "{ event: Checkout Started, pick: last, having: { value: { more_than: 20 } }, within: 2h }",
    "{ event: Add to Cart, since: Order Completed, count: 3 }",
    "{ event: Add to Cart, since: { event: [Order Completed], where: { revenue: 3 } }, count: { not: 2 } }",
    "{ event: Order Completed, gap: 60d, count: { between: [1, 3] } }",
    "{ event: Product Viewed, followed_by: Add to Cart, not_followed_by: Order Completed }",
    "{ event: Add to Cart, not_followed_by: { event: Order Completed, where: { gift: false }, same: cart_id, within: 1h } }",
    """
    { event: Product Viewed, followed_by: { event: Add to Cart, same: product_id,
      followed_by: { event: Checkout Started, same: cart_id, not_followed_by: Order Completed } } }
    """,
    "{ event: Order Completed, sum: { of: revenue, times: quantity, is: { more_than: 300 } } }",
    "{ event: Order Completed, average: { of: revenue, is: 50 } }",
    "{ event: Order Completed, min: { of: products.price, is: { exists: true } } }",
    "{ event: Order Completed, max: { of: revenue, is: { in: [1, 2] } } }",
    "{ event: Product Viewed, by: product_id, within: 7d, distinct: { of: category, is: { at_least: 3 } } }",
    "{ event: Order Completed, favorite: { of: products.category, is: { not_in: [coffee, tea] } } }",
    "{ event: Product Viewed, by: product_id }",
    "{ trait: tier, is: gold }", "{ trait: orders, is: { at_least: 2, less_than: 5 } }",
    "{ trait: last_order_at, ago: { between: [25d, 45d] } }", "{ trait: renews_at, ahead: { within: 3d } }",
    "{ trait: subscribed, is: false }", "{ trait: tags, is: { contains: vip } }",
    "{ audience: purchased-7d }",
    "{ all: [{ audience: big-spenders }, { not: { any: [{ event: Order Refunded }, { trait: tier, is: gold }] } }] }",
  ]

  private static let audiences = [
    """
    name: CI | Cart Abandon | 2-24h
    version: 3
    owner: lifecycle@shop.example
    purpose: retarget
    goal: Recover carts that email did not
    when: { event: Add to Cart }
    unless: [purchased-7d]
    hold_for: 30m
    stay_at_most: 14d
    rejoin_after: 7d
    holdout: { percent: 12.34, salt: cart-2026q4, until: 2026-12-31T00:00:00Z }
    entry: { event: Entered Cart, include: [cart, ltv, tier] }
    exit: { include: [orders] }
    to: { ads: [meta, google], warehouse: all, analytics: [segment] }
    retire_on: 2027-03-01
    allow: [U001]
    """,
    "when: { event: Order Completed }\nunless: []\nto: {}\nallow: []\nentry: { include: [] }",
    "when: { event: Order Completed }\nholdout: { percent: 0, salt: s, until: 2026-12-31 18:30 }\nto: { warehouse: none }",
  ]

  private static let traits = [
    TestProject.traits, "# none\n", "{}",
    """
    rate: { trait: refunded, over: gross }
    gross: { event: Order Completed, sum: { of: revenue, times: quantity } }
    refunded: { event: Order Refunded, since: Order Completed, gap: 1d, average: { of: amount } }
    least: { event: [Order Completed], pick: first, having: { gift: true }, min: { of: revenue } }
    most: { event: Order Completed, where: { gift: true }, between: [1h, 2d], max: { of: revenue } }
    kinds: { event: Order Completed, distinct: { of: products.category } }
    first_seen: { event: Product Viewed, first_at: true }
    first_category: { event: Product Viewed, followed_by: { event: Add to Cart, same: product_id }, first: { of: category } }
    last_category: { event: Product Viewed, not_followed_by: Order Completed, last: { of: category } }
    last_price: { event: Product Viewed, collect: { of: price, keep: 1 } }
    """,
  ]

  private static let policies = [
    "# none\n", "limits: {}\n", "groups: {}\n",
    """
    suppress: { purposes: [retarget, seed], audiences: [purchased-7d] }
    groups: { paid: [big-spenders, purchased-7d] }
    naming: '^(CI|SUP|SEED|MEAS) \\| .+ \\| .+$'
    limits: { future: 5m, settle: 0s, entries: 1000, percentiles_every: 1h }
    """,
    "suppress: { purposes: [], audiences: [] }\n",
  ]

  /// The files that one schema is about: `audience`, `trait` or `policy`.
  static func texts(for schema: String) -> [String] {
    switch schema {
    case "audience": audiences + conditions.map { "when: \($0)\n" }
    case "trait": traits
    default: policies
    }
  }

  /// All that the reader says of a project in which that file is such a one.
  static func diagnostics(_ text: String, as schema: String) -> [Diagnostic] {
    var texts = TestProject.audiences
    texts["topics/taxonomy.yaml"] = TestProject.taxonomy
    texts["ops/traits.yaml"] = TestProject.traits
    switch schema {
    case "audience": texts["ops/audiences/vip.yaml"] = text
    case "trait":
      texts["ops/traits.yaml"] = text
      for path in TestProject.audiences.keys { texts[path] = nil }
    default: texts["ops/policy.yaml"] = text
    }
    return TestProject.read(texts).diagnostics
  }

  /// The same in short.
  static func told(_ text: String, as schema: String) -> [String] { diagnostics(text, as: schema).map(\.headline) }
}
