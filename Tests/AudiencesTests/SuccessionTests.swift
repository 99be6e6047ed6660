import Audiences
import Events
import Testing
import YAML

@Suite("What the numbers in states mean")
struct SuccessionTests {
  private static let taxonomy = """
    events:
      Visit: { aliases: [view], properties: { page: string } }
      Order: { unique: id, properties: { id: string, value: number } }
      Return: {}
    traits: { tier: string }

    """

  private static let audiences = [
    "a": "when: { event: Visit, within: 7d, count: { at_least: 2 } }\n",
    "b": "when: { event: Order, sum: { of: value, is: { more_than: 5 } } }\nstay_at_most: 9d\n",
    "c": "when: { all: [{ audience: a }, { trait: tier, is: gold }] }\n",
  ]

  private func plan(
    _ audiences: [String: String] = audiences, taxonomy: String = taxonomy, policy: String? = nil,
    traits: String? = nil
  ) throws -> Plan {
    var texts = ["topics/taxonomy.yaml": taxonomy]
    texts["ops/policy.yaml"] = policy
    texts["ops/traits.yaml"] = traits
    for (key, text) in audiences { texts["ops/audiences/\(key).yaml"] = text }
    let (project, diagnostics) = Project.read(texts: texts)
    return Plan(try #require(project, "\(diagnostics.map(\.headline))"))
  }

  private func succession(_ former: Plan, to plan: Plan, at ms: Int64 = 0) -> Succession {
    Succession(from: PlanDictionary(former), to: plan, at: Instant(ms: ms))
  }

  private func changing(_ key: String, to text: String?) -> [String: String] {
    var audiences = Self.audiences
    audiences[key] = text
    return audiences
  }

  @Test("does not depend on how definitions are written or named")
  func idle() throws {
    let former = try plan()
    for other in [
      changing("a", to: "name: Visitors\nversion: 2\nwhen: { event: view, count: { at_least: 2 }, within: 1w }\n"),
      changing(
        "b",
        to: "stay_at_most: 216h\nwhen: { all: [{ event: Order, sum: { of: value, is: { more_than: 5.0 } } }] }\n"),
    ] {
      let succession = succession(former, to: try plan(other))
      #expect(succession.isIdle && !succession.needsLog && !succession.inherits.contains(false))
    }
    let renumbered = try plan(taxonomy: Self.taxonomy.replacing("events:\n", with: "events:\n  Added: {}\n"))
    let succession = succession(former, to: renumbered)
    #expect(!succession.isIdle, "the number of 'Order' is another")
    #expect(
      !succession.needsLog && succession.uniques.count == 1
        && succession.uniques[0].now == succession.uniques[0].former + 1)
  }

  @Test(
    "changes with what decides who is eligible, for all that depend on it",
    arguments: [
      ("a", "when: { event: Visit, within: 8d, count: { at_least: 2 } }\n", ["a", "c"], false),
      ("a", "when: { event: Visit, within: 7d, count: { at_least: 1 } }\n", ["a", "c"], false),
      ("a", "when: { event: Visit, within: 7d, count: { at_least: 3 } }\n", ["a", "c"], true),
      ("a", "when: { event: Visit, within: 7d, count: { at_least: 2 } }\nhold_for: 1h\n", ["a", "c"], true),
      ("b", "when: { event: Order, sum: { of: value, is: { more_than: 6 } } }\nstay_at_most: 9d\n", ["b"], true),
      ("b", "when: { event: Order, sum: { of: value, is: { more_than: 6 } } }\n", ["b"], false),
      ("c", "when: { all: [{ audience: b }, { trait: tier, is: gold }] }\n", ["c"], false),
      ("d", "when: { event: Return }\n", ["d"], true), ("d", "when: { audience: b }\n", ["d"], false),
      ("d", "when: { trait: tier, is: silver }\nrejoin_after: 1d\n", ["d"], true),
    ] as [(String, String, [String], Bool)])
  func logic(key: String, text: String, changed: [String], needsLog: Bool) throws {
    let next = try plan(changing(key, to: text))
    let succession = succession(try plan(), to: next)
    let found = next.audiences.indices.filter { !succession.inherits[$0] }.map { next.audiences[$0].definition.key }
    #expect(found.sorted() == changed && succession.needsLog == needsLog && !succession.isIdle)
    #expect(succession.farewells.isEmpty)
  }

