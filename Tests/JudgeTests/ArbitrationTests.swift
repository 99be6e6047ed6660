import Judge
import Testing

@Suite("Suppression, groups and holdouts")
struct ArbitrationTests {
  private let recent = Condition.event(Leaf(["Product Viewed"], window: .within(seconds(10))))
  private let bought = Condition.event(Leaf(["Order Completed"], window: .within(seconds(5))))
  private let started = Condition.event(Leaf(["Checkout Started"], window: .within(seconds(5))))
  private let always = Condition.not(.event(Leaf(["Message Opened"])))

  private func checkout(_ timeMs: Int64) -> String { track("Checkout Started", at: timeMs) }

  @Test("unless keeps out while eligible for the other; entries name what had kept the person out")
  func unless() throws {
    let definitions = [Definition("a", when: recent, unless: ["s"]), Definition("s", when: bought)]
    #expect(
      try changes(definitions, [viewed(0), ordered(2000)], untilMs: 20_000) == [
        "0 a entered event(Product Viewed)", "2000 a exited suppressed(s)", "2000 s entered event(Order Completed)",
        "7000 a entered suppressed(s)", "7000 s exited expired", "10000 a exited expired",
      ])
    #expect(
      try changes(definitions, [ordered(0), viewed(1000)], untilMs: 6000).suffix(2)
        == ["5000 a entered suppressed(s)", "5000 s exited expired"])
    #expect(
      try changes(definitions, [viewed(0), ordered(8000)], untilMs: 20_000).filter { $0.contains(" a ") }
        == ["0 a entered event(Product Viewed)", "8000 a exited suppressed(s)"])
  }

  @Test("Being suppressed is not ceasing to be eligible: stay runs on, rejoin does not begin")
  func runningOn() throws {
    let slow = Definition(
      "a", when: recent, unless: ["s"], stayAtMost: seconds(8), rejoinAfter: seconds(100))
    #expect(
      try changes([slow, Definition("s", when: bought)], [viewed(0), ordered(1000)], untilMs: 20_000)
        .filter { $0.contains(" a ") } == [
          "0 a entered event(Product Viewed)", "1000 a exited suppressed(s)", "6000 a entered suppressed(s)",
          "8000 a exited stay",
        ])
  }

  @Test("by is the first that applies in the order listed, unless before the policy")
  func firstThatApplies() throws {
    let definitions = [
      Definition("a", when: always, purpose: .retarget, unless: ["t", "s"]), Definition("s", when: bought),
      Definition("t", when: started), Definition("p", when: .any([bought, started])),
    ]
    let policy = Policy(suppressedPurposes: [.retarget], suppressors: ["p"])
    func ofA(_ lines: [String]) throws -> [String] {
      try changes(definitions, policy: policy, lines, untilMs: 20_000).filter { $0.contains(" a ") }
    }
    #expect(
      try ofA([viewed(0), ordered(1000), checkout(2000)]) == [
        "0 a entered event(Product Viewed)", "1000 a exited suppressed(s)", "7000 a entered suppressed(t)",
      ], "at 6000 s ends, at 7000 t and p")
  }

  @Test("policy.suppress applies by purpose, and never to purpose suppress")
  func policySuppression() throws {
    let policy = Policy(suppressedPurposes: [.retarget, .suppress], suppressors: ["s"])
    let definitions = [
      Definition("a", when: recent, purpose: .retarget), Definition("b", when: recent, purpose: .suppress),
      Definition("c", when: recent, purpose: .seed), Definition("d", when: recent),
      Definition("e", when: recent, purpose: .suppress, unless: ["s"]), Definition("s", when: bought),
    ]
    #expect(
      try changes(definitions, policy: policy, [viewed(0), ordered(1000)]).suffix(3) == [
        "1000 a exited suppressed(s)", "1000 e exited suppressed(s)", "1000 s entered event(Order Completed)",
      ])
  }

  @Test("Taken by the letter, an audience of a suppressed purpose that suppresses keeps itself out")
  func suppressesItself() throws {
    let policy = Policy(suppressedPurposes: [.retarget], suppressors: ["a"])
    #expect(try changes([Definition("a", when: recent, purpose: .retarget)], policy: policy, [viewed(0)]) == [])
  }

  @Test("audience asks for eligibility, suppressed or not; a suppressed audience suppresses")
  func suppressedStillEligible() throws {
    let definitions = [
      Definition("a", when: recent, unless: ["s"]), Definition("b", when: .audience("a")),
      Definition("c", when: always, unless: ["a"]), Definition("s", when: always),
    ]
    #expect(
      try changes(definitions, [viewed(0)])
        == ["0 b entered event(Product Viewed)", "0 s entered event(Product Viewed)"])
  }

  @Test("In a group the first that is eligible and not suppressed wins; the rest are outranked")
  func groups() throws {
    let definitions = [Definition("a", when: recent), Definition("b", when: bought), Definition("c", when: always)]
    let policy = Policy(groups: [Policy.Group("g", ["b", "a", "c"])])
    #expect(
      try changes(definitions, policy: policy, [viewed(0), ordered(1000)], untilMs: 20_000) == [
        "0 a entered event(Product Viewed)", "1000 a exited outranked(b)", "1000 b entered event(Order Completed)",
        "6000 a entered outranked(b)", "6000 b exited expired", "10000 a exited expired",
        "10000 c entered outranked(a)",
      ])
  }

  @Test("A suppressed audience leaves its place in the group to the next")
  func suppressedInGroup() throws {
    let definitions = [
      Definition("a", when: always), Definition("b", when: recent, unless: ["s"]), Definition("s", when: bought),
    ]
    let policy = Policy(groups: [Policy.Group("g", ["b", "a"])])
    #expect(
      try changes(definitions, policy: policy, [viewed(0), ordered(1000)], untilMs: 6000) == [
        "0 b entered event(Product Viewed)", "1000 a entered outranked(b)", "1000 b exited suppressed(s)",
        "1000 s entered event(Order Completed)", "6000 a exited outranked(b)", "6000 b entered suppressed(s)",
        "6000 s exited expired",
      ])
  }

  @Test("Where eligibility changed, that is the reason, not what else keeps out")
  func eligibilityFirst() throws {
    let definitions = [Definition("a", when: .not(bought), unless: ["s"]), Definition("s", when: bought)]
    #expect(
      try changes(definitions, [viewed(0), ordered(1000)], untilMs: 6000) == [
        "0 a entered event(Product Viewed)", "1000 a exited event(Order Completed)",
        "1000 s entered event(Order Completed)", "6000 a entered expired", "6000 s exited expired",
      ])
  }

  @Test("SHA-256 is what it should be")
  func sha256() {
    func hex(_ text: String) -> String {
      Sha256.digest(Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex(String(repeating: "a", count: 119)) == "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb")
  }

  @Test(
    "Held out where the bucket, 77.40 for s1:u, is less than the percentage",
    arguments: [(0, false), (30, false), (77_400_000, false), (77_410_000, true), (78_000_000, true)])
  func buckets(millionths: Int64, isHeldOut: Bool) throws {
    var holdout = Holdout(percent: 0, salt: "s1")
    holdout.percentMillionths = millionths
    let kind = isHeldOut ? "held_out" : "entered"
    #expect(
      try changes([Definition("a", when: recent, holdout: holdout)], [viewed(0)])
        == ["0 a \(kind) event(Product Viewed)"])
  }

  @Test("A holdout ends at until: holdout_ended, then entered; before, exits are holdout_ended alone")
  func until() throws {
    let held = Definition("a", when: recent, holdout: Holdout(percent: 100, salt: "s", untilMs: 20_000))
    #expect(
      try changes([held], [viewed(0), viewed(15_000)], untilMs: 30_000) == [
        "0 a held_out event(Product Viewed)", "10000 a holdout_ended expired", "15000 a held_out event(Product Viewed)",
        "20000 a holdout_ended held_out", "20000 a entered held_out", "25000 a exited expired",
      ])
    #expect(
      try changes([held], [viewed(15_000), ordered(20_000)]).suffix(2)
        == ["20000 a holdout_ended held_out", "20000 a entered held_out"])
  }

  @Test("Someone in control is suppressed like anyone, and comes back to control")
  func suppressedControl() throws {
    let held = Definition("a", when: recent, unless: ["s"], holdout: Holdout(percent: 100, salt: "s"))
    #expect(
      try changes([held, Definition("s", when: bought)], [viewed(0), ordered(1000)], untilMs: 6000)
        .filter { $0.contains(" a ") } == [
          "0 a held_out event(Product Viewed)", "1000 a holdout_ended suppressed(s)", "6000 a held_out suppressed(s)",
        ])
  }

  @Test("Someone held out still takes the group's place; eligible all the same")
  func heldOutWinner() throws {
    let definitions = [
      Definition("a", when: recent), Definition("b", when: recent, holdout: Holdout(percent: 100, salt: "s")),
      Definition("c", when: .audience("b")),
    ]
    let policy = Policy(groups: [Policy.Group("g", ["b", "a"])])
    #expect(
      try changes(definitions, policy: policy, [viewed(0)])
        == ["0 b held_out event(Product Viewed)", "0 c entered event(Product Viewed)"])
  }
}
