/// The eight audiences of the standard workload, and as much of the taxonomy as they ask for.
public enum Workload {
  /// The events that the audiences ask for.
  public static let taxonomy = Taxonomy(events: [
    KnownEvent("Product Viewed", properties: [KnownProperty("product_id", .string)]),
    KnownEvent("Checkout Started", properties: [KnownProperty("value", .number)]),
    KnownEvent(
      "Order Completed", unique: "order_id",
      properties: [
        KnownProperty("order_id", .string), KnownProperty("revenue", .number),
        KnownProperty(
          "products", .list(.object([KnownProperty("product_id", .string), KnownProperty("category", .string)]))),
      ]),
    KnownEvent("Message Opened"),
    KnownEvent(
      "Journey Step Reached", properties: [KnownProperty("journey", .string), KnownProperty("step", .number)]),
  ])

  /// The audiences, by key.
  public static let definitions = [
    Definition(
      "checkout-abandoners",
      when: .all([
        .event(Leaf(["Checkout Started"], pick: .last, window: .between(Span(2, .hours), Span(24, .hours)))),
        .not(.event(Leaf(["Order Completed"], since: Since("Checkout Started")))),
      ])),
    Definition(
      "browse-3x",
      when: .all([
        .event(
          Leaf(["Product Viewed"], window: .within(Span(7, .days)), measure: .count(Predicate(.atLeast(.whole(3)))))),
        .not(.event(Leaf(["Order Completed"], window: .within(Span(7, .days))))),
      ])),
    Definition(
      "lapsed-30-60",
      when: .event(Leaf(["Order Completed"], pick: .last, window: .between(Span(30, .days), Span(60, .days))))),
    Definition(
      "vip",
      when: .event(
        Leaf(
          ["Order Completed"],
          measure: .sum(of: "revenue", times: nil, is: Predicate(.moreThan(.whole(300))))))),
    Definition("bought-a-not-b", when: .all([bought("sku-007"), .not(bought("sku-011"))])),
    Definition("purchased-7d", when: .event(Leaf(["Order Completed"], window: .within(Span(7, .days))))),
    Definition(
      "coffee-due",
      when: .event(
        Leaf(
          ["Order Completed"], where: [Clause("products.category", .bare(.string("coffee")))], pick: .last,
          window: .between(Span(25, .days), Span(45, .days))))),
    Definition(
      "winback-unopened",
      when: .all([
        .event(Leaf(["Journey Step Reached"], where: winback, window: .within(Span(30, .days)))),
        .not(.event(Leaf(["Message Opened"], window: .within(Span(12, .hours))))),
        .not(.event(Leaf(["Order Completed"], since: Since("Journey Step Reached", where: winback)))),
      ])),
  ]

  private static let winback = [
    Clause("journey", .bare(.string("winback"))), Clause("step", Predicate(.atLeast(.whole(2)))),
  ]

  private static func bought(_ product: String) -> Condition {
    .event(Leaf(["Order Completed"], where: [Clause("products.product_id", .bare(.string(product)))]))
  }
}
