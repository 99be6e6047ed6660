import Engine
import Judge
import Testing

/// Instants worked out by hand from the language page, where a random log seldom goes.
@Suite("By hand, the engine")
struct CornerTests {
  private static let taxonomy = """
    events:
      Visit: { properties: { page: string, n: number } }
      Order:
        unique: order_id
        properties: { order_id: string, revenue: number, quantity: number, products: [{ category: string, price: number }] }
        property_aliases: { order_id: [transaction_id], products: [items], products.category: [item_category] }
    """

  /// Expects these changes of audiences whose conditions are written as what stands behind `when: `. Each event is
  /// `time name`, with properties behind it where it has any; all are of profile `u`.
  private func expect(
    _ conditions: [String: String], _ events: [String], policy: String? = nil, untilMs: Int64? = nil,
    are changes: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var files = ["topics/taxonomy.yaml": Self.taxonomy]
    for (key, condition) in conditions { files["ops/audiences/\(key).yaml"] = "when: \(condition)\n" }
    files["ops/policy.yaml"] = policy
    try expectChanges(
      files: files, events: events.map(Self.line).joined(separator: "\n"), untilMs: untilMs, are: changes,
      sourceLocation: sourceLocation)
  }

  private static func line(_ event: String) -> String {
    if event.hasPrefix("{") { return event }
    let words = event.split(separator: " ", maxSplits: 2).map(String.init)
    let properties = words.count > 2 ? ",\"properties\":\(words[2])" : ""
    return "{\"type\":\"track\",\"event\":\"\(words[1])\",\"userId\":\"u\",\"timestamp\":\(words[0])\(properties)}"
  }

  // MARK: Instants

  @Test("lets an event at the very end of a window bring the exit about")
  func endOfWindowAtEvent() throws {
    try expect(
      ["a": "{ event: Visit, within: 10s }"], ["0 Visit", "10000 Order", "10001 Order"],
      are: ["0 u a entered event(Visit)", "10000 u a exited event(Order)"])
    try expect(
      ["a": "{ event: Visit, within: 10s }"], ["0 Visit", "10001 Order"],
      are: ["0 u a entered event(Visit)", "10000 u a exited expired"])
    try expect(
      ["a": "{ event: Visit, within: 10s }"], ["0 Visit", "10000 Visit", "19999 Order"],
      are: ["0 u a entered event(Visit)"])
  }

  @Test("lets one event be both the end of one window and the beginning of another's age")
  func beginOfWindowAtEvent() throws {
    try expect(
      ["a": "{ event: Visit, within: 10s }", "b": "{ event: Visit, between: [10s, 20s] }"],
      ["0 Visit", "10000 Visit", "40000 Order"],
      are: [
        "0 u a entered event(Visit)", "10000 u b entered event(Visit)", "20000 u a exited expired",
        "30000 u b exited expired",
      ])
  }

  @Test("finds nobody between two equal ages")
  func equalBounds() throws {
    for bounds in ["0s, 0s", "5s, 5s"] {
      try expect(
        [
          "a": "{ event: Visit, between: [\(bounds)] }", "b": "{ event: Visit, between: [\(bounds)], count: 0 }",
          "c": "{ event: Visit, between: [\(bounds)], max: { of: n, is: { exists: false } } }",
          "d": "{ event: Visit, between: [\(bounds)], pick: last }",
        ],
        ["0 Visit {\"n\":1}", "5000 Visit {\"n\":2}", "60000 Visit"],
        are: ["0 u b entered event(Visit)", "0 u c entered event(Visit)"])
    }
  }

  @Test("stops at the instant it is told to, with all that is due then")
  func until() throws {
    let windows = ["a": "{ event: Visit, within: 10s }", "b": "{ event: Visit, between: [10s, 20s] }"]
    let entered = "0 u a entered event(Visit)"
    try expect(windows, ["0 Visit", "10001 Visit"], untilMs: 9_999, are: [entered])
    try expect(
      windows, ["0 Visit", "10001 Visit"], untilMs: 10_000,
      are: [entered, "10000 u a exited expired", "10000 u b entered expired"])
    try expect(windows, ["0 Visit", "10000 Visit"], untilMs: 10_000, are: [entered, "10000 u b entered event(Visit)"])
  }

