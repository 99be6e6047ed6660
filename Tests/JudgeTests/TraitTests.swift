import Judge
import Testing

@Suite("Traits of identify")
struct TraitTests {
  private let gold = Condition.trait("tier", .is(.bare(.string("gold"))))

  @Test("An identify sets traits; a change that it brings has the reason trait")
  func set() throws {
    #expect(
      try changes(gold, [identify(#"{"tier":"gold"}"#, at: 5), identify(#"{"tier":"tin"}"#, at: 9)])
        == ["5 entered trait", "9 exited trait"])
    #expect(try !isMember(gold, [viewed(1)]))
    #expect(try !isMember(gold, [track("x", at: 1, #"{"tier":"gold"}"#)]))
    let inContext = #"{"type":"track","event":"x","userId":"u","timestamp":1,"context":{"traits":{"tier":"gold"}}}"#
    #expect(try !isMember(gold, [inContext]))
  }

  @Test("The latest time wins, equal times: the later arrival; what is not named stays")
  func latest() throws {
    let first = identify(#"{"tier":"gold"}"#, at: 5)
    #expect(try isMember(gold, [first, identify(#"{"tier":"tin"}"#, at: 4)]))
    #expect(try !isMember(gold, [first, identify(#"{"tier":"tin"}"#, at: 5)]))
    #expect(try isMember(gold, [first, identify(#"{"other":1}"#, at: 6), identify("{}", at: 7)]))
    #expect(try isMember(gold, [first, identify("7", at: 6), identify("null", at: 7)]))
  }

  @Test("null removes a trait, and what is older than the removal does not bring it back")
  func removal() throws {
    let first = identify(#"{"tier":"gold"}"#, at: 5)
    #expect(try !isMember(gold, [first, identify(#"{"tier":null}"#, at: 6)]))
    #expect(try isMember(gold, [first, identify(#"{"tier":null}"#, at: 4)]))
    #expect(try !isMember(gold, [identify(#"{"tier":null}"#, at: 6), first]))
    #expect(try !isMember(gold, [first, identify(#"{"tier":[]}"#, at: 6)]))
    #expect(try !isMember(gold, [first, identify(#"{"tier":1e30}"#, at: 6)]), "absent, but it replaces")
  }

  @Test("Values of another type count as none, of several one is enough, absent is false")
  func predicates() throws {
    let rich = Condition.trait("ltv", .is(atLeast(100)))
    for (value, isRich) in [("100", true), ("\"100.0\"", true), ("[1,100]", true), ("99", false), ("true", false)] {
      #expect(try isMember(rich, [identify("{\"ltv\":\(value)}", at: 1)]) == isRich, "\(value)")
    }
    #expect(try !isMember(.trait("ltv", .is(Predicate(.not(.whole(1))))), [identify("{}", at: 1)]))
    #expect(try isMember(.trait("ltv", .is(Predicate(.exists(false)))), [identify(#"{"ltv":[null]}"#, at: 1)]))
    #expect(try isMember(.trait("ltv", .is(Predicate(.exists(true)))), [identify(#"{"ltv":{}}"#, at: 1)]))
  }

  @Test("ago: 0 <= age < within, or a <= age < b; a time to come begins to count when it comes")
  func ago() throws {
    let recent = Condition.trait("at", .ago(.within(seconds(5))))
    let later = Condition.trait("at", .ago(.between(seconds(5), seconds(9))))
    let lines = [identify(#"{"at":3000}"#, at: 1000)]
    #expect(try changes(recent, lines, untilMs: 20_000) == ["3000 entered expired", "8000 exited expired"])
    #expect(try changes(later, lines, untilMs: 20_000) == ["8000 entered expired", "12000 exited expired"])
    #expect(try changes(recent, [identify(#"{"at":3000}"#, at: 3000)]) == ["3000 entered trait"])
    #expect(try changes(recent, [identify(#"{"at":3000}"#, at: 8000)]) == [])
  }

  @Test("ahead: 0 < time - now <= within, or a < time - now <= b")
  func ahead() throws {
    let soon = Condition.trait("at", .ahead(.within(seconds(5))))
    let sooner = Condition.trait("at", .ahead(.between(seconds(2), seconds(5))))
    let lines = [identify(#"{"at":"1970-01-01T00:00:10Z"}"#, at: 1000)]
    #expect(try changes(soon, lines, untilMs: 20_000) == ["5000 entered expired", "10000 exited expired"])
    #expect(try changes(sooner, lines, untilMs: 20_000) == ["5000 entered expired", "8000 exited expired"])
    #expect(try changes(soon, [identify(#"{"at":10000}"#, at: 10_000)]) == [])
    #expect(try changes(soon, [identify(#"{"at":10000}"#, at: 5000)]) == ["5000 entered trait"])
  }

  @Test(
    "What is no time is none; of several one is enough",
    arguments: [
      ("3000", true), ("\"3000\"", true), ("3000.9", true), ("[\"soon\",3000]", true),
      ("\"1970-01-01T00:00:03\"", true),
      ("\"1970-01-01 02:00:03+0200\"", true), ("\"soon\"", false), ("true", false), ("{}", false), ("1e300", false),
    ])
  func times(value: String, isTime: Bool) throws {
    let recent = Condition.trait("at", .ago(.within(seconds(5))))
    #expect(try isMember(recent, [identify("{\"at\":\(value)}", at: 4000)]) == isTime)
  }

  @Test("A duplicate identify sets nothing")
  func duplicate() throws {
    let first = #"{"type":"identify","userId":"u","messageId":"m","timestamp":1,"traits":{"tier":"tin"}}"#
    let second = #"{"type":"identify","userId":"u","messageId":"m","timestamp":2,"traits":{"tier":"gold"}}"#
    #expect(try !isMember(gold, [first, second]))
  }
}

@Suite("Computed traits")
struct ComputedTraitTests {
  private func holds(
    _ predicate: Predicate, of formula: ComputedTrait.Formula, and others: [ComputedTrait] = [], _ lines: [String],
    untilMs: Int64? = nil
  ) throws -> Bool {
    let definition = Definition("a", when: .trait("t", .is(predicate)))
    return try changes([definition], traits: others + [ComputedTrait("t", formula)], lines, untilMs: untilMs).last?
      .contains("entered") ?? false
  }

  private let view = Leaf(["Product Viewed"])

  @Test("count, sum and distinct of nothing are 0, the rest of nothing is absent")
  func nothing() throws {
    for figure in [Figure.count, .sum(of: "p", times: nil), .distinct(of: "p")] {
      #expect(try holds(.bare(.whole(0)), of: .measured(view, figure), [ordered(1)]))
    }
    let absent: [Figure] = [
      .average(of: "p"), .min(of: "p"), .max(of: "p"), .favorite(of: "p"), .firstAt, .lastAt, .first(of: "p"),
      .last(of: "p"),
    ]
    for figure in absent {
      #expect(try holds(Predicate(.exists(false)), of: .measured(view, figure), [ordered(1)]))
    }
  }

  @Test("A computed trait gives its figure over the events that its steps leave")
  func figures() throws {
    let lines = [viewed(1, #"{"p":2,"q":3}"#), viewed(2, #"{"p":5,"q":"1"}"#), viewed(3, #"{"p":5}"#)]
    let figures: [(Figure, Int64)] = [
      (.count, 3), (.sum(of: "p", times: nil), 12), (.sum(of: "p", times: "q"), 11), (.average(of: "p"), 4),
      (.min(of: "p"), 2), (.max(of: "p"), 5), (.distinct(of: "p"), 2), (.favorite(of: "p"), 5), (.first(of: "p"), 2),
      (.last(of: "q"), 1),
    ]
    for (figure, number) in figures {
      #expect(try holds(.bare(.whole(number)), of: .measured(view, figure), lines), "\(figure)")
    }
    let dear = Leaf(["Product Viewed"], where: [Clause("p", atLeast(3))], since: Since("Order Completed"))
    #expect(
      try holds(.bare(.whole(1)), of: .measured(dear, .count), [viewed(0, #"{"p":4}"#), ordered(0)] + lines.dropLast()))
  }

  @Test("first and last look at the events that have the property, and give all its values")
  func firstAndLast() throws {
    let lines = [viewed(1), viewed(2, #"{"p":["a","b"]}"#), viewed(3, #"{"p":"c"}"#), viewed(4, #"{"p":[null]}"#)]
    #expect(try holds(.bare(.string("b")), of: .measured(view, .first(of: "p")), lines))
    #expect(try !holds(Predicate(.not(.string("b"))), of: .measured(view, .first(of: "p")), lines))
    #expect(try holds(.bare(.string("c")), of: .measured(view, .last(of: "p")), lines))
  }

  @Test("It is evaluated at the instant it is asked for")
  func window() throws {
    let recent = Leaf(["Product Viewed"], window: .within(seconds(10)))
    let trait = ComputedTrait("t", .measured(recent, .count))
    let definition = Definition("a", when: .trait("t", .is(.bare(.whole(1)))))
    #expect(
      try changes([definition], traits: [trait], [viewed(0), viewed(4000)], untilMs: 20_000) == [
        "0 a entered event(Product Viewed)", "4000 a exited event(Product Viewed)", "10000 a entered expired",
        "14000 a exited expired",
      ])
  }

  @Test("first_at and last_at are times, and move as the window cuts")
  func times() throws {
    let first = ComputedTrait("first", .measured(Leaf(["Product Viewed"], window: .within(seconds(10))), .firstAt))
    let last = ComputedTrait("last", .measured(view, .lastAt))
    let lines = [viewed(0), viewed(4000)]
    let fresh = Definition("a", when: .trait("first", .ago(.within(seconds(7)))))
    #expect(
      try changes([fresh], traits: [first], lines, untilMs: 20_000) == [
        "0 a entered event(Product Viewed)", "7000 a exited expired", "10000 a entered expired",
        "11000 a exited expired",
      ])
    let lapsed = Definition("a", when: .trait("last", .ago(.between(seconds(3), seconds(5)))))
    #expect(
      try changes([lapsed], traits: [last], lines, untilMs: 20_000) == [
        "3000 a entered expired", "4000 a exited event(Product Viewed)", "7000 a entered expired",
        "9000 a exited expired",
      ])
  }

  @Test("minus and over combine traits, also of identify, and are absent where either side is")
  func combined() throws {
    let gross = ComputedTrait("gross", .measured(Leaf(["Order Completed"]), .sum(of: "revenue", times: nil)))
    let lines = [ordered(1, #"{"revenue":10}"#), identify(#"{"back":"3"}"#, at: 2)]
    #expect(try holds(.bare(.whole(7)), of: .difference("gross", "back"), and: [gross], lines))
    #expect(try holds(.bare(.number(3_333_333)), of: .ratio("gross", "back"), and: [gross], lines))
    #expect(try holds(.bare(.number(300_000)), of: .ratio("back", "gross"), and: [gross], lines))
    let absent = Predicate(.exists(false))
    #expect(try holds(absent, of: .difference("gross", "none"), and: [gross], lines))
    #expect(try holds(absent, of: .ratio("back", "gross"), and: [gross], [identify(#"{"back":3}"#, at: 1)]), "over 0")
    #expect(try holds(absent, of: .difference("gross", "back"), and: [gross], [identify(#"{"back":[1,2]}"#, at: 1)]))
    #expect(
      try holds(
        absent, of: .difference("big", "gross"), and: [gross],
        [
          ordered(1, #"{"revenue":1}"#), identify(#"{"big":-9223372036854.775808}"#, at: 2),
        ]), "beyond 64 bits")
  }

  @Test("over is rounded to millionths, ties away from zero")
  func rounding() throws {
    func ratio(_ left: String, _ right: String, is number: Int64) throws -> Bool {
      try holds(.bare(.number(number)), of: .ratio("l", "r"), [identify("{\"l\":\(left),\"r\":\(right)}", at: 1)])
    }
    #expect(try ratio("0.000001", "2", is: 1))
    #expect(try ratio("-0.000001", "2", is: -1))
    #expect(try ratio("0.000001", "-2", is: -1))
    #expect(try ratio("2", "3", is: 666_667))
    #expect(try ratio("0", "-3", is: 0))
  }

  @Test("A computed trait hides the identify's of its name")
  func hides() throws {
    let lines = [identify(#"{"t":5}"#, at: 1), viewed(2)]
    #expect(try holds(.bare(.whole(1)), of: .measured(view, .count), lines))
    #expect(try !holds(.bare(.whole(5)), of: .measured(view, .count), lines))
  }
}
