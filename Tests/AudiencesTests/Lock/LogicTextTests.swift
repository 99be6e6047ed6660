import Testing

@testable import Audiences

/// What the lock file takes for the same logic, and what for a change.
@Suite("The text of an audience's logic")
struct LogicTextTests {
  private static func logic(_ text: String, traits: String = TestProject.traits) throws -> String {
    var texts = TestProject.audiences
    texts["topics/taxonomy.yaml"] = TestProject.taxonomy
    texts["ops/traits.yaml"] = traits
    texts["ops/audiences/vip.yaml"] = text + "\n"
    let project = try #require(TestProject.read(texts).project)
    let audience = try #require(project.audiences.first { $0.key == "vip" })
    return LogicText(traits: project.traits).of(audience)
  }

  static let equal: [(String, String)] = [
    ("when: { event: Order Completed, within: 24h }", "when: { within: 1d, event: purchase }"),
    ("when: { event: Order Completed, within: 24h }", "when: { event: [Order Completed], between: [0s, 24h] }"),
    ("when: { event: Order Completed }", "when: { event: Order Completed, count: { at_least: 1 } }"),
    ("when: { event: Order Completed }", "when: { all: [{ any: [{ event: Order Completed }] }] }"),
    ("when: { event: Order Completed }", "when: { not: { not: { event: Order Completed } } }"),
    ("when: { event: Order Completed }", "when: { any: [{ event: Order Completed }, { event: Order Completed }] }"),
    (
      "when: { all: [{ event: Order Completed }, { trait: tier, is: gold }, { audience: big-spenders }] }",
      "when: { all: [{ audience: big-spenders }, { all: [{ trait: tier, is: gold }, { event: Order Completed }] }] }"
    ),
    (
      "when: { event: Order Completed, where: { coupon: { in: [A, B] }, gift: true } }",
      "when: { event: Order Completed, where: { gift: true, coupon: { in: [B, A, B] } } }"
    ),
    ("when: { trait: tier, is: gold }", "when: { trait: tier, is: { in: [gold] } }"),
    ("when: { trait: tier, is: { not: gold } }", "when: { trait: tier, is: { not_in: [gold] } }"),
    ("when: { event: [Order Completed, Order Refunded] }", "when: { event: [Order Refunded, Order Completed] }"),
    (
      "when: { event: Order Completed, sum: { of: revenue, times: quantity, is: { more_than: 3 } } }",
      "when: { event: Order Completed, sum: { of: quantity, times: revenue, is: { more_than: 3.0 } } }"
    ),
    (
      "when: { event: Order Completed }\nunless: [purchased-7d, big-spenders]",
      "unless: [big-spenders, purchased-7d]\nwhen: { event: Order Completed }"
    ),
    (
      "when: { event: Order Completed }",
      """
      name: Another
      owner: team@shop.example
      goal: None
      purpose: measure
      version: 9
      to: { ads: [meta] }
      entry: { event: In, include: [tier] }
      retire_on: 2027-01-01
      allow: [U001]
      when: { event: Order Completed }
      """
    ),
  ]

  @Test("Another way to write the same is no change", arguments: equal)
  func same(first: String, second: String) throws {
    #expect(try Self.logic(first) == Self.logic(second))
  }

