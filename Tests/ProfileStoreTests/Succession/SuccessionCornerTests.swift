import Audiences
import Engine
import Events
import ProfileStore
import Testing

/// What is told at a change of definitions, worked out by hand. Instants are hours since 1970.
@Suite("A change of definitions")
struct SuccessionCornerTests {
  private static let taxonomy = """
    events:
      Visit: {}
      Order: { properties: { value: number } }

    """

  /// A shop whose definitions change; its changes read `hour profile audience kind reason #seq (since hour) payload`.
  private final class Shop {
    private(set) var told: [String] = []
    private(set) var succession: Succession?
    private var reader: SuccessionReader
    private var engine: PartitionEngine
    private var dictionary: PlanDictionary
    private var lines: [String] = []

    init(_ audiences: [String: String], policy: String = "", traits: String = "") throws {
      reader = try Self.reader(audiences, policy, traits)
      engine = PartitionEngine(plan: reader.plan)
      dictionary = PlanDictionary(reader.plan)
    }

    private static func reader(_ audiences: [String: String], _ policy: String, _ traits: String) throws
      -> SuccessionReader
    {
      var files = ["topics/taxonomy.yaml": taxonomy]
      if !policy.isEmpty { files["ops/policy.yaml"] = policy }
      if !traits.isEmpty { files["ops/traits.yaml"] = traits }
      for (key, text) in audiences { files["ops/audiences/\(key).yaml"] = text }
      return try SuccessionReader(files: files)
    }

    func event(_ name: String, of user: String = "u", hour: Int, _ properties: String = "{}") {
      apply(
        """
        {"type":"track","event":"\(name)","userId":"\(user)","timestamp":\(hour * 3_600_000),"properties":\(properties)}
        """)
    }

    /// The log as it is so far is deleted.
    func loseLog() { lines = [] }

    func alias(_ former: String, to user: String, hour: Int) {
      apply(
        """
        {"type":"alias","previousId":"\(former)","userId":"\(user)","timestamp":\(hour * 3_600_000)}
        """)
    }

    private func apply(_ line: String) {
      lines.append(line)
      reader.read(lines[lines.count - 1]) { engine.apply($0, at: $1) }
      takeChanges()
    }

    func advance(toHour hour: Int) {
      engine.finish(at: Instant(ms: Int64(hour) * 3_600_000))
      takeChanges()
    }

    /// Other definitions are in force from now on; the log is read again only where that is needed.
    func change(to audiences: [String: String], policy: String = "", traits: String = "") throws {
      told.append("--")
      let next = try Self.reader(audiences, policy, traits)
      let succession = Succession(from: dictionary, to: next.plan, at: engine.clock)
      self.succession = succession
      var fill = PartitionEngine(plan: next.plan, isFilling: true)
      if succession.needsLog {
        for line in lines { next.read(line) { fill.apply($0, at: $1) } }
        fill.advance(to: engine.clock)
      }
      var adopting = PartitionEngine(plan: next.plan, succession: succession)
      adopting.restore(clock: engine.clock)
      _ = engine.forEachState(from: 0, most: 1000) { adopting.adopt($0, filled: fill.state(of: $0.id)) }
      (reader, dictionary) = (next, succession.dictionary)
      swap(&engine, &adopting)
      takeChanges()
    }

    private func takeChanges() {
      for change in reader.take(&engine, succession, record: 0) {
        told.append(
          "\(change.atMs / 3_600_000) \(change.profile) \(change.key) \(change.kind) \(change.reason) #\(change.seq) "
            + "(\(change.enteredAtMs / 3_600_000))\(change.payload)\(change.telling == .farewell || change.telling == .farewellOfSome ? " farewell" : "")"
        )
      }
    }
  }

  private static let visited = "when: { event: Visit, within: 10h }\n"

