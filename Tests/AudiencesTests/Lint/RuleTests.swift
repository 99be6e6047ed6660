import Events
import Testing
import YAML

@testable import Audiences

/// What each rule finds in a single audience, and where.
@Suite("Lint rules")
struct RuleTests {
  /// What stands behind the four lines that every audience should have, and the code and place of each warning.
  static let findings: [(String, [String])] = [
    // Windows.
    ("to: { warehouse: all }\npurpose: retarget\nwhen: { event: Product Viewed }", ["U003 7:1"]),
    (
      "to: { warehouse: all }\npurpose: retarget\n"
        + "when: { any: [{ event: Product Viewed, within: 7d }, { trait: tier, is: gold }] }", ["U003 7:1"]
    ),
    ("to: { warehouse: all }\npurpose: retarget\nwhen: { not: { event: Product Viewed, within: 7d } }", ["U003 7:1"]),
    ("to: { warehouse: all }\npurpose: retarget\nwhen: { event: Product Viewed, within: 31d }", ["U005 7:32"]),
    (
      "to: { warehouse: all }\npurpose: retarget\nwhen: { trait: renews_at, ago: { within: 40d } }", []
    ),
    (
      "to: { warehouse: all }\npurpose: retarget\nwhen:\n  any:\n    - { event: Product Viewed, within: 7d }\n"
        + "    - { event: Product Viewed, count: { at_least: 5 }, within: 60d }", ["U005 10:56"]
    ),
    ("to: { warehouse: all }\npurpose: retarget\nwhen: { event: Product Viewed }\nstay_at_most: 60d", ["U005 8:1"]),
    ("to: { warehouse: all }\npurpose: retarget\nwhen: { event: Add to Cart, within: 8d }", ["U006 7:29"]),
    ("to: { warehouse: all }\npurpose: retarget\nwhen: { event: Checkout Started, within: 40d }", ["U006 7:34"]),
    ("to: { ads: [meta] }\npurpose: measure\nwhen: { event: Checkout Started, within: 30m }", ["U004 7:34"]),
    (
      "to: { ads: [meta] }\npurpose: measure\nwhen: { event: Checkout Started, pick: last, between: [2h, 150m] }",
      ["U004 7:46"]
    ),
    ("to: { ads: [meta] }\npurpose: measure\nwhen: { event: Order Completed }\nstay_at_most: 10m", ["U004 8:1"]),
    // Care.
    ("to: { warehouse: all }\nwhen: { event: Order Refunded }", ["U018 1:1"]),
    ("purpose: measure\nwhen: { event: Order Refunded }", ["U017 1:1"]),
    (
      "to: { warehouse: all }\npurpose: measure\nwhen: { event: Order Refunded }\nretire_on: 2026-11-20", ["U013 8:1"]
    ),
    (
      "to: { ads: [meta] }\npurpose: seed\nwhen: { event: Order Completed }\nentry: { include: [tier, email, Last Name] }",
      ["U014 8:26", "U014 8:33"]
    ),
  ]

  static let taxonomy = TestProject.taxonomy.replacing(
    "{ tier: string", with: "{ email: string, Last Name: string, tier: string")

  @Test("A rule finds what it is about, where it is said", arguments: findings)
  func finds(text: String, expected: [String]) {
    let found = LintTests.told(LintTests.cared + text + "\n", policy: LintTests.policy, taxonomy: Self.taxonomy)
    #expect(found.map { "\($0.code ?? $0.headline) \($0.line):\($0.column)" } == expected)
    #expect(found.allSatisfy { $0.severity == .warning && $0.expected != nil && $0.file == "ops/audiences/vip.yaml" })
  }