  /// Every one of these says something else than every other one.
  static let different = [
    "when: { event: Order Completed }",
    "when: { event: Order Refunded }",
    "when: { event: Order Completed, within: 24h }",
    "when: { event: Order Completed, within: 25h }",
    "when: { event: Order Completed, between: [1h, 24h] }",
    "when: { event: Order Completed, count: { at_least: 2 } }",
    "when: { event: Order Completed, count: { more_than: 1 } }",
    "when: { event: Order Completed, pick: last, within: 24h }",
    "when: { event: Order Completed, pick: first, within: 24h }",
    "when: { event: Order Completed, pick: first, having: { gift: true }, within: 24h }",
    "when: { event: Order Completed, where: { gift: true }, within: 24h }",
    "when: { event: Order Completed, where: { coupon: A } }",
    "when: { event: Order Completed, where: { coupon: { not: A } } }",
    "when: { event: Order Completed, where: { coupon: { contains: A } } }",
    "when: { event: Order Completed, where: { coupon: { starts_with: A } } }",
    "when: { event: Order Completed, where: { coupon: 'A\" \"B' } }",
    "when: { event: Order Completed, where: { coupon: { in: [A, B] } } }",
    "when: { event: Order Completed, gap: 60d }",
    "when: { event: Order Completed, since: Checkout Started }",
    "when: { event: Order Completed, followed_by: Checkout Started }",
    "when: { event: Order Completed, not_followed_by: Checkout Started }",
    "when: { event: Order Completed, followed_by: { event: Checkout Started, same: cart_id } }",
    "when: { event: Order Completed, followed_by: { event: Checkout Started, within: 1h } }",
    "when: { event: Order Completed, by: order_id, count: { at_least: 2 } }",
    "when: { event: Order Completed, sum: { of: revenue, is: { at_least: 2 } } }",
    "when: { event: Order Completed, average: { of: revenue, is: { at_least: 2 } } }",
    "when: { event: Order Completed, min: { of: revenue, is: { at_least: 2 } } }",
    "when: { event: Order Completed, max: { of: revenue, is: { at_least: 2 } } }",
    "when: { event: Order Completed, distinct: { of: coupon, is: { at_least: 2 } } }",
    "when: { event: Order Completed, favorite: { of: coupon, is: A } }",
    "when: { not: { event: Order Completed } }",
    "when: { all: [{ event: Order Completed }, { event: Order Refunded }] }",
    "when: { any: [{ event: Order Completed }, { event: Order Refunded }] }",
    "when: { trait: tier, is: gold }",
    "when: { trait: tier, is: { exists: true } }",
    "when: { trait: renews_at, ahead: { within: 3d } }",
    "when: { trait: renews_at, ago: { within: 3d } }",
    "when: { audience: big-spenders }",
    "when: { event: Order Completed }\nunless: [purchased-7d]",
    "when: { event: Order Completed }\nhold_for: 1h",
    "when: { event: Order Completed }\nstay_at_most: 1h",
    "when: { event: Order Completed }\nrejoin_after: 1h",
    "when: { event: Order Completed }\nholdout: { percent: 10, salt: s }",
    "when: { event: Order Completed }\nholdout: { percent: 11, salt: s }",
    "when: { event: Order Completed }\nholdout: { percent: 10, salt: t }",
    "when: { event: Order Completed }\nholdout: { percent: 10, salt: s, until: 2027-01-01 }",
  ]

  @Test("Another meaning is a change")
  func others() throws {
    let texts = try Self.different.map { try Self.logic($0) }
    for (first, text) in texts.enumerated() {
      for second in texts.indices where second > first {
        #expect(text != texts[second], "\(Self.different[first]) and \(Self.different[second])")
      }
    }
  }

  @Test("A computed trait counts by what it is made of, however deep, and by whatever name")
  func traits() throws {
    let when = "when: { trait: ltv, is: { at_least: 100 } }"
    let before = try Self.logic(when)
    let renamed = TestProject.traits.replacing("ltv:", with: "worth:")
    #expect(try Self.logic(when.replacing("ltv", with: "worth"), traits: renamed) == before)
    let changed = TestProject.traits.replacing("sum: { of: amount }", with: "count: true")
    #expect(try Self.logic(when, traits: changed) != before)
    let other = TestProject.traits.replacing(
      "favorite_category: { event: Order Completed, within: 365d", with: "favorite_category: { event: Order Completed")
    #expect(try Self.logic(when, traits: other) == before)
  }

  @Test("The text stays as it is from version to version, since hashes of it are in files")
  func stable() throws {
    let text = try Self.logic(
      """
      when:
        all:
          - { event: Checkout Started, where: { value: { at_least: 2.5 } }, pick: last, between: [2h, 24h] }
          - not: { event: Order Completed, since: Checkout Started }
      unless: [purchased-7d]
      holdout: { percent: 10, salt: s, until: 2027-01-01 }
      """)
    #expect(
      text == """
        (audience (when (all \
        (events (query (of "Checkout Started" (where (test "value" (is (at-least 2500000))))) (pick last) \
        (age 7200000 86400000)) (count) (is (at-least 1000000))) \
        (not (events (query (of "Order Completed") (since (of "Checkout Started"))) (count) (is (at-least 1000000)))))) \
        (unless "purchased-7d") (holdout 1000 "s" (until 1798761600000)))
        """)
    #expect(LockEntry.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