  @Test("tells the members of an audience that is gone, and counts on where it comes back")
  func departed() throws {
    let ordered = "when: { event: Order }\n"
    let shop = try Shop(["visited": Self.visited, "ordered": ordered])
    shop.event("Visit", hour: 1)
    shop.event("Order", hour: 2)
    try shop.change(to: ["ordered": ordered])
    #expect(shop.succession?.needsLog == false)
    shop.event("Visit", hour: 3)
    try shop.change(to: ["ordered": ordered, "visited": Self.visited])
    #expect(shop.succession?.needsLog == true)
    shop.advance(toHour: 20)
    #expect(
      shop.told == [
        "1 u visited entered event Visit #1 (1)", "2 u ordered entered event Order #1 (2)", "--",
        "2 u visited exited definition #2 (1) farewell", "--", "3 u visited entered definition #3 (3)",
        "13 u visited exited expired #4 (3)",
      ])
  }

  @Test("needs no log for a new audience that asks what was asked before")
  func sameLeaves() throws {
    let shop = try Shop(["visited": Self.visited])
    shop.event("Visit", hour: 1)
    try shop.change(to: ["visited": Self.visited, "away": "when: { not: { event: Visit, within: 10h } }\n"])
    #expect(shop.succession?.needsLog == false)
    shop.advance(toHour: 20)
    #expect(
      shop.told == [
        "1 u visited entered event Visit #1 (1)", "--", "11 u away entered expired #1 (11)",
        "11 u visited exited expired #2 (1)",
      ])
  }

  @Test("takes from the log for how long a condition has held")
  func spells() throws {
    let held = "when: { event: Visit, within: 10h }\nhold_for: 3h\n"
    let shop = try Shop(["visited": Self.visited])
    shop.event("Visit", of: "long", hour: 1)
    shop.event("Visit", of: "short", hour: 3)
    shop.advance(toHour: 5)
    try shop.change(to: ["visited": Self.visited, "held": held])
    #expect(shop.succession?.needsLog == true)
    shop.advance(toHour: 6)
    #expect(
      shop.told == [
        "1 long visited entered event Visit #1 (1)", "3 short visited entered event Visit #1 (3)", "--",
        "5 long held entered definition #1 (5)", "6 short held entered expired #1 (6)",
      ])
  }

  @Test("keeps whoever is in both before and after it, with the instant of their entry")
  func changedLogic() throws {
    let shop = try Shop(["visited": Self.visited])
    for (user, hour) in [("old", 1), ("new", 8)] { shop.event("Visit", of: user, hour: hour) }
    try shop.change(to: ["visited": "when: { event: Visit, within: 5h }\n"])
    shop.advance(toHour: 20)
    #expect(
      shop.told == [
        "1 old visited entered event Visit #1 (1)", "8 new visited entered event Visit #1 (8)", "--",
        "8 old visited exited definition #2 (1)", "13 new visited exited expired #2 (8)",
      ])
  }

  @Test("of the policy takes effect at once")
  func policy() throws {
    let audiences = ["a": "purpose: retarget\n" + Self.visited, "b": "purpose: seed\n" + Self.visited]
    let shop = try Shop(audiences)
    shop.event("Visit", hour: 1)
    try shop.change(to: audiences, policy: "groups: { g: [b, a] }\n")
    #expect(shop.succession?.needsLog == false)
    try shop.change(to: audiences, policy: "suppress: { purposes: [seed], audiences: [a] }\n")
    #expect(
      shop.told == [
        "1 u a entered event Visit #1 (1)", "1 u b entered event Visit #1 (1)", "--",
        "1 u a exited definition #2 (1)", "--", "1 u a entered definition #3 (1)", "1 u b exited definition #2 (1)",
      ])
  }

  @Test("of who is told tells them who is in, or that they leave")
  func destinations() throws {
    let shop = try Shop(["visited": Self.visited])
    shop.event("Visit", hour: 1)
    try shop.change(to: ["visited": "to: { warehouse: all }\n" + Self.visited])
    try shop.change(to: ["visited": Self.visited])
    try shop.change(to: ["visited": "name: By another name\nversion: 2\n" + Self.visited])
    #expect(shop.succession?.isIdle == true)
    shop.advance(toHour: 20)
    #expect(
      shop.told == [
        "1 u visited entered event Visit #1 (1)", "--", "1 u visited entered definition #2 (1)", "--",
        "1 u visited exited definition #3 (1) farewell", "--", "11 u visited exited expired #4 (1)",
      ])
  }

  @Test("brings what is told with a change out of the log")
  func payload() throws {
    let shop = try Shop(["visited": Self.visited])
    shop.event("Order", hour: 1, "{\"value\":7}")
    shop.event("Order", hour: 2, "{\"value\":8}")
    let traits = "spent: { event: Order, sum: { of: value } }\n"
    try shop.change(to: ["visited": "entry: { include: [spent] }\n" + Self.visited], traits: traits)
    #expect(shop.succession?.needsLog == true && shop.succession?.inherits == [true])
    shop.event("Order", hour: 3, "{\"value\":9}")
    shop.event("Visit", hour: 3)
    #expect(shop.told == ["--", "3 u visited entered event Visit #1 (3),\"spent\":24"])
  }

  @Test("ends holdouts where none is left")
  func holdouts() throws {
    let shop = try Shop(["visited": "holdout: { percent: 100, salt: s }\n" + Self.visited])
    shop.event("Visit", hour: 1)
    try shop.change(to: ["visited": Self.visited])
    try shop.change(to: [:])
    #expect(
      shop.told == [
        "1 u visited heldOut event Visit #1 (1)", "--", "1 u visited holdoutEnded definition #2 (1)",
        "1 u visited entered definition #3 (1)", "--", "1 u visited exited definition #4 (1) farewell",
      ])
  }

  @Test("knows better than a log whose begin is gone")
  func lostLog() throws {
    let few = [
      "a": "when: { event: Visit, within: 10h, count: { at_least: 2 } }\n",
      "b": "when: { event: Order, count: { at_least: 2 } }\n",
    ]
    let shop = try Shop(few)
    for name in ["Visit", "Order"] { shop.event(name, hour: 1) }
    shop.loseLog()
    for name in ["Visit", "Order"] { shop.event(name, hour: 3) }
    let more = [
      "c": "when: { event: Visit, within: 10h, count: { at_least: 3 } }\n",
      "d": "when: { event: Order, count: { at_least: 3 } }\n",
    ]
    try shop.change(to: few.merging(more) { first, _ in first })
    #expect(shop.succession?.needsLog == true)
    for name in ["Visit", "Order"] { shop.event(name, hour: 5) }
    #expect(
      shop.told == [
        "3 u a entered event Visit #1 (3)", "3 u b entered event Order #1 (3)", "--",
        "5 u c entered event Visit #1 (5)", "5 u d entered event Order #1 (5)",
      ])
  }

  @Test("leaves alone a profile that has moved into another one, but counts on where its id is used again")
  func moved() throws {
    let shop = try Shop(["visited": Self.visited])
    shop.event("Visit", of: "anonymous", hour: 1)
    shop.alias("anonymous", to: "u", hour: 2)
    try shop.change(to: ["visited": "when: { event: Visit, within: 20h }\n"])
    shop.event("Visit", of: "anonymous", hour: 3)
    #expect(
      shop.told == [
        "1 anonymous visited entered event Visit #1 (1)", "2 anonymous visited exited merged #2 (1)",
        "2 u visited entered merged #1 (2)", "--", "3 anonymous visited entered event Visit #3 (3)",
      ])
  }
}
