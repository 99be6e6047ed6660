import Audiences
import Engine
import Events
import Pipeline
import Testing

/// An id that is used again after its profile has moved into another one.
@Suite("After a merge")
struct MergeCornerTests {
  private static let files = [
    "topics/taxonomy.yaml": "events: { Visit: {}, Order: {} }\n",
    "ops/audiences/a.yaml": "when: { event: Visit }\n",
    "ops/audiences/none.yaml": "when: { not: { event: Visit } }\n",
  ]

  private func changes(_ lines: [String]) throws -> [String] {
    let plan = Plan(try #require(Project.read(texts: Self.files).project))
    var backtest = Backtest(plan)
    let log = ReadableLines(lines)
    var told: [String] = []
    let take = { (change: Change, _: ChangeOrigin, _: Bytes) in
      let key = plan.audiences[change.audience].definition.key
      told.append(
        "\(change.at.ms) \(change.profile.text) \(key) \(change.kind.word) \(change.seq) \(change.reason.word)")
    }
    for (number, line) in log.lines.enumerated() { try backtest.apply(line, number: Int64(number), took: take) }
    backtest.finish(after: 0, took: take)
    withExtendedLifetime(log) {}
    return told
  }

  private static func visit(_ ms: Int, _ user: String) -> String {
    "{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"\(user)\",\"timestamp\":\(ms)}"
  }

  private static func alias(_ ms: Int) -> String {
    "{\"type\":\"alias\",\"userId\":\"known\",\"previousId\":\"anon\",\"timestamp\":\(ms)}"
  }

  @Test("the changes of the id are counted on, so that no reader takes them for late ones")
  func seq() throws {
    #expect(
      try changes([Self.visit(1, "anon"), Self.alias(2), Self.visit(3, "anon"), Self.alias(4)]) == [
        "1 anon a entered 1 event", "2 anon a exited 2 merged", "2 known a entered 1 merged",
        "3 anon a entered 3 event", "4 anon a exited 4 merged",
      ])
  }

  @Test("who has moved is no profile of its own")
  func count() throws {
    let plan = Plan(try #require(Project.read(texts: Self.files).project))
    func profiles(_ lines: [String]) throws -> Int {
      var backtest = Backtest(plan)
      let log = ReadableLines(lines)
      for (number, line) in log.lines.enumerated() { try backtest.apply(line, number: Int64(number)) { _, _, _ in } }
      backtest.finish(after: 0) { _, _, _ in }
      withExtendedLifetime(log) {}
      return backtest.profiles
    }
    let merged = [Self.visit(1, "anon"), Self.alias(2)]
    let erased = "{\"type\":\"delete\",\"userId\":\"anon\",\"timestamp\":5}"
    #expect(try profiles(merged) == 1)
    #expect(try profiles(merged + [Self.visit(3, "anon")]) == 2)
    #expect(try profiles(merged + [erased]) == 1)
  }

  @Test("the id begins with nothing, and what holds of nobody holds of it")
  func beginsAnew() throws {
    let order = "{\"type\":\"track\",\"event\":\"Order\",\"userId\":\"anon\",\"timestamp\":3}"
    #expect(
      try changes([Self.visit(1, "anon"), Self.alias(2), order]).last == "3 anon none entered 1 event")
  }

  @Test("an id that nobody has used since is no profile to be merged, and erasing it changes nothing")
  func gone() throws {
    let erased = "{\"type\":\"delete\",\"userId\":\"anon\",\"timestamp\":5}"
    let told = try changes([Self.visit(1, "anon"), Self.alias(2), Self.alias(3), erased, Self.visit(6, "anon")])
    #expect(told.suffix(2) == ["2 known a entered 1 merged", "6 anon a entered 1 event"])
  }
}
