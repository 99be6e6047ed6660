import Judge
import Testing

@Suite("Leaves over events")
struct LeafTests {
  private func views(since: Since) -> Condition { .event(Leaf(["Product Viewed"], since: since)) }

  @Test("all, any and not are what they say")
  func nesting() throws {
    let (view, order) = (Condition.event(Leaf(["Product Viewed"])), Condition.event(Leaf(["Order Completed"])))
    #expect(try !isMember(.all([view, order]), [viewed(1)]))
    #expect(try isMember(.all([view, order]), [viewed(1), ordered(2)]))
    #expect(try isMember(.any([view, order]), [viewed(1)]))
    #expect(try isMember(.not(.any([.all([view, order]), order])), [viewed(1)]))
    #expect(
      try changes(.not(order), [viewed(1), ordered(2)]) == [
        "1 entered event(Product Viewed)", "2 exited event(Order Completed)",
      ])
  }

  @Test("Of several names one is enough")
  func severalNames() throws {
    let two = Condition.event(Leaf(["Product Viewed", "purchase"], measure: .count(atLeast(2))))
    #expect(try isMember(two, [viewed(1), ordered(2)]))
    #expect(try !isMember(two, [viewed(1), track("Checkout Started", at: 2)]))
  }

  @Test("between takes ages from the first bound, up to but not with the second")
  func between() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], window: .between(seconds(2), seconds(5))))
    #expect(try changes(leaf, [viewed(1000)], untilMs: 9000) == ["3000 entered expired", "6000 exited expired"])
  }

  @Test("between with equal bounds is never true")
  func equalBounds() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], window: .between(seconds(2), seconds(2))))
    #expect(try changes(leaf, [viewed(1000)], untilMs: 9000) == [])
    #expect(try changes(.not(leaf), [viewed(1000)], untilMs: 9000) == ["1000 entered event(Product Viewed)"])
  }

  @Test("A day is 86,400 seconds")
  func days() throws {
    for span in [Span(1, .weeks), Span(7, .days), Span(168, .hours), Span(10_080, .minutes), Span(604_800, .seconds)] {
      let leaf = Condition.event(Leaf(["Product Viewed"], window: .within(span)))
      #expect(try changes(leaf, [viewed(0)], untilMs: .max).last == "604800000 exited expired")
    }
  }

  @Test("since counts what comes after the latest such event, equal times by arrival; without one, everything")
  func since() throws {
    let leaf = views(since: Since("Order Completed"))
    #expect(try isMember(leaf, [viewed(1)]))
    #expect(try !isMember(leaf, [viewed(1), ordered(2)]))
    #expect(try isMember(leaf, [ordered(2), viewed(3)]))
    #expect(try isMember(leaf, [ordered(2), viewed(2)]))
    #expect(try !isMember(leaf, [viewed(2), ordered(2)]))
    #expect(try !isMember(leaf, [ordered(2), viewed(3), ordered(4)]))
    #expect(try !isMember(leaf, [tick(9), ordered(5), viewed(3)]))
    #expect(try isMember(leaf, [tick(9), viewed(3), ordered(1)]))
    #expect(try !isMember(views(since: Since("Product Viewed")), [viewed(1), viewed(2)]))
  }

  @Test("since with where looks only at events that satisfy it")
  func sinceWhere() throws {
    let leaf = views(since: Since("Order Completed", where: [Clause("revenue", atLeast(10))]))
    #expect(try isMember(leaf, [viewed(1), ordered(2, #"{"revenue":9}"#)]))
    #expect(try !isMember(leaf, [viewed(1), ordered(2, #"{"revenue":10}"#)]))
    #expect(try !isMember(leaf, [viewed(1), ordered(2, #"{"revenue":10}"#), ordered(3)]))
  }

  @Test("pick looks at one event, having at that one alone")
  func pick() throws {
    let tea = [Clause("category", .bare(.string("tea")))]
    let last = Condition.event(Leaf(["Product Viewed"], pick: .last, having: tea))
    let first = Condition.event(Leaf(["Product Viewed"], pick: .first, having: tea))
    let teaThenRest = [viewed(1, #"{"category":"tea"}"#), viewed(2)]
    #expect(try !isMember(last, teaThenRest))
    #expect(try isMember(first, teaThenRest))
    let atOnce = [viewed(1), viewed(1, #"{"category":"tea"}"#)]
    #expect(try isMember(last, atOnce))
    #expect(try !isMember(first, atOnce))
    let late = [viewed(5, #"{"category":"tea"}"#), viewed(3)]
    #expect(try isMember(last, late))
    #expect(try !isMember(first, late))
  }

  @Test("where comes before pick, pick before the window, since before pick")
  func steps() throws {
    let tea = [Clause("category", .bare(.string("tea")))]
    let filtered = Condition.event(Leaf(["Product Viewed"], where: tea, pick: .last))
    #expect(try isMember(filtered, [viewed(1, #"{"category":"tea"}"#), viewed(2)]))
    let lapsed = Condition.event(Leaf(["Product Viewed"], pick: .last, window: .between(seconds(5), seconds(9))))
    #expect(try !isMember(lapsed, [viewed(1000), viewed(4000)], untilMs: 7000))
    #expect(try isMember(lapsed, [viewed(1000), viewed(4000)], untilMs: 9000))
    let fresh = Condition.event(Leaf(["Product Viewed"], since: Since("Order Completed"), pick: .first, having: tea))
    #expect(try isMember(fresh, [viewed(1), ordered(2), viewed(3, #"{"category":"tea"}"#), viewed(4)]))
  }

  @Test("count counts events in the window; a count of nothing is 0")
  func count() throws {
    func counted(_ predicate: Predicate) -> Condition {
      .event(Leaf(["Product Viewed"], window: .within(seconds(3)), measure: .count(predicate)))
    }
    let lines = [viewed(1000), viewed(2000), viewed(2000)]
    #expect(
      try changes(counted(atLeast(3)), lines, untilMs: 9000) == [
        "2000 entered event(Product Viewed)", "4000 exited expired",
      ])
    #expect(try isMember(counted(.bare(.whole(2))), lines, untilMs: 4000))
    #expect(try isMember(counted(.bare(.whole(0))), lines, untilMs: 5000))
    #expect(try isMember(counted(Predicate(.exists(true))), [ordered(1)]))
  }
}

@Suite("Measures")
struct MeasureTests {
  /// Whether the sum over events with these properties is that number.
  private func sum(_ of: String, times: String? = nil, _ properties: [String], is number: Int64) throws -> Bool {
    let leaf = Leaf(["Product Viewed"], measure: .sum(of: of, times: times, is: .bare(.number(number))))
    return try isMember(.event(leaf), properties.enumerated().map { viewed(Int64($0.offset), $0.element) })
  }

  @Test("A sum adds every number at the path, strings of digits too, and skips the rest")
  func sums() throws {
    #expect(try sum("p", [#"{"p":1.5}"#, #"{"p":"2"}"#, #"{"p":-3}"#], is: 500_000))
    #expect(try sum("p", [#"{"p":[1,[2]]}"#, #"{"p":"x"}"#, "{}", #"{"p":true}"#, #"{"p":1e30}"#], is: 3_000_000))
    #expect(try sum("a.p", [#"{"a":[{"p":1},{"p":2},{}]}"#], is: 3_000_000))
    #expect(try sum("p", ["{}"], is: 0))
  }

  @Test("A sum is exact, and clamped to 64 bits when looked at")
  func clamped() throws {
    let big = #"{"p":9223372036854.775807}"#
    #expect(try sum("p", [big, big], is: .max))
    #expect(try sum("p", [big, big, #"{"p":-9223372036854.775807}"#, #"{"p":-1}"#], is: .max - 1_000_000))
    #expect(try sum("p", [#"{"p":-9223372036854.775808}"#, #"{"p":-1}"#], is: .min))
  }

  @Test("times multiplies, rounded to millionths, ties away from zero; too big a product is absent")
  func products() throws {
    #expect(try sum("p", times: "q", [#"{"p":2.5,"q":"3"}"#, #"{"p":1,"q":-1}"#], is: 6_500_000))
    #expect(try sum("p", times: "q", [#"{"p":0.000001,"q":0.5}"#], is: 1))
    #expect(try sum("p", times: "q", [#"{"p":-0.000001,"q":0.5}"#], is: -1))
    #expect(try sum("p", times: "q", [#"{"p":0.000001,"q":0.499999}"#], is: 0))
    #expect(try sum("p", times: "q", [#"{"p":9000000000000,"q":2}"#, #"{"p":1,"q":2}"#], is: 2_000_000))
    #expect(try sum("p", times: "p", [#"{"p":-3}"#], is: 9_000_000))
  }

  @Test("With times, an event that has not exactly one number for both is skipped")
  func exactlyOne() throws {
    let odd = [#"{"p":2}"#, #"{"q":2}"#, #"{"p":[1,2],"q":3}"#, #"{"p":1,"q":[1,2]}"#, #"{"p":"x","q":1}"#]
    #expect(try sum("p", times: "q", odd + [#"{"p":[2],"q":["x",3]}"#], is: 6_000_000))
  }

  @Test("min and max look at each number; of nothing they are absent")
  func extremes() throws {
    let lines = [viewed(1, #"{"p":[4,"-2"]}"#), viewed(2, #"{"p":"x"}"#), viewed(3, #"{"p":3.5}"#)]
    func least(_ predicate: Predicate) -> Condition {
      .event(Leaf(["Product Viewed"], measure: .min(of: "p", is: predicate)))
    }
    func most(_ predicate: Predicate) -> Condition {
      .event(Leaf(["Product Viewed"], measure: .max(of: "p", is: predicate)))
    }
    #expect(try isMember(least(.bare(.whole(-2))), lines))
    #expect(try isMember(most(.bare(.whole(4))), lines))
    for extreme in [least, most] {
      #expect(try !isMember(extreme(Predicate(.atMost(.whole(9)))), [viewed(1)]))
      #expect(try !isMember(extreme(Predicate(.not(.whole(9)))), [viewed(1)]))
      #expect(try isMember(extreme(Predicate(.exists(false))), [viewed(1)]))
    }
  }
}
