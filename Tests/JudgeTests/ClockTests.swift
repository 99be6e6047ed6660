import Judge
import Testing

@Suite("The clock")
struct ClockTests {
  private let recent = Condition.event(Leaf(["Product Viewed"], window: .within(seconds(10))))

  @Test("An event enters at its time, and leaves the window at the very instant that it is too old")
  func halfOpenWindow() throws {
    #expect(try changes(recent, [viewed(5000)], untilMs: 14_999) == ["5000 entered event(Product Viewed)"])
    #expect(
      try changes(recent, [viewed(5000)], untilMs: 15_000)
        == ["5000 entered event(Product Viewed)", "15000 exited expired"])
  }

  @Test("An instant that the clock stands at is not due yet")
  func dueAtTheClock() throws {
    #expect(try changes(recent, [viewed(5000), tick(15_000)]) == ["5000 entered event(Product Viewed)"])
    #expect(
      try changes(recent, [viewed(5000), tick(15_001)])
        == ["5000 entered event(Product Viewed)", "15000 exited expired"])
  }

  @Test("An event of its own at the due instant brings the change, not the time")
  func eventAtTheDueInstant() throws {
    #expect(
      try changes(recent, [viewed(5000), ordered(15_000)])
        == ["5000 entered event(Product Viewed)", "15000 exited event(Order Completed)"])
  }

  @Test("A late event takes effect at the clock, never in the past")
  func lateEvent() throws {
    #expect(try changes(recent, [tick(20_000), viewed(12_000)]) == ["20000 entered event(Product Viewed)"])
    #expect(try changes(recent, [tick(20_000), viewed(10_000)]) == [])
    #expect(
      try changes(recent, [tick(20_000), viewed(12_000)], untilMs: 30_000)
        == ["20000 entered event(Product Viewed)", "22000 exited expired"])
  }

  @Test("What falls due before an event takes effect in order of time, before the event")
  func orderOfTime() throws {
    let lines = [viewed(1000, user: "b"), viewed(2000, user: "a"), viewed(3000, user: "c"), viewed(12_500, user: "d")]
    #expect(
      try verdict(recent, lines).changes.suffix(3).map(\.description) == [
        "11000 b a exited expired", "12000 a a exited expired", "12500 d a entered event(Product Viewed)",
      ])
  }

  @Test("A duplicate moves the clock, but its profile is not evaluated for it")
  func duplicate() throws {
    let first = track("Product Viewed", at: 5000, id: "m")
    #expect(
      try changes(recent, [first, track("Order Completed", at: 15_000, id: "m")])
        == ["5000 entered event(Product Viewed)"])
    #expect(
      try changes(recent, [first, track("Order Completed", at: 15_001, id: "m")])
        == ["5000 entered event(Product Viewed)", "15000 exited expired"])
  }

  @Test("Neither rejected nor skipped records move the clock")
  func rejectedAndSkipped() throws {
    let group = #"{"type":"group","userId":"u","groupId":"g","timestamp":99000}"#
    let nameless = #"{"type":"track","userId":"u","timestamp":99000}"#
    let verdict = try verdict(recent, [viewed(5000), group, nameless])
    #expect(verdict.changes.count == 1)
    #expect(verdict.skipped == 1)
    #expect(verdict.rejected == [.name: 1])
  }

  @Test("Each partition has a clock of its own")
  func partitions() throws {
    let others = (0..<20).map { "x\($0)" }
    let partition = { (user: String) in Murmur2.partition(of: Array(user.utf8), among: 2) }
    let near = try #require(others.first { partition($0) == partition("u") })
    let far = try #require(others.first { partition($0) != partition("u") })
    let count = { (user: String) in
      try verdict(recent, [viewed(5000), track("Wishlist Opened", at: 60_000, user: user)], partitions: 2).changes.count
    }
    #expect(try count(near) == 2)
    #expect(try count(far) == 1)
  }

  @Test("Events after the last instant asked for are left out, and the clock goes on to it")
  func until() throws {
    #expect(
      try changes(recent, [viewed(5000), viewed(20_000)], untilMs: 19_999)
        == ["5000 entered event(Product Viewed)", "15000 exited expired"])
    #expect(try changes(recent, [viewed(5000), viewed(20_000)], untilMs: 20_000).count == 3)
  }

  @Test("Changes of one profile at one instant come in the order of the keys")
  func orderOfKeys() throws {
    let definitions = ["b", "a-1", "a", "aa"].map { Definition($0, when: recent) }
    let verdict = try BruteForceJudge(definitions, taxonomy: shop, untilMs: 20_000).verdict(on: [viewed(5000)])
    #expect(verdict.changes.map(\.audience) == ["a", "a-1", "aa", "b", "a", "a-1", "aa", "b"])
  }

  @Test("A profile begins with its first record, an identify or an unknown event too")
  func beginning() throws {
    let nobody = Condition.not(recent)
    let identify = #"{"type":"identify","userId":"u","traits":{},"timestamp":5000}"#
    #expect(try changes(nobody, [identify]) == ["5000 entered trait"])
    #expect(
      try changes(nobody, [track("wishlist_opened", at: 5000)]) == ["5000 entered event(wishlist_opened)"])
    #expect(try changes(nobody, [#"{"type":"track","userId":"u","event":"","timestamp":5000}"#]) == [])
  }

  @Test("Profiles that fall due at one instant compare in any order")
  func comparable() {
    func change(_ profile: String, _ audience: String, _ reason: Reason) -> Change {
      Change(atMs: 5, profile: profile, audience: audience, kind: .exited, reason: reason)
    }
    let one = [change("u", "b", .expired), change("u", "a", .expired), change("t", "a", .expired)]
    let other = [change("t", "a", .expired), change("u", "b", .expired), change("u", "a", .expired)]
    #expect(Change.comparable(one, partitions: 1) == Change.comparable(other, partitions: 1))
    let swapped = [change("t", "a", .expired), change("u", "a", .expired), change("u", "b", .expired)]
    #expect(Change.comparable(one, partitions: 1) != Change.comparable(swapped, partitions: 1))
    let events = [change("u", "a", .event("E")), change("t", "a", .event("E"))]
    #expect(Change.comparable(events, partitions: 1) == events)
  }

  @Test("Whatever time brings two profiles at one instant compares in any order, what records bring does not")
  func comparableReasons() {
    func change(_ profile: String, _ audience: String, _ kind: ChangeKind, _ reason: Reason) -> Change {
      Change(atMs: 5, profile: profile, audience: audience, kind: kind, reason: reason)
    }
    let ofT = [change("t", "a", .exited, .stay), change("t", "b", .entered, .outranked(by: "a"))]
    let ofU = [change("u", "a", .holdoutEnded, .heldOut), change("u", "a", .entered, .heldOut)]
    let event = [change("v", "a", .exited, .suppressed(by: "s")), change("v", "s", .entered, .event("E"))]
    let one = Change.comparable(event + ofU + ofT, partitions: 1)
    #expect(one == event + ofT + ofU)
    #expect(one == Change.comparable(event + ofT + ofU, partitions: 1))
    #expect(one != Change.comparable(event + ofT.reversed() + ofU, partitions: 1))
    for reason in [Reason.merged, .deleted, .trait] {
      let changes = [change("u", "a", .exited, reason), change("t", "a", .exited, reason)]
      #expect(Change.comparable(changes, partitions: 1) == changes)
    }
  }
}
