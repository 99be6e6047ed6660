import Audiences
import Events
import Testing
import YAML

@Suite("A plan")
struct PlanTests {
  /// The plan of audiences whose conditions are written as what stands behind `when: `.
  private func plan(_ conditions: [String: String], taxonomy: String = TestProject.taxonomy) throws -> Plan {
    var texts = ["topics/taxonomy.yaml": taxonomy]
    for (key, condition) in conditions { texts["ops/audiences/\(key).yaml"] = "when: \(condition)\n" }
    let (project, diagnostics) = Project.read(texts: texts)
    let read = try #require(project, "\(diagnostics.map(\.headline))")
    return Plan(read)
  }

  @Test("has equal leaves of all audiences once")
  func equalLeaves() throws {
    let plan = try plan([
      "a": "{ event: Order Completed, within: 7d }",
      "b": "{ all: [{ event: purchase, within: 1w }, { event: Shop Visited }] }",
      "c": "{ not: { event: order_placed, within: 168h, count: { at_least: 1 } } }",
    ])
    #expect(plan.leaves.count == 2 && plan.cells.count == 2 && plan.selectors.count == 2)
    #expect(plan.leaves[0].audiences == [0, 1, 2])
  }

  @Test(
    "takes leaves for one that are only written in another order",
    arguments: [
      (
        "{ event: Order Completed, where: { coupon: x, gift: true } }",
        "{ event: Order Completed, where: { gift: true, coupon: x } }"
      ),
      (
        "{ event: Order Completed, where: { revenue: { at_least: 1, at_most: 3 } } }",
        "{ event: Order Completed, where: { revenue: { at_most: 3, at_least: 1 } } }"
      ),
      (
        "{ event: Order Completed, where: { coupon: { in: [a, b] } } }",
        "{ event: Order Completed, where: { coupon: { in: [b, a] } } }"
      ),
      ("{ event: [Shop Visited, purchase] }", "{ event: [Order Completed, Shop Visited] }"),
      (
        "{ event: Shop Visited, since: { event: [purchase, Order Refunded] } }",
        "{ event: Shop Visited, since: { event: [Order Refunded, Order Completed] } }"
      ),
      (
        "{ event: Order Completed, pick: last, having: { coupon: x, gift: true } }",
        "{ event: Order Completed, pick: last, having: { gift: true, coupon: x } }"
      ),
      (
        "{ event: Order Completed, count: { at_least: 1, not: 3 } }",
        "{ event: Order Completed, count: { not: 3, at_least: 1 } }"
      ),
      (
        "{ event: Order Completed, sum: { of: value, is: 3 } }",
        "{ event: Order Completed, sum: { of: revenue, is: 3.0 } }"
      ),
    ])
  func order(one: String, other: String) throws {
    let both = try plan(["a": one, "b": other])
    #expect(both.leaves.count == 1)
    #expect(try plan(["a": one]).hash == plan(["a": other]).hash)
  }

  @Test(
    "keeps apart what differs",
    arguments: [
      ("{ event: Shop Visited }", "{ event: Shop Visited, within: 1d }"),
      ("{ event: Shop Visited, within: 1d }", "{ event: Shop Visited, between: [1s, 1d] }"),
      ("{ event: purchase, pick: last }", "{ event: purchase, pick: first }"),
      ("{ event: purchase, where: { gift: true } }", "{ event: purchase, pick: last, having: { gift: true } }"),
      ("{ event: purchase, where: { coupon: \"7\" } }", "{ event: purchase, where: { coupon: 7 } }"),
      ("{ event: purchase, where: { coupon: \"true\" } }", "{ event: purchase, where: { gift: true } }"),
      (
        "{ event: purchase, where: { coupon: \"caf\u{e9}\" } }",
        "{ event: purchase, where: { coupon: \"cafe\u{301}\" } }"
      ),
      (
        "{ event: Shop Visited, where: { \"caf\u{e9}\": 1 } }", "{ event: Shop Visited, where: { \"cafe\u{301}\": 1 } }"
      ),
      (
        "{ event: purchase, sum: { of: revenue, is: 1 } }",
        "{ event: purchase, sum: { of: revenue, times: quantity, is: 1 } }"
      ),
      ("{ event: purchase, min: { of: revenue, is: 1 } }", "{ event: purchase, max: { of: revenue, is: 1 } }"),
      (
        "{ event: purchase, since: Shop Visited }",
        "{ event: purchase, since: { event: Shop Visited, where: { x: 1 } } }"
      ),
    ])
  func apart(one: String, other: String) throws {
    #expect(try plan(["a": one, "b": other]).leaves.count == 2)
    #expect(try plan(["a": one]).hash != plan(["a": other]).hash)
  }

