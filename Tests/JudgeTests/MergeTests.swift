import Judge
import Testing

@Suite("Merges and deletions")
struct MergeTests {
  private let recent = Condition.event(Leaf(["Product Viewed"], window: .within(seconds(10))))

  private func alias(_ previous: String, into user: String = "u", at timeMs: Int64, id: String? = nil) -> String {
    let messageId = id.map { ",\"messageId\":\"\($0)\"" } ?? ""
    return """
      {"type":"alias","userId":"\(user)","previousId":"\(previous)","timestamp":\(timeMs)\(messageId)}
      """
  }

  private func both(_ anonymous: String, at timeMs: Int64, _ traits: String = "{}") -> String {
    """
    {"type":"identify","userId":"u","anonymousId":"\(anonymous)","timestamp":\(timeMs),"traits":\(traits)}
    """
  }

  private func delete(at timeMs: Int64) -> String { "{\"type\":\"delete\",\"userId\":\"u\",\"timestamp\":\(timeMs)}" }

  private func everyone(_ definitions: [Definition], _ lines: [String], untilMs: Int64? = nil) throws -> [String] {
    try BruteForceJudge(definitions, taxonomy: shop, untilMs: untilMs).verdict(on: lines).changes.map(\.description)
  }

  @Test("An alias moves the events; memberships end as merged, then the known profile is evaluated over the union")
  func alias() throws {
    let twice = Condition.event(Leaf(["Product Viewed"], measure: .count(atLeast(2))))
    let definitions = [Definition("a", when: recent), Definition("b", when: twice)]
    #expect(
      try everyone(definitions, [viewed(0), viewed(5000, user: "x"), alias("x", at: 6000)], untilMs: 30_000) == [
        "0 u a entered event(Product Viewed)", "5000 x a entered event(Product Viewed)", "6000 x a exited merged",
        "6000 u b entered merged", "15000 u a exited expired",
      ])
  }

  @Test("An identify with both ids does too, and so does an alias with an anonymousId; the known one may begin so")
  func forms() throws {
    let byAnonymous = #"{"type":"alias","userId":"u","anonymousId":"x","timestamp":2}"#
    for line in [alias("x", at: 2), byAnonymous, both("x", at: 2)] {
      #expect(
        try everyone([Definition("a", when: recent)], [viewed(1, user: "x"), line])
          == ["1 x a entered event(Product Viewed)", "2 x a exited merged", "2 u a entered merged"])
    }
  }

  @Test("Where nothing moves, an identify has the reason trait, an alias merged")
  func nothingMoves() throws {
    let nobody = [Definition("a", when: .not(recent))]
    #expect(try everyone(nobody, [both("x", at: 2)]) == ["2 u a entered trait"])
    #expect(try everyone(nobody, [alias("x", at: 2)]) == ["2 u a entered merged"])
    #expect(try everyone(nobody, [alias("u", at: 2), alias("u", at: 3)]) == ["2 u a entered merged"])
    #expect(try everyone(nobody, [both("u", at: 2), both("u", at: 3)]) == ["2 u a entered trait"])
  }

  @Test("Moved events keep their times; among equal times they come after those already there")
  func order() throws {
    let lastIsTea = Condition.event(
      Leaf(["Product Viewed"], pick: .last, having: [Clause("category", .bare(.string("tea")))]))
    func wins(_ mine: Int64, _ moved: Int64) throws -> Bool {
      try isMember(
        lastIsTea,
        [viewed(moved, user: "x", #"{"category":"tea"}"#), viewed(mine), tick(50), alias("x", at: 50)])
    }
    #expect(try wins(10, 11))
    #expect(try wins(10, 10))
    #expect(try !wins(11, 10))
    let then = [viewed(10, user: "x", #"{"category":"tea"}"#), alias("x", at: 10), viewed(10)]
    #expect(try !isMember(lastIsTea, then), "what comes afterwards comes after them")
  }

  @Test("Moved events of one time keep their order among themselves")
  func orderAmongMoved() throws {
    let lastIsTea = Condition.event(
      Leaf(["Product Viewed"], pick: .last, having: [Clause("category", .bare(.string("tea")))]))
    let (tea, other) = (viewed(5, user: "x", #"{"category":"tea"}"#), viewed(5, user: "x"))
    #expect(try isMember(lastIsTea, [other, tea, alias("x", at: 6)]))
    #expect(try !isMember(lastIsTea, [tea, other, alias("x", at: 6)]))
  }

  @Test("Whatever a merge brings the known profile has the reason merged")
  func mergedFirst() throws {
    let bought = Condition.event(Leaf(["Order Completed"]))
    let definitions = [
      Definition("a", when: recent, unless: ["s"]), Definition("b", when: recent, stayAtMost: seconds(4)),
      Definition("c", when: recent, retireOnMs: 4000), Definition("s", when: bought),
    ]
    let lines = [viewed(0), ordered(1000, user: "x"), alias("x", at: 4000)]
    #expect(
      try everyone(definitions, lines).suffix(4) == [
        "4000 u a exited merged", "4000 u b exited merged", "4000 u c exited merged", "4000 u s entered merged",
      ])
  }

  @Test("Traits move: the latest time wins, equal times: the moved one; removals too; its own come last")
  func traits() throws {
    let gold = Condition.trait("tier", .is(.bare(.string("gold"))))
    func isGold(_ moved: String, at movedMs: Int64, mine: String, at mineMs: Int64, _ merge: String) throws -> Bool {
      try isMember(
        gold, [identify(moved, at: movedMs, user: "x"), identify(mine, at: mineMs), merge])
    }
    let (goldJson, tin, none) = (#"{"tier":"gold"}"#, #"{"tier":"tin"}"#, #"{"tier":null}"#)
    let merge = alias("x", at: 9)
    #expect(try isGold(goldJson, at: 6, mine: tin, at: 5, merge))
    #expect(try isGold(goldJson, at: 5, mine: tin, at: 5, merge))
    #expect(try !isGold(goldJson, at: 4, mine: tin, at: 5, merge))
    #expect(try !isGold(none, at: 6, mine: goldJson, at: 5, merge))
    #expect(try isGold(none, at: 4, mine: goldJson, at: 5, merge))
    #expect(try isGold(tin, at: 9, mine: "{}", at: 5, both("x", at: 9, goldJson)))
    #expect(try !isGold(tin, at: 9, mine: "{}", at: 5, both("x", at: 8, goldJson)))
  }

  @Test("The known profile's own hold and rejoin run on, the other's are gone")
  func running() throws {
    let held = [Definition("a", when: recent, holdFor: seconds(3))]
    #expect(
      try everyone(held, [viewed(0, user: "x"), alias("x", at: 2000)], untilMs: 9000) == ["5000 u a entered expired"])
    #expect(
      try everyone(held, [viewed(0), viewed(1000, user: "x"), alias("x", at: 2000)], untilMs: 9000)
        == ["3000 u a entered expired"])
    let slow = [Definition("a", when: recent, rejoinAfter: seconds(60))]
    #expect(
      try everyone(slow, [viewed(0), viewed(20_000, user: "x"), alias("x", at: 21_000)], untilMs: 90_000) == [
        "0 u a entered event(Product Viewed)", "10000 u a exited expired", "20000 x a entered event(Product Viewed)",
        "21000 x a exited merged",
      ])
  }

  @Test("The known profile's remembered ids run on, the other's are gone")
  func remembered() throws {
    let order = { (user: String, id: String) in
      "{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"\(user)\",\"timestamp\":1,\"messageId\":\"\(id)\","
        + "\"properties\":{\"order_id\":\"o\"}}"
    }
    let twice = Condition.event(Leaf(["Order Completed"], measure: .count(atLeast(2))))
    #expect(try isMember(twice, [order("x", "m"), alias("x", at: 2), order("u", "m")]))
    let again = try verdict(twice, [order("u", "m1"), alias("x", at: 2), order("u", "m2"), order("u", "m1")])
    #expect(again.duplicateValues == 1 && again.duplicateMessages == 1)
    let moved = [order("x", "m"), order("u", "m"), alias("x", at: 2)]
    #expect(try isMember(twice, moved), "moved events are no duplicates")
  }

  @Test("Later records of the anonymous id begin a new profile")
  func later() throws {
    let lines = [viewed(1, user: "x"), alias("x", at: 2), viewed(3, user: "x"), alias("x", at: 4)]
    let three = Condition.event(Leaf(["Product Viewed"], measure: .count(atLeast(2))))
    #expect(
      try everyone([Definition("a", when: recent), Definition("b", when: three)], lines).suffix(3)
        == ["3 x a entered event(Product Viewed)", "4 x a exited merged", "4 u b entered merged"])
  }

  @Test("A duplicate merges nothing; a merge leaves its messageId with the known profile")
  func duplicates() throws {
    let first = track("x", at: 1, id: "m")
    let result = try verdict(recent, [first, viewed(2, user: "x"), alias("x", at: 3, id: "m")])
    #expect(result.duplicateMessages == 1 && result.changes.count == 1)
    #expect(try verdict(recent, [alias("x", at: 1, id: "m"), track("x", at: 2, id: "m")]).duplicateMessages == 1)
  }

  @Test("Across partitions nothing moves, and that is counted")
  func acrossPartitions() throws {
    let partition = { (user: String) in Murmur2.partition(of: Array(user.utf8), among: 2) }
    let others = (0..<20).map { "x\($0)" }
    let near = try #require(others.first { partition($0) == partition("u") })
    let far = try #require(others.first { partition($0) != partition("u") })
    let crossing = try verdict(recent, [viewed(1, user: far), alias(far, at: 2)], partitions: 2)
    #expect(crossing.mergesAcrossPartitions == 1 && crossing.changes.count == 1)
    let within = try verdict(recent, [viewed(1, user: near), alias(near, at: 2)], partitions: 2)
    #expect(within.mergesAcrossPartitions == 0 && within.changes.count == 3)
  }

  @Test("What falls due before a merge takes effect before it, what falls due at it does not")
  func dueAtMerge() throws {
    let lines = { (at: Int64) in [viewed(0, user: "x"), alias("x", at: at)] }
    #expect(try everyone([Definition("a", when: recent)], lines(10_001)).last == "10000 x a exited expired")
    #expect(try everyone([Definition("a", when: recent)], lines(10_000)).last == "10000 x a exited merged")
  }

  @Test("A deletion exits everywhere at the clock, and nothing is left")
  func deletion() throws {
    let definitions = [
      Definition("a", when: recent, rejoinAfter: seconds(60)),
      Definition("b", when: recent, holdout: Holdout(percent: 100, salt: "s")),
    ]
    #expect(
      try everyone(definitions, [viewed(0), delete(at: 2000), viewed(3000)], untilMs: 90_000) == [
        "0 u a entered event(Product Viewed)", "0 u b held_out event(Product Viewed)", "2000 u a exited deleted",
        "2000 u b holdout_ended deleted", "3000 u a entered event(Product Viewed)",
        "3000 u b held_out event(Product Viewed)", "13000 u a exited expired", "13000 u b holdout_ended expired",
      ])
  }

  @Test("Traits and remembered ids are gone with a deletion too")
  func deletedState() throws {
    let gold = Condition.trait("tier", .is(.bare(.string("gold"))))
    #expect(try !isMember(gold, [identify(#"{"tier":"gold"}"#, at: 1), delete(at: 2), viewed(3)]))
    let once = track("Product Viewed", at: 1, id: "m")
    #expect(try verdict(recent, [once, delete(at: 2), once]).duplicates == 0)
  }

  @Test("A deletion moves the clock, begins no profile, and is not evaluated")
  func deletionClock() throws {
    let nobody = Condition.not(recent)
    #expect(try verdict(nobody, [delete(at: 5)]).changes == [])
    #expect(try changes(recent, [viewed(0), delete(at: 10_000)]).last == "10000 exited deleted")
    #expect(try changes(recent, [viewed(0), delete(at: 10_001)]).last == "10000 exited expired")
    #expect(try changes(recent, [viewed(0), delete(at: 4000), tick(10_001)]).last == "4000 exited deleted")
    #expect(try changes(recent, [viewed(9000), delete(at: 4000)]).last == "9000 exited deleted", "at the clock")
    #expect(try verdict(recent, [#"{"type":"delete","userId":"u"}"#]).rejected == [.time: 1])
    #expect(try verdict(recent, [#"{"type":"alias","previousId":"u","timestamp":1}"#]).rejected == [.user: 1])
  }
}
