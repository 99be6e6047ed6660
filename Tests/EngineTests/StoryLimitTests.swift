import Engine
import Judge
import Testing

/// What keeps events one by one keeps no more of them, or of their values, than the shop allows.
@Suite("A story keeps within the limit")
struct StoryLimitTests {
  private static func files(_ condition: String, entries: Int, traits: String = "") -> [String: String] {
    [
      "topics/taxonomy.yaml":
        "events: { View: { properties: { tags: [string], tag: string } } }\ntraits: { note: string }\n",
      "ops/policy.yaml": "limits: { entries: \(entries) }\n", "ops/traits.yaml": traits,
      "ops/audiences/a.yaml": "when: \(condition)\n",
    ]
  }

  private static func view(_ ms: Int, _ properties: String) -> String {
    "{\"type\":\"track\",\"event\":\"View\",\"userId\":\"u\",\"timestamp\":\(ms),\"properties\":\(properties)}"
  }

  private func run(_ files: [String: String], _ lines: [String]) throws -> ProjectRun {
    try ProjectRun(files: files.filter { !$0.value.isEmpty }, lines: lines, partitions: 1, untilMs: nil)
  }

  @Test("of events: the oldest go, and are counted")
  func events() throws {
    let files = Self.files("{ event: View, by: tag, count: { at_least: 3 } }", entries: 4)
    let lines = ["a", "a", "b", "b", "c", "a", "a", "a"].enumerated().map { Self.view($0, "{\"tag\":\"\($1)\"}") }
    let run = try run(files, lines)
    #expect(run.changes.map(\.description) == ["7 u a entered event(View)"])
    #expect(run.counts.entriesDropped == 4)
  }

  @Test("of values: an event that has many counts as many")
  func values() throws {
    let files = Self.files("{ event: View, distinct: { of: tags, is: { at_least: 5 } } }", entries: 6)
    let lines = [#"{"tags":["a","b","c"]}"#, #"{"tags":["d","e","f","g"]}"#, #"{"tags":["h","i"]}"#]
    let run = try run(files, lines.enumerated().map { Self.view($0, $1) })
    // Three and four are more than six: the first event goes. Four and two are six different ones.
    #expect(run.changes.map(\.description) == ["2 u a entered event(View)"])
    #expect(run.counts.entriesDropped == 1)
  }

  @Test("in little time, however many values events have")
  func manyValues() throws {
    let files = Self.files(
      "{ event: View, by: tags, sum: { of: tags, is: { at_least: 5 } } }", entries: 1000)
    let tags = (0..<20_000).map { "\"t\($0)\"" }.joined(separator: ",")
    let run = try run(files, (0..<40).map { Self.view($0, "{\"tags\":[\(tags)]}") })
    #expect(run.changes.isEmpty && run.counts.entriesDropped == 39)
  }

  @Test("and keeps no text that no name is as long as")
  func longTexts() throws {
    let long = String(repeating: "x", count: 5000)
    let traits = "last_tag: { event: View, last: { of: tag } }\n"
    let files = Self.files("{ trait: last_tag, is: { exists: true } }", entries: 1000, traits: traits)
    #expect(try run(files, [Self.view(1, "{\"tag\":\"\(long)\"}")]).changes.isEmpty)
    let identify = { (text: String) in
      "{\"type\":\"identify\",\"userId\":\"u\",\"timestamp\":1,\"traits\":{\"note\":\"\(text)\"}}"
    }
    let noted = Self.files("{ trait: note, is: { exists: true } }", entries: 1000)
    #expect(try run(noted, [identify(long)]).changes.isEmpty)
    #expect(try run(noted, [identify("short")]).changes.map(\.description) == ["1 u a entered trait"])
  }
}
