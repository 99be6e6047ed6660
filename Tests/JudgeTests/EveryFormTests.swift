import Judge
import Testing

@Suite("Random cases of every form")
struct EveryFormTests {
  private static let cases = (1...200).map { RandomShop.draw(seed: UInt64($0), forms: .all) }

  private static let single: [Forms] = [
    .gap, .sequences, .by, .favorite, .distinct, .average, .traits, .computed, .audienceReferences, .spells,
    .suppression, .groups, .holdouts, .merges, .deletes, .identifiers,
  ]

  /// A word that stands in the files or the log of each form, and of no other.
  private static let words = [
    "gap:", "followed_by:", "by: ", "favorite:", "distinct:", "average:", "predicted_ltv", "ops/traits.yaml",
    "audience: ", "hold_for:", "unless:", "groups:", "holdout:", "\"alias\"", "\"delete\"", "ads: [",
  ]

  private func text(_ shop: ShopCase) -> String {
    shop.files.keys.joined(separator: "\n") + shop.files.values.joined(separator: "\n") + shop.events
  }

  @Test("Every form is drawn")
  func forms() {
    let text = Self.cases.map { self.text($0) }.joined()
    let words =
      Self.words + [
        "not_followed_by:", "same:", "followed_by: { event: Message Opened, followed_by:", "stay_at_most:",
        "rejoin_after:", "retire_on:", "suppress: {", "purposes: [", "purpose: seed", "until: 20", "percent: 33.33",
        "ago: { within:", "ago: { between:", "ahead: { within:", "ahead: { between:", "minus:", "over:", "first_at:",
        "last_at:", "first: {", "last: {", "count: true", "previousId", "trait: tier", "trait: tags",
        "subscribed\":null", "region: US", "\"email\":null", "\"phone\":null",
      ]
    for word in words { #expect(text.contains(word), "\(word)") }
  }

  @Test("A form that is not asked for is not drawn")
  func onlyAsked() {
    #expect(Forms.all == Forms(Self.single))
    for (form, word) in zip(Self.single, Self.words) where form != .by && form != .traits {
      let others = Forms.all.subtracting(form)
      let drawn = (1...40).map { self.text(RandomShop.draw(seed: $0, forms: others)) }.joined()
      #expect(!drawn.contains(word), "\(word)")
      #expect((1...60).contains { self.text(RandomShop.draw(seed: $0, forms: form)).contains(word) }, "\(word)")
    }
  }

  @Test("Every kind of change comes about, with every kind of reason")
  func changes() throws {
    var kinds: [ChangeKind: Int] = [:]
    var reasons: [Substring: Int] = [:]
    var crossing = 0
    for shop in Self.cases {
      let verdict = try shop.verdict()
      crossing += verdict.mergesAcrossPartitions
      for change in verdict.changes {
        kinds[change.kind, default: 0] += 1
        reasons[change.reason.description.prefix { $0 != "(" }, default: 0] += 1
      }
    }
    for kind in ChangeKind.allCases { #expect(kinds[kind, default: 0] > 50, "\(kind)") }
    let every: [Substring] = [
      "deleted", "merged", "definition", "stay", "expired", "trait", "event", "suppressed", "outranked", "held_out",
    ]
    for reason in every { #expect(reasons[reason, default: 0] > 10, "\(reason)") }
    #expect(crossing > 0)
  }

  @Test("A membership goes from out to in or control and back, in order of time")
  func turns() throws {
    for shop in Self.cases {
      for changes in Dictionary(grouping: try shop.verdict().changes, by: { [$0.profile, $0.audience] }).values {
        var inside: ChangeKind?
        for change in changes {
          switch change.kind {
          case .entered, .heldOut:
            #expect(inside == nil, "seed \(shop.seed)")
            inside = change.kind
          case .exited:
            #expect(inside == .entered, "seed \(shop.seed)")
            inside = nil
          case .holdoutEnded:
            #expect(inside == .heldOut, "seed \(shop.seed)")
            inside = nil
          case .updated:
            #expect(inside == .entered, "seed \(shop.seed)")
          }
        }
        #expect(changes.map(\.atMs) == changes.map(\.atMs).sorted(), "seed \(shop.seed)")
      }
    }
  }

  @Test("Nothing changes at instants between those at which the judge evaluates")
  func everyInstant() throws {
    for shop in Self.cases.prefix(60) {
      let names = ["Product Viewed", "Add to Cart", "Checkout Started", "Order Completed", "Message Opened"]
      let unit = shop.unit
      // An audience that never has anyone, but whose windows are evaluated at many instants more.
      let leaves = (1...40).map { Condition.event(Leaf(names + ["Page Viewed"], window: .within(Span($0, unit)))) }
      var dense = shop
      dense.definitions.append(Definition("zz", when: .all([.not(.all([]))] + leaves)))
      #expect(try shop.verdict() == dense.verdict(), "seed \(shop.seed)")
    }
  }

  @Test("What is to come changes nothing of what has come about")
  func prefixes() throws {
    for var shop in Self.cases.prefix(60) {
      (shop.partitions, shop.untilMs) = (1, nil)
      let whole = try shop.verdict().changes
      shop.lines.removeLast(shop.lines.count / 3)
      let part = try shop.verdict().changes
      #expect(part == Array(whole.prefix(part.count)), "seed \(shop.seed)")
    }
  }

  @Test("Nobody is in two audiences of a group")
  func exclusive() throws {
    for shop in Self.cases where !shop.policy.groups.isEmpty {
      var inside: Set<[String]> = []
      let changes = try shop.verdict().changes
      for (place, change) in changes.enumerated() {
        let membership = [change.profile, change.audience]
        if change.kind == .entered || change.kind == .heldOut {
          inside.insert(membership)
        } else {
          inside.remove(membership)
        }
        // Within one evaluation, one leaves and another enters.
        let next = place + 1 < changes.count ? changes[place + 1] : nil
        if next?.atMs == change.atMs && next?.profile == change.profile { continue }
        for group in shop.policy.groups {
          #expect(group.audiences.count { inside.contains([change.profile, $0]) } < 2, "seed \(shop.seed)")
        }
      }
    }
  }
}

extension ShopCase {
  /// The unit of its windows: the first that its files name.
  fileprivate var unit: Span.Unit {
    let text = files.values.joined()
    let windows = text.split(separator: "within: ").dropFirst().compactMap { $0.first { !$0.isNumber } }
    return windows.compactMap(Span.Unit.init).first ?? .seconds
  }
}

@Suite("Texts and shrinking of every form")
struct EveryFormTextTests {
  @Test("An audience is written with its settings")
  func settings() {
    let funnel = Following.by(
      "Checkout Started", where: [Clause("id", .bare(.whole(1)))], same: "id", within: seconds(3),
      .notBy("Order Completed"))
    let leaf = Leaf(
      ["Product Viewed"], gap: Span(60, .days), follows: [funnel], by: "product_id",
      measure: .average(of: "price", is: atLeast(3)))
    let when = Condition.all([
      .event(leaf), .audience("vip"), .trait("at", .ahead(.within(seconds(3)))), .trait("n", .is(atLeast(1))),
      .not(.trait("at", .ago(.between(seconds(2), seconds(5))))),
    ])
    let definition = Definition(
      "a", when: when, purpose: .seed, unless: ["b", "c"], holdFor: seconds(1), stayAtMost: seconds(2),
      rejoinAfter: Span(7, .days), holdout: Holdout(percent: 10, salt: "s-1", untilMs: 0), retireOnMs: 1000)
    #expect(
      definition.yaml == #"""
        when:
          all:
            - event: Product Viewed
              gap: 60d
              followed_by: { event: Checkout Started, where: { id: 1 }, same: id, within: 3s, not_followed_by: { event: Order Completed } }
              average: { of: price, is: { at_least: 3 } }
              by: product_id
            - audience: vip
            - trait: at
              ahead: { within: 3s }
            - trait: n
              is: { at_least: 1 }
            - not:
                trait: at
                ago: { between: [2s, 5s] }
        purpose: seed
        unless: [b, c]
        hold_for: 1s
        stay_at_most: 2s
        rejoin_after: 7d
        holdout: { percent: 10, salt: "s-1", until: 1970-01-01T00:00:00.000Z }
        retire_on: 1970-01-01T00:00:01.000Z

        """#)
  }

  @Test("Traits and policy are files of their own, where there are any")
  func files() {
    let shop = ShopCase(
      taxonomy: Taxonomy(events: [], traits: [KnownTrait("at", .time), KnownTrait("tags", .list(.string))]),
      definitions: [],
      traits: [
        ComputedTrait("gross", .measured(Leaf(["Order Completed"]), .sum(of: "price", times: "n"))),
        ComputedTrait("last", .measured(Leaf(["Order Completed"], window: .within(seconds(3))), .lastAt)),
        ComputedTrait("left", .difference("gross", "back")), ComputedTrait("rate", .ratio("back", "gross")),
      ],
      policy: Policy(
        suppressedPurposes: [.retarget, .seed], suppressors: ["s"], groups: [.init("g1", ["a", "b"])]),
      lines: [])
    #expect(shop.files["topics/taxonomy.yaml"]?.hasSuffix("traits: { at: time, tags: [string] }\n") == true)
    #expect(
      shop.files["ops/traits.yaml"] == """
        gross:
          event: Order Completed
          sum: { of: price, times: n }
        last:
          event: Order Completed
          within: 3s
          last_at: true
        left:
          trait: gross
          minus: back
        rate:
          trait: back
          over: gross

        """)
    #expect(
      shop.files["ops/policy.yaml"] == """
        suppress: { purposes: [retarget, seed], audiences: [s] }
        groups: { g1: [a, b] }

        """)
    #expect(ShopCase(taxonomy: Taxonomy(events: []), definitions: [], lines: []).files.count == 1)
  }

  /// Stands in for an engine that is wrong wherever something has this reason.
  private func smallest(_ reason: String) throws -> ShopCase {
    func fails(_ shop: ShopCase) -> Bool {
      guard let changes = try? shop.verdict().changes else {
        Issue.record("a shrunk case cannot be judged:\n\(shop.files)")
        return false
      }
      return changes.contains { $0.kind != .updated && $0.reason.description.hasPrefix(reason) }
    }
    let seed = try #require((1...99).first { fails(RandomShop.draw(seed: $0, forms: .all)) })
    return Shrinker.shrink(RandomShop.draw(seed: seed, forms: .all), while: fails)
  }

  @Test(
    "A failing case becomes small",
    arguments: [
      ("deleted", 2, 1), ("merged", 2, 1), ("definition", 2, 1), ("stay", 2, 1), ("outranked", 2, 2),
      ("suppressed", 2, 2), ("held_out", 2, 1), ("trait", 1, 1),
    ])
  func shrinks(reason: String, lines: Int, audiences: Int) throws {
    let small = try smallest(reason)
    #expect(small.lines.count <= lines + 1, "\(small.events)")
    #expect(small.definitions.count <= audiences + 1, "\(small.files)")
    #expect(small.traits.count <= 1, "\(small.files)")
    #expect(small.partitions == 1)
  }
}
