import Judge
import Testing

@Suite("hold_for, stay_at_most, rejoin_after, retire_on and references")
struct SpellTests {
  private let recent = Condition.event(Leaf(["Product Viewed"], window: .within(seconds(10))))
  private let isOn = Condition.trait("on", .is(.bare(.boolean(true))))

  private func turn(_ isOn: Bool, at timeMs: Int64) -> String { identify("{\"on\":\(isOn)}", at: timeMs) }

  @Test("hold_for wants the condition without a break for this long")
  func hold() throws {
    let held = Definition("a", when: recent, holdFor: seconds(3))
    #expect(
      try changes([held], [viewed(0)], untilMs: 30_000) == ["3000 a entered expired", "10000 a exited expired"])
    #expect(
      try changes([held], [viewed(0), viewed(9000)], untilMs: 30_000).last == "19000 a exited expired",
      "one view takes over from the other")
    let long = Definition("a", when: recent, holdFor: seconds(10))
    #expect(try changes([long], [viewed(0)], untilMs: 30_000) == [], "it is over at the instant that it is long enough")
    #expect(try changes([held], [viewed(0), ordered(3000)]) == ["3000 a entered event(Order Completed)"])
  }

  @Test("What is false breaks the hold, even within one instant")
  func brokenHold() throws {
    let held = Definition("a", when: isOn, holdFor: seconds(3))
    #expect(
      try changes([held], [turn(true, at: 0), turn(false, at: 2000), turn(true, at: 2000)], untilMs: 9000)
        == ["5000 a entered expired"])
    #expect(
      try changes([held], [turn(true, at: 0), tick(2500), turn(false, at: 1000), turn(true, at: 1000)], untilMs: 9000)
        == ["5500 a entered expired"], "along the clock: late events do not change the past")
  }

  @Test("stay_at_most ends a membership, until the condition has been false")
  func stay() throws {
    let brief = Definition("a", when: recent, stayAtMost: seconds(4))
    #expect(
      try changes([brief], [viewed(0), viewed(8000), viewed(20_000)], untilMs: 30_000) == [
        "0 a entered event(Product Viewed)", "4000 a exited stay", "20000 a entered event(Product Viewed)",
        "24000 a exited stay",
      ])
    #expect(try changes([brief], [viewed(0), ordered(4000)]).last == "4000 a exited stay")
    #expect(
      try changes([Definition("a", when: isOn, stayAtMost: seconds(4))], [turn(true, at: 0), turn(false, at: 3999)])
        == ["0 a entered trait", "3999 a exited trait"])
  }

  @Test("Where stay and condition end at one instant, the reason is stay, and it may enter again")
  func stayAndEnd() throws {
    let brief = Definition("a", when: isOn, stayAtMost: seconds(4))
    #expect(
      try changes([brief], [turn(true, at: 0), turn(false, at: 4000), turn(true, at: 4000)]) == [
        "0 a entered trait", "4000 a exited stay", "4000 a entered trait",
      ])
    #expect(
      try changes([brief], [turn(true, at: 0), turn(true, at: 4000), turn(false, at: 5000), turn(true, at: 5000)]) == [
        "0 a entered trait", "4000 a exited stay", "5000 a entered trait",
      ])
  }

  @Test("rejoin_after runs from the instant that eligibility ceased; where the rest is satisfied, it enters at its end")
  func rejoin() throws {
    let slow = Definition("a", when: recent, rejoinAfter: seconds(20))
    #expect(
      try changes([slow], [viewed(0), viewed(12_000), viewed(28_000)], untilMs: 60_000) == [
        "0 a entered event(Product Viewed)", "10000 a exited expired", "30000 a entered expired",
        "38000 a exited expired",
      ])
    #expect(try changes([slow], [viewed(0), viewed(30_000)]).last == "30000 a entered event(Product Viewed)")
    let both = Definition("a", when: recent, holdFor: seconds(3), rejoinAfter: seconds(5))
    #expect(
      try changes([both], [viewed(0), viewed(11_000)], untilMs: 20_000)
        == ["3000 a entered expired", "10000 a exited expired", "15000 a entered expired"], "side by side")
  }

  @Test("A break within one instant begins rejoin_after; a stay that ran out does too")
  func rejoinAfterBreak() throws {
    let slow = Definition("a", when: isOn, stayAtMost: seconds(9), rejoinAfter: seconds(4))
    #expect(
      try changes([slow], [turn(true, at: 0), turn(false, at: 5000), turn(true, at: 5000)], untilMs: 10_000)
        == ["0 a entered trait", "5000 a exited trait", "9000 a entered expired"])
    #expect(
      try changes(
        [slow], [turn(true, at: 0), turn(false, at: 10_000), turn(true, at: 10_000)], untilMs: 20_000)
        == ["0 a entered trait", "9000 a exited stay", "13000 a entered expired"])
  }

  @Test("From retire_on on nobody is eligible; the reason is definition, whatever else ends then")
  func retirement() throws {
    let retired = Definition("a", when: recent, stayAtMost: seconds(6), retireOnMs: 6000)
    for lines in [[viewed(0)], [viewed(0), viewed(6000)], [viewed(0), viewed(9000)]] {
      #expect(
        try changes([retired], lines, untilMs: 30_000)
          == ["0 a entered event(Product Viewed)", "6000 a exited definition"])
    }
    #expect(try changes([retired], [viewed(6000)], untilMs: 30_000) == [])
  }

  @Test("audience is true where the profile is eligible, along the other's hold and stay")
  func references() throws {
    let other = Definition("z", when: recent, holdFor: seconds(3), stayAtMost: seconds(4))
    let twice = Definition("b", when: .all([.audience("z"), .not(.event(Leaf(["Order Completed"])))]))
    let not = Definition("a", when: .not(.audience("z")))
    #expect(
      try changes([not, twice, other], [viewed(0)], untilMs: 8000) == [
        "0 a entered event(Product Viewed)", "3000 z entered expired", "3000 a exited expired",
        "3000 b entered expired", "7000 z exited stay", "7000 a entered expired", "7000 b exited expired",
      ], "in dependency order, ties by key")
  }

  @Test("References that run in a circle, or lead nowhere, are not judged")
  func circles() {
    #expect(throws: OutOfScope.self) {
      try changes([Definition("a", when: .audience("b")), Definition("b", when: .not(.audience("a")))], [])
    }
    #expect(throws: OutOfScope.self) { try changes([Definition("a", when: .audience("b"))], []) }
  }
}
