import Events

/// Rules that keep those who have bought from being chased for it.
extension LintRule {
  static let noSuppressionOfBuyers = LintRule(
    "U001", "Retargeting that recent buyers can be in",
    """
    Whoever has just bought should be left in peace for some days, and money spent on reaching them is lost. Here \
    nothing keeps them out: no audience of buyers is in 'unless', the policy suppresses none for this purpose, and the \
    condition does not leave them out by itself.

    Name an audience of recent buyers in 'unless', or, better, once for all in 'suppress' of ops/policy.yaml. A \
    condition does it too, as in 'not: { event: Order Completed, within: 7d }'. An audience of buyers is one that every \
    order brings a person into: not one of certain products or sums.
    """
  ) { subject in
    let shop = subject.shop
    guard subject.isRetargeting, !shop.failsForBuyers(subject.audience.condition) else { return [] }
    let suppressors = shop.suppressors(of: subject.audience)
    guard !suppressors.contains(where: { shop.holdsForBuyers($0.condition) }) else { return [] }
    return subject.warning(
      at: "purpose", "nothing keeps recent buyers out of this retargeting audience",
      expected:
        "an audience of buyers, such as purchased-7d, in 'unless' or in 'suppress' of \(ProjectReader.policyPath)")
  }

  static let noExitByPurchase = LintRule(
    "U002", "Retargeting that no purchase ends",
    """
    An audience that is made to sell has done its work when the person buys. Where no purchase takes them out, they go \
    on being asked to buy what they have.

    Let the condition look at orders, as in 'not: { event: Order Completed, since: Checkout Started }' or \
    'not_followed_by: Order Completed', or name an audience that an order brings a person into in 'unless' or in the \
    policy's 'suppress'. An order of a certain product is enough where the audience is about that product.
    """
  ) { subject in
    let shop = subject.shop
    guard subject.isRetargeting,
      !shop.effectOfPurchase(on: subject.audience.condition).contains(.turnsFalse)
    else { return [] }
    let suppressors = shop.suppressors(of: subject.audience)
    guard !suppressors.contains(where: { shop.effectOfPurchase(on: $0.condition).contains(.turnsTrue) }) else {
      return []
    }
    return subject.warning(
      at: "when", "no purchase takes people out of this retargeting audience",
      expected: "a condition on orders, such as 'not: { event: Order Completed, since: .. }', or 'unless'")
  }
}
