import Judge
import Testing

@Suite("Random definitions and logs")
struct RandomShopTests {
  private static let cases = (1...120).map { RandomShop.draw(seed: UInt64($0)) }

  @Test("The same seed gives the same case, another seed another one")
  func seeds() {
    let (one, again, other) = (RandomShop.draw(seed: 7), RandomShop.draw(seed: 7), RandomShop.draw(seed: 8))
    #expect(one.files == again.files)
    #expect(one.events == again.events)
    #expect(one.untilMs == again.untilMs)
    #expect(one.events != other.events)
  }

  @Test("Every form in scope is drawn")
  func forms() {
    let yaml = Self.cases.flatMap { $0.files.values }.joined()
    let words = [
      "all:", "any:", "not:", "event: [", "where:", "since: {", "since: Order", "pick: first", "pick: last", "having:",
      "within:", "between: [", "count:", "sum:", "times:", "min:", "max:", "equals:", "in:", "not_in:", "at_least:",
      "more_than:", "at_most:", "less_than:", "exists: true", "exists: false", "contains:", "starts_with:",
      "products.price", "unique: order_id",
    ]
    for word in words { #expect(yaml.contains(word), "\(word)") }
  }

  @Test("Every kind of trouble is drawn, and every kind of change comes about")
  func troubles() throws {
    let verdicts = try Self.cases.map { try $0.verdict() }
    for code in RejectionCode.allCases {
      #expect(verdicts.contains { $0.rejected[code, default: 0] > 0 }, "\(code)")
    }
    #expect(verdicts.contains { $0.duplicateMessages > 0 })
    #expect(verdicts.contains { $0.duplicateValues > 0 })
    #expect(verdicts.contains { $0.skipped > 0 })
    let changes = verdicts.flatMap(\.changes)
    #expect(changes.contains { $0.reason == .trait })
    #expect(changes.count { $0.reason == .expired } > 500)
    #expect(changes.count { $0.reason == .event("Order Completed") } > 100)
  }

  @Test("Each membership is entered and exited in turn, in order of time")
  func turns() throws {
    for shop in Self.cases {
      for changes in Dictionary(grouping: try shop.verdict().changes, by: { [$0.profile, $0.audience] }).values {
        for (place, change) in changes.enumerated() {
          #expect(change.kind == (place % 2 == 0 ? .entered : .exited), "seed \(shop.seed)")
        }
        #expect(changes.map(\.atMs) == changes.map(\.atMs).sorted(), "seed \(shop.seed)")
      }
    }
  }

  @Test("What is to come changes nothing of what has come about")
  func prefixes() throws {
    for var shop in Self.cases.prefix(40) {
      (shop.partitions, shop.untilMs) = (1, nil)
      let whole = try shop.verdict().changes
      shop.lines.removeLast(shop.lines.count / 3)
      let part = try shop.verdict().changes
      #expect(part == Array(whole.prefix(part.count)), "seed \(shop.seed)")
    }
  }

  @Test("A definition is written as the language wants it")
  func yaml() {
    let tea = Clause("products.category", .bare(.string("tea")))
    let leaf = Leaf(
      ["Order Completed"], where: [tea, Clause("revenue", Predicate(.moreThan(.number(-2_500_000)), .not(.whole(7))))],
      since: Since("Product Viewed", where: [Clause("tag", Predicate(.among([.string("7"), .string("a \"b\"")])))]),
      pick: .last, having: [tea], window: .between(seconds(2), Span(24, .hours)),
      measure: .sum(of: "price", times: "quantity", is: atLeast(3)))
    let when = Condition.all([.event(leaf), .not(.any([.event(Leaf(["Product Viewed", "Page Viewed"]))]))])
    #expect(
      Definition("a", when: when).yaml == #"""
        when:
          all:
            - event: Order Completed
              where: { products.category: tea, revenue: { more_than: -2.5, not: 7 } }
              since: { event: Product Viewed, where: { tag: { in: ["7", "a \"b\""] } } }
              pick: last
              having: { products.category: tea }
              between: [2s, 24h]
              sum: { of: price, times: quantity, is: { at_least: 3 } }
            - not:
                any:
                  - event: [Product Viewed, Page Viewed]

        """#)
  }

  @Test("A taxonomy is written as the language wants it")
  func taxonomyYaml() {
    let item = PropertyType.list(.object([KnownProperty("price", .number)]))
    let known = KnownEvent(
      "Order Completed", aliases: ["Purchase"], unique: "order_id",
      properties: [KnownProperty("order_id", .string), KnownProperty("products", item)])
    #expect(
      Taxonomy(events: [known]).yaml == """
        events:
          Order Completed: { unique: order_id, aliases: [Purchase], properties: { order_id: string, products: [{ price: number }] } }
        traits: { tier: string, subscribed: boolean }

        """)
  }
}

@Suite("The shrinker")
struct ShrinkerTests {
  /// Stands in for an engine that is wrong wherever an order makes somebody enter.
  private func fails(_ shop: ShopCase) -> Bool {
    guard let changes = try? shop.verdict().changes else { return false }
    return changes.contains { $0.kind == .entered && $0.reason == .event("Order Completed") }
  }

  @Test("A failing case becomes one line, one audience, one plain leaf, and still fails")
  func shrinks() throws {
    let seed = try #require((1...99).first { fails(RandomShop.draw(seed: $0)) })
    let small = Shrinker.shrink(RandomShop.draw(seed: seed), while: fails)
    #expect(fails(small))
    #expect(small.lines.count == 1)
    #expect(small.definitions.count == 1)
    #expect(small.partitions == 1)
    #expect(small.untilMs == nil)
    let leaf = try #require(small.definitions.first).yaml
    #expect(leaf.split(separator: "\n").count <= 4, "\(leaf)")
  }

  @Test("A small case is printed as a test with its files, its log and its changes")
  func prints() {
    let shop = ShopCase(
      seed: 7, taxonomy: shop, definitions: [Definition("a", when: .event(Leaf(["Product Viewed"])))],
      lines: [viewed(5, #"{"p":"a\"b"}"#), "{"], untilMs: 9)
    let test = shop.swiftTest(named: "An example")
    #expect(test.contains("\"ops/audiences/a.yaml\": #\"\"\"\n        when:\n          event: Product Viewed\n"))
    #expect(test.contains(#""properties":{"p":"a\"b"}}"#))
    #expect(test.contains("partitions: 1, untilMs: 9"))
    #expect(test.contains(##"#"5 u a entered event(Product Viewed)"#"##))
  }
}
