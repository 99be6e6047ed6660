import Events
import Foundation
import Testing
import YAML

@testable import Audiences

/// What is told beside the sentence.
@Suite("What a definition depends on, and when it changes")
struct DescriptionTests {
  private static func described(_ text: String, policy: String? = nil) throws -> AudienceDescription {
    try #require(try TestProject.describable(text, policy: policy).describe(audience: "vip"))
  }

  @Test("Conditions stand one by one, those of an inner combination indented")
  func conditionLines() throws {
    let description = try Self.described(
      """
      when:
        all:
          - { event: Order Completed, since: Checkout Started }
          - any: [{ audience: big-spenders }, { trait: tier, is: gold }]
      """)
    #expect(
      description.conditions.map { "\($0.depth) \($0.text)" } == [
        "0 all of:",
        "1 who had an Order Completed since the latest Checkout Started [or ever, where there was no Checkout Started]",
        "1 any of:", "2 who are in big-spenders [even where something leaves them out there]", "2 whose tier is gold",
      ])
  }

  @Test("It names what it looks at, through traits that are made of others, and what it sends")
  func dependencies() throws {
    let description = try Self.described(
      """
      when: { all: [{ trait: ltv, is: { at_least: 100 } }, { not: { event: Shop Visited } }, { audience: big-spenders }] }
      unless: [purchased-7d]
      entry: { event: Entered VIP, include: [orders] }
      to: { ads: [meta, google], warehouse: all, analytics: [segment] }
      """)
    #expect(description.audiences == ["big-spenders", "purchased-7d"])
    #expect(description.traits.map(\.name) == ["ltv", "gross", "refunded", "orders"])
    #expect(description.events == ["Shop Visited", "Order Completed", "Order Refunded"])
    #expect(
      description.destinations == [
        "Ads: meta and google.", "The warehouse: every change.", "Analytics: segment.",
        "An entry is told as Entered VIP, with orders.", "An exit is told as Audience Exited.",
      ])
  }

  @Test("It names what looks at it")
  func users() throws {
    let policy = "suppress: { purposes: [retarget], audiences: [vip] }\n"
    let project = try TestProject.describable("when: { event: Order Completed }", policy: policy)
    let vip = try #require(project.describe(audience: "vip"))
    #expect(vip.usedBy == ["The policy, which keeps these people out of every audience to retarget."])
    let spenders = try #require(project.describe(audience: "big-spenders"))
    #expect(spenders.audiences == ["vip"])
    #expect(spenders.sentence.hasSuffix("; left out while in vip."))
    let other = try TestProject.describable("when: { audience: big-spenders }\nunless: [purchased-7d]")
    #expect(try #require(other.describe(audience: "big-spenders")).usedBy == ["The condition of vip."])
    #expect(try #require(other.describe(audience: "purchased-7d")).usedBy == ["vip, which leaves these people out."])
  }

  static let changes: [(String, [String])] = [
    ("when: { event: Order Completed }", []),
    ("when: { event: Order Completed, within: 7d }", ["7 days after each Order Completed"]),
    (
      "when: { event: Checkout Started, pick: last, between: [2h, 24h] }",
      ["2 hours and 24 hours after the latest Checkout Started"]
    ),
    ("when: { not: { event: Order Completed, pick: first, within: 7d } }", ["7 days after the first Order Completed"]),
    (
      "when: { trait: last_order_at, ago: { between: [25d, 45d] } }", ["25 days and 45 days after last_order_at"]
    ),
    ("when: { trait: renews_at, ahead: { within: 3d } }", ["3 days before renews_at, and at that time"]),
    ("when: { trait: renews_at, ahead: { between: [1d, 3d] } }", ["3 days and 24 hours before renews_at"]),
    ("when: { trait: favorite_category, is: skincare }", ["365 days after each Order Completed"]),
    ("when: { trait: ltv, is: 3 }", []),
    ("when: { audience: big-spenders }", []),
    ("when: { audience: purchased-7d }", ["whenever time changes purchased-7d"]),
    ("when: { event: Order Completed }\nunless: [purchased-7d]", ["whenever time changes purchased-7d"]),
    ("when: { event: Order Completed }\nhold_for: 30m", ["30 minutes after the condition came true"]),
    ("when: { event: Order Completed }\nstay_at_most: 14d", ["14 days after coming in"]),
    ("when: { event: Order Completed }\nrejoin_after: 2h", ["2 hours after having gone out"]),
    ("when: { event: Order Completed }\nretire_on: 2027-03-01", ["on 1 March 2027, when everyone goes out"]),
    (
      "when: { event: Order Completed }\nholdout: { percent: 1, salt: s, until: 2027-03-01 }",
      ["on 1 March 2027, when the holdout ends"]
    ),
  ]

  @Test("It is told when time alone changes it", arguments: changes)
  func timeChanges(text: String, phrases: [String]) throws {
    #expect(try Self.described(text).timeChanges == phrases)
  }

  static let traits: [(String, String)] = [
    ("{ event: Order Completed, count: true }", "the number of Order Completed events"),
    (
      "{ event: Order Completed, sum: { of: revenue, times: quantity } }",
      "the total of revenue times quantity over Order Completed events"
    ),
    (
      "{ event: Order Completed, pick: first, average: { of: revenue } }",
      "the average revenue over the first Order Completed"
    ),
    (
      "{ event: Order Completed, within: 365d, distinct: { of: products.category } }",
      "the number of different products.category values in Order Completed events in the last 365 days"
    ),
    ("{ event: Order Completed, first_at: true }", "the time of the first Order Completed"),
    (
      "{ event: Order Completed, within: 30d, last_at: true }",
      "the time of the latest Order Completed in the last 30 days"
    ),
    ("{ event: Product Viewed, last: { of: category } }", "the category of the latest Product Viewed that has one"),
    (
      "{ event: Product Viewed, where: { price: 3 }, first: { of: category } }",
      "the category of the first Product Viewed (where price is 3) that has one"
    ),
    (
      "{ event: Add to Cart, since: Order Completed, within: 7d, collect: { of: [product_id, price, quantity], keep: 20 } }",
      "the product_id, price and quantity of the latest 20 of Add to Cart events in the last 7 days since the latest "
        + "Order Completed"
    ),
    ("{ trait: predicted_ltv, minus: predicted_ltv }", "predicted_ltv minus predicted_ltv"),
    ("{ trait: predicted_ltv, over: predicted_ltv }", "predicted_ltv divided by predicted_ltv"),
  ]

  @Test("Each form of a trait is told in exactly these words", arguments: traits)
  func traitsInWords(formula: String, words: String) throws {
    let (project, _) = TestProject.read([
      "topics/taxonomy.yaml": TestProject.taxonomy, "ops/traits.yaml": "it: \(formula)\n",
    ])
    let trait = try #require(project?.describe(trait: "it"))
    #expect(trait.phrase == words)
    #expect(trait.isComputed)
  }

  @Test("A trait names what it is made of and what looks at it; one that nobody defines has no description")
  func traitUsers() throws {
    let project = try TestProject.describable("when: { trait: tier, is: gold }\nexit: { include: [gross] }")
    let gross = try #require(project.describe(trait: "gross"))
    #expect(gross.usedBy == ["big-spenders", "vip", "ltv"])
    #expect(gross.events == ["Order Completed"])
    let ltv = try #require(project.describe(trait: "ltv"))
    #expect(ltv.traits == ["gross", "refunded"])
    #expect(ltv.events == ["Order Completed", "Order Refunded"])
    let tier = try #require(project.describe(trait: "tier"))
    #expect(tier.phrase == "text that 'identify' sets")
    #expect(!tier.isComputed)
    #expect(project.describe(trait: "tyre") == nil)
    #expect(project.describe(audience: "nobody") == nil)
  }

  @Test("What the engine keeps is told as it was given")
  func state() throws {
    let line = StateLine(subject: "Order Completed in the last 7 days", text: "one time of 8 bytes")
    let project = try TestProject.describable("when: { event: Order Completed }")
    #expect(try #require(project.describe(audience: "vip", state: [line])).state == [line])
    #expect(project.describeAudiences(state: ["vip": [line]]).map(\.state) == [[], [], [line]])
  }

  @Test("Every right condition reads as a sentence", arguments: RightSamples.conditions)
  func everyFormReadsWell(condition: String) throws {
    try expectSentence(Self.described("when: " + condition))
  }

  @Test("Every sample reads as a sentence that names its events")
  func samples() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let files = ProjectFiles.read(folder: root.path())
    var reader = ProjectReader(contents: files.contents, diagnostics: files.diagnostics)
    let read = reader.definitions()
    let project = try #require(read.project, "\(read.diagnostics.map(\.headline))")
    let descriptions = project.describeAudiences()
    #expect(descriptions.count >= 8)
    for description in descriptions {
      expectSentence(description)
      for name in Mentions(of: description.audience.condition).events {
        #expect(description.sentence.contains(name), "\(description.sentence)")
      }
    }
    for trait in project.traits { #expect(project.describe(trait: trait.name)?.phrase.isEmpty == false) }
  }

  /// A sentence of plain words: nothing of the program's own types shows in it, and parentheses close.
  private func expectSentence(_ description: AudienceDescription) {
    let sentence = description.sentence
    #expect(sentence.hasPrefix("People wh") || sentence.hasPrefix("People (wh"), "\(sentence)")
    #expect(sentence.hasSuffix(".") && !sentence.contains("  ") && !sentence.contains(" ."), "\(sentence)")
    for odd in ["Optional", "Audiences.", "Events.", "[", "nil", "Millionths", "Window"] {
      #expect(!sentence.contains(odd), "\(sentence)")
    }
    #expect(sentence.count { $0 == "(" } == sentence.count { $0 == ")" }, "\(sentence)")
  }
}