  @Test("goes from the first year to the last")
  func extremes() throws {
    try expect(
      ["a": "{ event: Visit, within: 3000000d }", "b": "{ event: Visit, pick: first, between: [3000000d, 3660000d] }"],
      [
        "\"0001-01-01\" Visit", "\"1969-12-31T23:59:59.999Z\" Order", "\"9999-12-31T23:59:59.999Z\" Order",
        "9223372036854 Order",
      ],
      are: [
        "-62135596800000 u a entered event(Visit)", "197064403200000 u a exited expired",
        "197064403200000 u b entered expired",
      ])
  }

  // MARK: Order

  @Test("takes an entry back when a late event undoes it: at the clock, not in the past")
  func lateEventUndoes() throws {
    try expect(
      ["a": "{ event: Visit, since: Order }", "b": "{ all: [{ event: Visit }, { not: { event: Order, count: 2 } }] }"],
      ["1000 Visit", "9000 Visit {\"n\":1}", "500 Order", "9000 Order", "8000 Order"],
      are: [
        "1000 u a entered event(Visit)", "1000 u b entered event(Visit)", "9000 u a exited event(Order)",
        "9000 u b exited event(Order)", "9000 u b entered event(Order)",
      ])
  }

  @Test("orders equal times by arrival in since")
  func tiesInSince() throws {
    let since = ["a": "{ event: Visit, since: Order }", "b": "{ event: Visit, since: Order, sum: { of: n, is: 1 } }"]
    try expect(
      since, ["0 Order", "0 Visit {\"n\":1}"], are: ["0 u a entered event(Visit)", "0 u b entered event(Visit)"])
    try expect(
      since, ["0 Visit {\"n\":1}", "0 Order", "0 Visit {\"n\":1}"],
      are: [
        "0 u a entered event(Visit)", "0 u b entered event(Visit)", "0 u a exited event(Order)",
        "0 u b exited event(Order)",
        "0 u a entered event(Visit)", "0 u b entered event(Visit)",
      ])
    try expect(["a": "{ event: Visit, since: Visit }"], ["0 Visit", "0 Visit", "1 Visit"], are: [])
  }

  @Test("picks the first and the last by time, late ones too; of equal times the first or the last to arrive")
  func picks() throws {
    let picks = [
      "first": "{ event: Visit, pick: first, having: { n: 1 } }",
      "last": "{ event: Visit, pick: last, having: { n: 1 } }",
    ]
    try expect(
      picks,
      [
        "1000 Visit {\"n\":1}", "2000 Visit {\"n\":2}", "500 Visit {\"n\":3}", "1500 Visit {\"n\":1}",
        "3000 Visit {\"n\":1}",
      ],
      are: [
        "1000 u first entered event(Visit)", "1000 u last entered event(Visit)", "2000 u last exited event(Visit)",
        "2000 u first exited event(Visit)", "3000 u last entered event(Visit)",
      ])
    try expect(
      picks, ["0 Visit {\"n\":1}", "0 Visit {\"n\":2}"],
      are: ["0 u first entered event(Visit)", "0 u last entered event(Visit)", "0 u last exited event(Visit)"])
  }

  @Test("keeps leaves of one selector with different picks and havings apart")
  func picksOfOneSelector() throws {
    try expect(
      [
        "a": "{ event: Visit, pick: last, having: { n: 1 } }",
        "b": "{ event: Visit, pick: last, having: { n: { not: 1 } } }",
        "c": "{ event: Visit, pick: last, sum: { of: n, is: 2 } }",
        "d": "{ event: Visit, pick: first, max: { of: n, is: { exists: false } } }",
        "e": "{ event: Visit, pick: last, having: { page: { exists: true } }, min: { of: n, is: { at_least: 1 } } }",
      ],
      ["0 Visit", "1 Visit {\"n\":1,\"page\":\"x\"}", "2 Visit {\"n\":2}"],
      are: [
        "0 u d entered event(Visit)", "1 u a entered event(Visit)", "1 u e entered event(Visit)",
        "2 u a exited event(Visit)",
        "2 u b entered event(Visit)", "2 u c entered event(Visit)", "2 u e exited event(Visit)",
      ])
  }

  // MARK: Profiles that begin