  @Test("changes with how events are read, and with which of them are dropped")
  func reading() throws {
    let former = try plan()
    func found(_ from: String, _ to: String) throws -> (cells: Int, kept: [String]) {
      let next = try plan(taxonomy: Self.taxonomy.replacing(from, with: to))
      let succession = succession(former, to: next)
      let kept = next.audiences.indices.filter { succession.inherits[$0] }.map { next.audiences[$0].definition.key }
      return (succession.origins.count { $0 == .new }, kept)
    }
    #expect(try found("[view]", "[view, seen]") == (1, ["b"]))
    #expect(try found("page: string", "page: string, more: string") == (0, ["a", "b", "c"]))
    #expect(try found("page: string", "page: number") == (0, ["a", "b", "c"]))
    #expect(try found("{ page: string }", "{ page: string }, property_aliases: { page: [path] }") == (1, ["b"]))
    // Events of equal time are ordered by their arrival, in which what is dropped does not count.
    #expect(try found("unique: id, ", "") == (2, ["a", "c"]))
    #expect(try found("Return: {}", "Return: { unique: x, properties: { x: string } }") == (2, ["a", "b", "c"]))
  }

  @Test("changes with a trait's formula and with how much is kept")
  func traitsAndLimits() throws {
    let audiences = ["t": "when: { trait: x, is: { more_than: 2 } }\n"]
    let former = try plan(audiences, traits: "x: { event: Order, sum: { of: value } }\n")
    let same = succession(
      former,
      to: try plan(audiences, traits: "x: { event: Order, sum: { of: value } }\ny: { event: Visit, count: true }\n"))
    #expect(same.isIdle)
    let other = succession(former, to: try plan(audiences, traits: "x: { event: Order, max: { of: value } }\n"))
    #expect(other.inherits == [false] && other.needsLog)
    let story = ["s": "when: { event: Visit, distinct: { of: page, is: { at_least: 2 } } }\n"]
    let fewer = succession(try plan(story), to: try plan(story, policy: "limits: { entries: 10 }\n"))
    #expect(fewer.origins == [.new] && fewer.inherits == [false])
  }

  @Test(
    "needs the log only where more is to be kept than before",
    arguments: [
      ("count: { at_least: 3 }", "count: { at_least: 2 }", false), ("count: 3", "count: 4", true),
      ("within: 7d, count: 3", "within: 9d, count: 2", false), ("within: 7d, count: 3", "count: 3", true),
      ("within: 7d, sum: { of: value, is: 3 }", "within: 5d, sum: { of: value, is: 3 }", false),
      ("within: 7d, sum: { of: value, is: 3 }", "within: 9d, sum: { of: value, is: 3 }", true),
      ("pick: last, having: { value: 3 }", "pick: last, having: { value: 4 }", true),
      ("gap: 1d, within: 9d", "gap: 2d, within: 8d", false), ("gap: 1d, within: 9d", "gap: 2d, within: 10d", true),
      ("gap: 1d, within: 9d", "gap: 2d", true),
      (
        "since: Visit, within: 3d, max: { of: value, is: 1 }", "since: Return, within: 3d, max: { of: value, is: 1 }",
        true
      ),
    ])
  func amounts(former: String, now: String, needsLog: Bool) throws {
    func plan(_ leaf: String) throws -> Plan { try self.plan(["a": "when: { event: Order, \(leaf) }\n"]) }
    let succession = succession(try plan(former), to: try plan(now))
    #expect(succession.needsLog == needsLog && succession.inherits == [false])
  }

  @Test("lets an audience go on whose end lies ahead, both before and after")
  func retirement() throws {
    func text(_ day: String?) -> String {
      "when: { event: Visit }\nhold_for: 1h\n" + (day.map { "retire_on: \($0)\n" } ?? "")
    }
    func inherits(_ one: String?, _ two: String?, at ms: Int64) throws -> Bool {
      succession(try plan(["a": text(one)]), to: try plan(["a": text(two)]), at: ms).inherits == [true]
    }
    let day: Int64 = 86_400_000
    #expect(try inherits("1970-01-03", "1970-01-05", at: day))
    #expect(try inherits("1970-01-03", nil, at: day))
    #expect(try inherits("1970-01-03", "1970-01-03", at: 10 * day))
    #expect(try !inherits("1970-01-03", "1970-01-05", at: 2 * day))
    #expect(try !inherits(nil, "1970-01-03", at: 3 * day))
  }

  @Test("tells who is gone and who is to be told, and keeps the numbers of those who are gone")
  func audiences() throws {
    let former = try plan()
    let first = succession(former, to: try plan(["b": "to: { warehouse: all }\n" + (Self.audiences["b"] ?? "")]))
    #expect(first.farewells.map(\.audience.key) == ["a", "c"] && first.farewells.map(\.now) == [1, 2])
    #expect(first.introductions.map(\.audience) == [0] && first.dictionary.departed == ["a", "c"])
    let second = Succession(from: first.dictionary, to: former, at: Instant(ms: 0))
    #expect(second.dictionary.departed.isEmpty && second.farewells.map(\.audience.key) == ["b"])
    let numbers = Dictionary(uniqueKeysWithValues: former.audiences.enumerated().map { ($1.definition.key, $0) })
    #expect(second.audiences == [numbers["b"], numbers["a"], numbers["c"]])
  }
}