  /// Retargeting audiences that nobody is suppressed in, and the codes of what is missing.
  static let unsuppressed: [(String, [String])] = [
    ("{ event: Product Viewed, within: 7d }", ["U001", "U002"]),
    // Someone who has bought may come back and be in again: an exit, but no suppression.
    (
      "{ all: [{ event: Checkout Started, pick: last, within: 24h }, { not: { event: Order Completed, since: Checkout Started } }] }",
      ["U001"]
    ),
    ("{ event: Add to Cart, not_followed_by: { event: Order Completed, same: cart_id }, within: 7d }", ["U001"]),
    (
      "{ event: Product Viewed, within: 7d, followed_by: { event: Add to Cart, not_followed_by: Order Completed } }",
      ["U001"]
    ),
    ("{ event: Add to Cart, since: Order Completed, within: 7d }", ["U001"]),
    ("{ all: [{ event: Product Viewed, within: 7d }, { trait: orders, is: { at_most: 3 } }] }", ["U001"]),
    (
      "{ all: [{ event: Product Viewed, within: 7d }, { not: { event: Order Completed, where: { gift: true } } }] }",
      ["U001"]
    ),
    (
      "{ any: [{ event: Product Viewed, within: 7d }, { event: Add to Cart, since: Order Completed, within: 7d }] }",
      ["U001", "U002"]
    ),
    ("{ event: Order Completed, within: 7d, count: { at_least: 2 } }", ["U001", "U002"]),
    // These leave buyers out by themselves.
    ("{ all: [{ event: Product Viewed, within: 7d }, { not: { event: Order Completed, within: 7d } }] }", []),
    ("{ event: Order Completed, pick: last, between: [30d, 60d] }", []),
    ("{ trait: last_order_at, ago: { between: [30d, 60d] } }", []),
    ("{ all: [{ event: Product Viewed, within: 7d }, { trait: orders, is: { less_than: 1 } }] }", []),
    ("{ all: [{ event: Product Viewed, within: 7d }, { event: Order Completed, count: 0 }] }", []),
    ("{ all: [{ event: Product Viewed, within: 7d }, { not: { audience: purchased-7d } }] }", []),
    ("{ all: [{ event: Product Viewed, within: 7d }, { not: { trait: last_order_at, ago: { within: 7d } } }] }", []),
  ]

  @Test("Retargeting wants a purchase exit, and buyers left in peace", arguments: unsuppressed)
  func purchases(condition: String, codes: [String]) {
    let text = LintTests.sent + "purpose: retarget\nwhen: \(condition)\n"
    let found = LintTests.told(text)
    #expect(LintTests.codes(found).filter { $0 != "U009" } == codes, "\(found.map(\.description))")
    #expect(found.allSatisfy { $0.line == ($0.code == "U001" ? 6 : 7) })
  }

  @Test("An audience of buyers in 'unless' or in the policy's 'suppress' satisfies both rules")
  func suppression() {
    let text = LintTests.sent + "purpose: retarget\nwhen: { event: Product Viewed, within: 7d }\n"
    #expect(LintTests.told(text + "unless: [purchased-7d]\n").isEmpty)
    #expect(LintTests.told(text, policy: LintTests.policy).isEmpty)
    let rich = LintTests.sent + "purpose: suppress\nwhen: { trait: gross, is: { more_than: 300 } }\n"
    let found = LintTests.told(text + "unless: [rich]\n", others: ["rich": rich])
    #expect(LintTests.codes(found) == ["U001"])
  }

  @Test("Only retargeting is asked for these")
  func otherPurposes() {
    for purpose in ["suppress", "seed", "measure"] {
      let text = LintTests.sent + "purpose: \(purpose)\nwhen: { event: Product Viewed }\n"
      #expect(LintTests.told(text).isEmpty, "\(purpose)")
    }
  }

  @Test("Each thing that an audience should say is asked for")
  func missing() {
    let found = LintTests.told("when: { event: Product Viewed }\n")
    #expect(LintTests.codes(found).sorted() == ["U010", "U011", "U015", "U016", "U017", "U018"])
  }

  @Test("An audience that only others use needs no destination")
  func usedByOthers() {
    let text = LintTests.cared + "purpose: measure\nwhen: { event: Product Viewed }\n"
    let user = LintTests.sent + "purpose: measure\nwhen: { all: [{ audience: vip }, { trait: tier, is: gold }] }\n"
    #expect(LintTests.told(text, others: ["other": user]).isEmpty)
  }

  @Test("A name is held to the policy's form")
  func naming() {
    let text = LintTests.sent + "purpose: measure\nwhen: { event: Product Viewed }\n"
    let policy = "naming: '^(CI|SUP) \\| .+$'\n"
    let buyers = LintTests.buyers.replacing("name: N", with: "name: SUP | Buyers")
    let found = LintTests.told(text, others: ["purchased-7d": buyers], policy: policy)
    #expect(
      found.map(\.headline) == ["ops/audiences/vip.yaml:1:1: warning [U012]: the name 'N' is not of the policy's form"])
    let named = text.replacing("name: N", with: "name: CI | Views")
    #expect(LintTests.told(named, others: ["purchased-7d": buyers], policy: policy).isEmpty)
  }

  @Test("What is retired later, or sent nowhere, is not warned of")
  func retirement() {
    let text = LintTests.sent + "purpose: measure\nwhen: { event: Product Viewed }\nretire_on: 2026-11-21\n"
    #expect(LintTests.told(text).isEmpty)
    #expect(LintTests.codes(LintTests.told(text, now: Instant(ms: LintTests.now.ms + 86_400_000))) == ["U013"])
  }
}