  @Test("puts a profile that begins without a known event into the audiences that ask for none")
  func beginnings() throws {
    let nobody = ["a": "{ not: { event: Visit } }", "b": "{ event: Order, count: 0 }"]
    try expect(
      nobody, [#"{"type":"identify","userId":"u","timestamp":5}"#], are: ["5 u a entered trait", "5 u b entered trait"])
    try expect(nobody, ["5 Wishlist"], are: ["5 u a entered event(Wishlist)", "5 u b entered event(Wishlist)"])
    try expect(nobody, [#"{"type":"group","groupId":"g","userId":"u","timestamp":5}"#], are: [])
    try expect(
      nobody, [#"{"type":"page","userId":"u","timestamp":5}"#],
      are: ["5 u a entered event(Page Viewed)", "5 u b entered event(Page Viewed)"])
  }

  // MARK: Numbers

  @Test("counts an event whose number is beyond 64 bits, and measures it not")
  func numbersBeyond() throws {
    let huge = "{\"n\":9223372036854.775807}"
    try expect(
      [
        "a": "{ event: Visit, count: 3 }", "b": "{ event: Visit, sum: { of: n, is: 9223372036854.775807 } }",
        "c": "{ event: Visit, sum: { of: n, times: n, is: { exists: true } } }",
      ], ["1 Visit {\"n\":1e30}", "2 Visit \(huge)", "3 Visit \(huge)", "4 Visit {\"n\":-1}"],
      are: [
        "1 u c entered event(Visit)", "2 u b entered event(Visit)", "3 u a entered event(Visit)",
        "4 u a exited event(Visit)",
      ])
  }

  @Test("holds a count above a negative bound true, whatever the window")
  func negativeBounds() throws {
    let always = [
      "a": "{ event: Visit, within: 10s, count: { more_than: -0.5 } }",
      "b": "{ event: Visit, since: Order, count: { more_than: -1 } }",
      "c": "{ event: Visit, within: 10s, count: { at_least: -0.5 } }", "d": "{ event: Visit, count: { not: -0.5 } }",
    ]
    try expect(
      always, ["0 Visit", "20000 Order", "30000 Visit"],
      are: ["a", "b", "c", "d"].map { "0 u \($0) entered event(Visit)" })
  }

  @Test("gives up the oldest entries beyond the limit, and counts them")
  func entriesDropped() throws {
    let files = [
      "topics/taxonomy.yaml": Self.taxonomy, "ops/policy.yaml": "limits: { entries: 3 }\n",
      "ops/audiences/a.yaml": "when: { event: Visit, within: 10s, sum: { of: n, is: { at_least: 10 } } }\n",
    ]
    let lines =
      (1...5).map { Self.line("\($0) Visit {\"n\":\($0)}") } + [
        Self.line("3 Visit {\"n\":100}"), Self.line("20000 Order"),
      ]
    let run = try ProjectRun(files: files, lines: lines, partitions: 1, untilMs: nil)
    #expect(run.changes.map(\.description) == ["5 u a entered event(Visit)", "10003 u a exited expired"])
    #expect(run.counts.entriesDropped == 3)
  }

  // MARK: Size

  @Test("answers two hundred leaves for two hundred audiences")
  func manyLeaves() throws {
    var conditions: [String: String] = [:]
    for number in 100..<300 {
      conditions["a\(number)"] = "{ event: Visit, where: { n: \(number) }, within: \(number)s }"
    }
    try expect(
      conditions, (100..<300).map { "0 Visit {\"n\":\($0)}" }, untilMs: 250_000,
      are: (100..<300).map { "0 u a\($0) entered event(Visit)" }
        + (100...250).map { "\($0)000 u a\($0) exited expired" })
  }

  @Test("knows a profile by an id of a hundred thousand bytes")
  func longId() throws {
    let id = String(repeating: "x", count: 100_000)
    let files = ["topics/taxonomy.yaml": Self.taxonomy, "ops/audiences/a.yaml": "when: { event: Visit, count: 2 }\n"]
    let line = "{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"\(id)\",\"timestamp\":5}"
    try expectChanges(files: files, events: "\(line)\n\(line)", are: ["5 \(id) a entered event(Visit)"])
  }

  @Test("adds ten thousand values at one path")
  func manyValues() throws {
    let items = Array(repeating: #"{"price":0.01,"item_category":"tea"}"#, count: 10_000).joined(separator: ",")
    try expect(
      ["a": "{ event: Order, where: { products.category: tea }, sum: { of: products.price, is: 100 } }"],
      ["5 Order {\"items\":[\(items)]}"],
      are: ["5 u a entered event(Order)"])
  }
}
