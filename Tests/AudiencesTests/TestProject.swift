import Events
import YAML

@testable import Audiences

/// A small shop's taxonomy, and projects in memory around it.
enum TestProject {
  static let taxonomy = """
    events:
      Product Viewed: { properties: { product_id: string, category: string, price: number } }
      Add to Cart: { properties: { cart_id: string, product_id: string, price: number, quantity: number } }
      Checkout Started: { aliases: [begin_checkout], properties: { cart_id: string, value: number } }
      Order Completed:
        unique: order_id
        aliases: [purchase, Order Placed]
        properties:
          order_id: string
          revenue: number
          quantity: number
          coupon: string
          gift: boolean
          placed_at: time
          cart_id: string
          products: [{ product_id: string, category: string, price: number }]
        property_aliases: { order_id: [transaction_id], revenue: [value], products.product_id: [item_id] }
      Order Refunded: { properties: { order_id: string, amount: number, quantity: string } }
      Shop Visited: {}
    traits:
      { tier: string, predicted_ltv: number, renews_at: time, subscribed: boolean, tags: [string], address: { city: string } }
    """

  static let traits = """
    orders: { event: Order Completed, count: true }
    gross: { event: Order Completed, sum: { of: revenue } }
    refunded: { event: Order Refunded, sum: { of: amount } }
    ltv: { trait: gross, minus: refunded }
    last_order_at: { event: Order Completed, last_at: true }
    favorite_category: { event: Order Completed, within: 365d, favorite: { of: products.category } }
    cart: { event: Add to Cart, since: Order Completed, collect: { of: [product_id, price], keep: 3 } }
    """

  /// Other audiences, for those under test to name.
  static let audiences = [
    "ops/audiences/purchased-7d.yaml": "purpose: suppress\nwhen: { event: Order Completed, within: 7d }\n",
    "ops/audiences/big-spenders.yaml": "purpose: retarget\nwhen: { trait: gross, is: { more_than: 300 } }\n",
  ]

  /// Reads a whole project, whatever the engine can do with it.
  static func read(_ texts: [String: String]) -> (project: Project?, diagnostics: [Diagnostic]) {
    var reader = ProjectReader(contents: texts.mapValues { Array($0.utf8) }, diagnostics: [])
    return reader.definitions()
  }

  /// Reads one audience under the key `vip`.
  static func audience(_ text: String, policy: String? = nil) -> (audience: AudienceDefinition?, told: [String]) {
    var texts = audiences
    texts["topics/taxonomy.yaml"] = taxonomy
    texts["ops/traits.yaml"] = traits
    texts["ops/audiences/vip.yaml"] = text
    texts["ops/policy.yaml"] = policy
    let (project, diagnostics) = read(texts)
    return (project?.audiences.first { $0.key == "vip" }, diagnostics.map(\.headline))
  }

  /// Reads one condition, written as what stands behind `when: `.
  static func condition(_ text: String) -> (condition: Condition?, told: [String]) {
    let (audience, told) = audience("when: " + text + "\n")
    return (audience?.condition, told)
  }

  /// Reads one leaf.
  static func leaf(_ text: String) -> EventLeaf? {
    guard case .events(let leaf) = condition(text).condition else { return nil }
    return leaf
  }
}
