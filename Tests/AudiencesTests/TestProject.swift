import Audiences
import Events
import YAML

/// A small shop's taxonomy, and projects in memory around it.
enum TestProject {
  static let taxonomy = """
    events:
      Product Viewed: { properties: { product_id: string, category: string, price: number } }
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
          products: [{ product_id: string, category: string, price: number }]
        property_aliases: { order_id: [transaction_id], revenue: [value], products.product_id: [item_id] }
      Order Refunded: { properties: { order_id: string, amount: number } }
      Shop Visited: {}
    traits: { tier: string, predicted_ltv: number }
    """

  /// Reads one audience under the key `vip`.
  static func audience(_ text: String, policy: String? = nil) -> (audience: AudienceDefinition?, told: [String]) {
    var texts = ["topics/taxonomy.yaml": taxonomy, "ops/audiences/vip.yaml": text]
    texts["ops/policy.yaml"] = policy
    let (project, diagnostics) = Project.read(texts: texts)
    return (project?.audiences.first, diagnostics.map(\.headline))
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
