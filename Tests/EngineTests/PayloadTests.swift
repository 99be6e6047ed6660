import Audiences
import Engine
import Events
import Pipeline
import Testing

/// What goes with a change beside its own properties: the traits of `include`, as they are at that instant.
@Suite("A change carries the traits that its audience includes")
struct PayloadTests {
  private static func files(_ traits: String, include: String, condition: String = "{ event: Buy }") -> [String: String]
  {
    [
      "topics/taxonomy.yaml": """
      events:
        Buy: { properties: { price: number, quantity: number, name: string, code: string, tags: [string] } }
        View: { properties: { name: string } }
      traits: { tier: string, ages: [number], member: boolean, renews_at: time }

      """,
      "ops/traits.yaml": traits + "\n",
      "ops/audiences/a.yaml": "when: \(condition)\nentry: { include: [\(include)] }\nexit: { include: [\(include)] }\n",
    ].filter { $0.value != "\n" }
  }

  private static func buy(_ ms: Int, _ properties: String) -> String {
    "{\"type\":\"track\",\"event\":\"Buy\",\"userId\":\"u\",\"timestamp\":\(ms),\"properties\":\(properties)}"
  }

  private func payloads(_ files: [String: String], _ lines: [String], untilMs: Int64? = nil) throws -> [String] {
    let plan = Plan(try #require(Project.read(texts: files).project))
    var backtest = Backtest(plan, until: untilMs.map(Instant.init(ms:)))
    let log = ReadableLines(lines)
    var told: [String] = []
    for (number, line) in log.lines.enumerated() {
      try backtest.apply(line, number: Int64(number)) { change, _, _ in told.append(change.payload.text) }
    }
    backtest.finish(after: 0) { change, _, _ in told.append(change.payload.text) }
    withExtendedLifetime(log) {}
    return told
  }

  @Test(
    "as numbers, texts, truths, times and lists",
    arguments: [
      ("n: { event: Buy, count: true }", "n", #","n":1"#),
      ("n: { event: Buy, sum: { of: price, times: quantity } }", "n", #","n":12.5"#),
      ("n: { event: Buy, last: { of: name } }", "n", #","n":"tea \"green\"""#),
      ("n: { event: Buy, last: { of: tags } }", "n", #","n":["a","b"]"#),
      ("n: { event: Buy, favorite: { of: tags } }", "n", #","n":"a""#),
      ("n: { event: Buy, first_at: true }", "n", #","n":"1970-01-01T00:00:01.000Z""#),
      ("n: { event: Buy, distinct: { of: tags } }", "n", #","n":2"#),
      (
        "n: { event: Buy, collect: { of: [name, price, code], keep: 2 } }", "n",
        #","n":[{"name":"tea \"green\"","price":2.5}]"#
      ),
      ("n: { event: View, last: { of: name } }", "n", ""),
      ("n: { event: Buy, last: { of: code } }", "n", ""),
    ])
  func forms(traits: String, include: String, expected: String) throws {
    let properties = #"{"price":2.5,"quantity":5,"name":"tea \"green\"","tags":["a","b"],"code":{"x":1}}"#
    #expect(try payloads(Self.files(traits, include: include), [Self.buy(1000, properties)]) == [expected])
  }

  @Test("those of identify too, as they were set")
  func identified() throws {
    let identify = #"""
      {"type":"identify","userId":"u","timestamp":5,"traits":{"tier":"gold","ages":7,"member":true,"renews_at":"2027-01-01"}}
      """#
    let files = Self.files("", include: "tier, ages, member, renews_at")
    #expect(
      try payloads(files, [identify, Self.buy(9, "{}")]) == [
        #","tier":"gold","ages":[7],"member":true,"renews_at":"2027-01-01""#
      ])
  }

  @Test("as they are at the instant of the change, also where time alone brings it")
  func atTheInstant() throws {
    let files = Self.files(
      "n: { event: Buy, within: 10s, count: true }", include: "n",
      condition: "{ event: Buy, within: 10s, count: { at_least: 2 } }")
    let told = try payloads(files, [Self.buy(1000, "{}"), Self.buy(2000, "{}"), Self.buy(3000, "{}")], untilMs: 60_000)
    #expect(told == [#","n":2"#, #","n":1"#])
  }
}