  @Test("keeps the same events once for several thresholds: as much as the greatest needs")
  func sharedCells() throws {
    let counts = try plan([
      "a": "{ event: purchase, within: 7d, count: { at_least: 3 } }",
      "b": "{ event: purchase, within: 1d, count: { more_than: 5 } }",
      "c": "{ event: purchase, since: Order Refunded, count: 2 }", "d": "{ event: purchase, pick: last, within: 1d }",
    ])
    #expect(counts.cells.filter { $0.keeping == .latest(6) }.count == 1)
    #expect(counts.cells.count == 2, "and the newest refund")
    let totals = try plan([
      "a": "{ event: purchase, count: { at_least: 3 } }", "b": "{ event: purchase, count: { at_most: 9.5 } }",
      "c": "{ event: purchase, sum: { of: revenue, is: 3 } }", "d": "{ event: purchase, sum: { of: revenue, is: 4 } }",
      "e": "{ event: purchase, within: 7d, max: { of: revenue, is: 4 } }",
      "f": "{ event: purchase, within: 2d, max: { of: revenue, is: 5 } }",
    ])
    #expect(
      totals.cells.map(\.keeping) == [.counter(cap: 10), .sum, .all(maxAge: DurationMs(ms: 604_800_000), limit: 1000)])
  }

  @Test("has the same hash whatever the order of files, and another where the logic changes")
  func hash() throws {
    let conditions = [
      "a": "{ event: purchase }", "b": "{ event: Shop Visited, within: 7d }", "z": "{ event: purchase, count: 2 }",
    ]
    let first = try plan(conditions)
    for _ in 0..<8 {
      let again = try plan(Dictionary(uniqueKeysWithValues: conditions.shuffled()))
      #expect(again.hash == first.hash && again.cellHashes == first.cellHashes)
    }
    #expect(Set(first.cellHashes).count == first.cellHashes.count)
    for other in [
      "{ event: purchase, within: 7d }", "{ event: Shop Visited, within: 8d }",
      "{ not: { event: Shop Visited, within: 7d } }",
    ] {
      #expect(
        try plan(["a": "{ event: purchase }", "b": other, "z": "{ event: purchase, count: 2 }"]).hash != first.hash)
    }
  }

  @Test("has another hash where an event's unique values would be looked for under another number or property")
  func uniqueInHash() throws {
    func hash(_ events: String) throws -> UInt64 {
      try plan(["a": "{ event: Visited }"], taxonomy: "events:\n  Visited: {}\n\(events)").hash
    }
    let order = "  Ordered: { unique: id, properties: { id: string, no: string } }\n"
    let first = try hash(order)
    #expect(try hash("  Wished: {}\n" + order) != first, "the number of 'Ordered' is another")
    #expect(try hash(order + "  Wished: {}\n") == first)
    #expect(try hash(order.replacing("unique: id", with: "unique: no")) != first)
    #expect(try hash(order.replacing("unique: id, ", with: "")) != first)
  }

  @Test(
    "compiles figures at the limits of 64 bits",
    arguments: ["at_least", "more_than", "at_most", "less_than", "equals", "not"],
    ["9223372036854.775807", "-9223372036854.775808"])
  func limits(name: String, figure: String) throws {
    for leaf in [
      "count: { \(name): \(figure) }", "sum: { of: revenue, is: { \(name): \(figure) } }",
      "max: { of: revenue, is: { \(name): \(figure) } }",
      "pick: last, count: { \(name): \(figure) }", "sum: { of: revenue, is: { in: [\(figure)] } }",
      "min: { of: revenue, is: { between: [\(figure), \(figure)] } }",
    ] {
      #expect(try plan(["a": "{ event: purchase, \(leaf) }"]).leaves.count == 1)
    }
  }

  @Test("refuses in words what does not fit the engine's numbers")
  func tooLarge() throws {
    let path = try #require(PropertyPath("x"))
    func refusal(events: Int, names: Int = 0, audiences: Int, cellsEach: Int = 1) -> String? {
      var taxonomy = Taxonomy()
      for number in 0..<events { taxonomy.add(EventType(name: "event \(number)")) }
      let fields = (0..<names).map { PropertyType.Field(name: "p\($0)", type: .string) }
      taxonomy.add(EventType(name: "named", properties: fields))
      let definitions = (0..<audiences).map { audience in
        let parts = (0..<cellsEach).map { part -> Condition in
          let test = PropertyTest(path: path, predicate: .atLeast(Int64(audience * cellsEach + part)))
          return .events(EventLeaf(events: EventSelector(names: ["event 0"], filter: [test])))
        }
        return AudienceDefinition(key: "a\(audience)", condition: .any(parts))
      }
      return Plan.refusal(of: definitions, taxonomy: taxonomy)
    }
    #expect(refusal(events: 10, audiences: 10) == nil)
    #expect(refusal(events: 32_761, audiences: 1) == nil)
    #expect(refusal(events: 32_762, audiences: 1)?.hasPrefix("the taxonomy has 32,765 events") == true)
    #expect(refusal(events: 1, audiences: 65_537)?.hasPrefix("there are 65,537 audiences") == true)
    #expect(refusal(events: 1, names: 65_535, audiences: 1)?.hasPrefix("there are 65,536 names of properties") == true)
    #expect(refusal(events: 1, audiences: 33, cellsEach: 1000)?.hasPrefix("the conditions ask for 33,000 ") == true)
  }

}
