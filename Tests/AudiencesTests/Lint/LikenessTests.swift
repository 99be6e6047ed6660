import Testing
import YAML

@testable import Audiences

/// What rules find in two audiences.
@Suite("Audiences that are alike")
struct LikenessTests {
  /// The conditions of `vip` and `twin`, and what is told of them.
  static let pairs: [(String, String, [String])] = [
    ("{ event: Product Viewed, within: 7d }", "{ event: Product Viewed, within: 8d }", ["U007"]),
    ("{ event: Product Viewed, within: 10d }", "{ event: Product Viewed, within: 8d }", ["U007"]),
    ("{ event: Product Viewed, within: 7d }", "{ event: Product Viewed, within: 14d }", []),
    ("{ event: Product Viewed, within: 7d }", "{ event: Product Viewed, between: [1h, 7d] }", []),
    ("{ event: Product Viewed, within: 7d }", "{ event: Product Viewed, within: 7d, count: { at_least: 2 } }", []),
    ("{ event: Product Viewed, within: 7d }", "{ event: Product Viewed }", []),
    (
      "{ all: [{ event: Product Viewed, within: 7d }, { trait: tier, is: gold }] }",
      "{ all: [{ trait: tier, is: { in: [gold] } }, { event: Product Viewed, within: 168h }] }", ["U007"]
    ),
    (
      "{ all: [{ event: Product Viewed, within: 7d }, { event: Product Viewed, within: 14d }] }",
      "{ event: Product Viewed, within: 7d }", ["U008"]
    ),
    (
      "{ event: Product Viewed, within: 7d }", "{ not: { not: { any: [{ event: Product Viewed, within: 7d }] } } }",
      ["U008"]
    ),
    ("{ event: Product Viewed, within: 7d }", "{ audience: vip }", ["U008"]),
    ("{ trait: predicted_ltv, is: { at_least: 5 } }", "{ trait: predicted_ltv, is: { at_least: 6 } }", []),
    ("{ not: { event: Product Viewed, within: 7d } }", "{ not: { event: Product Viewed, within: 70d } }", []),
  ]

  @Test("Two audiences are told to be alike where they surely are", arguments: pairs)
  func alike(first: String, second: String, codes: [String]) {
    let found = told(first, second, purpose: "measure")
    #expect(LintTests.codes(found) == codes, "\(found.map(\.description))")
    #expect(found.allSatisfy { $0.file == "ops/audiences/twin.yaml" && $0.message.contains("'vip'") })
  }

  /// Conditions of two retargeting audiences, and whether they surely overlap.
  static let overlaps: [(String, String, Bool)] = [
    (
      "{ event: Product Viewed, within: 7d, count: { at_least: 3 } }",
      "{ event: Product Viewed, within: 7d, count: { at_least: 2 } }", true
    ),
    ("{ event: Product Viewed, within: 24h }", "{ event: Product Viewed, within: 7d }", true),
    ("{ event: Product Viewed, where: { category: tea }, within: 7d }", "{ event: Product Viewed, within: 7d }", true),
    (
      "{ event: Product Viewed, pick: last, within: 4h }", "{ event: Product Viewed, pick: last, between: [2h, 24h] }",
      true
    ),
    (
      "{ event: Product Viewed, pick: last, within: 4h }", "{ event: Product Viewed, pick: last, between: [4h, 24h] }",
      false
    ),
    ("{ event: Product Viewed, within: 7d }", "{ event: Shop Visited, within: 7d }", false),
    (
      "{ event: Product Viewed, within: 7d }",
      "{ all: [{ event: Product Viewed, within: 24h }, { not: { audience: vip } }] }", false
    ),
    (
      "{ event: Product Viewed, gap: 60d, within: 7d }",
      "{ event: Product Viewed, within: 7d, count: { at_least: 2 } }", false
    ),
    ("{ event: Product Viewed, pick: last, within: 7d }", "{ event: Product Viewed, within: 14d }", true),
    (
      "{ event: Product Viewed, pick: last, within: 7d }",
      "{ event: Product Viewed, within: 14d, count: { at_least: 2 } }", false
    ),
    ("{ event: Product Viewed, within: 14d }", "{ event: Product Viewed, pick: first, within: 14d }", true),
  ]

  @Test("Overlapping retargeting audiences want a group", arguments: overlaps)
  func groups(first: String, second: String, isTold: Bool) {
    let found = told(first, second, purpose: "retarget")
    #expect(LintTests.codes(found) == (isTold ? ["U009"] : []), "\(found.map(\.description))")
    #expect(told(first, second, purpose: "retarget", policy: "groups: { paid: [vip, twin] }\n").isEmpty)
    #expect(told(first, second, purpose: "seed").isEmpty)
    #expect(told(first, second, purpose: "retarget", last: "unless: [vip]\n").isEmpty)
  }

  @Test("A pair is allowed by either file")
  func allow() {
    let (first, second) = ("{ event: Product Viewed, within: 7d }", "{ event: Product Viewed, within: 8d }")
    #expect(told(first, second, purpose: "measure", last: "allow: [U007]\n").isEmpty)
    #expect(told(first + "\nallow: [U007]", second, purpose: "measure").isEmpty)
  }

  private func told(
    _ first: String, _ second: String, purpose: String, policy: String = "", last: String = ""
  ) -> [Diagnostic] {
    let head = LintTests.sent + "purpose: \(purpose)\nwhen: "
    return LintTests.told(
      head + first + "\n", others: ["twin": head + second + "\n" + last], policy: LintTests.policy + policy)
  }
}
