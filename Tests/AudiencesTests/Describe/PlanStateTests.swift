import Audiences
import Testing

@Suite("What is kept for an audience")
struct PlanStateTests {
  private func lines(_ condition: String, besides: [String: String] = [:], settings: String = "") throws -> [String] {
    var files = ["topics/taxonomy.yaml": TestProject.taxonomy + "\n"]
    files["ops/audiences/a.yaml"] = "when: \(condition)\n\(settings)\n"
    for (key, text) in besides { files["ops/audiences/\(key).yaml"] = text + "\n" }
    let (project, diagnostics) = Project.read(texts: files)
    let read = try #require(project, "\(diagnostics)")
    return try #require(Plan(read).state(ofAudience: "a")).map { "\($0.subject): \($0.text)" }
  }

  @Test(
    "is told for each form, with how much it is at most",
    arguments: [
      ("{ event: Order Completed }", "Order Completed: a count, 8 bytes"),
      ("{ event: Order Completed, within: 7d }", "Order Completed: the newest, 16 bytes"),
      (
        "{ event: Order Completed, within: 7d, count: { at_least: 3 } }",
        "Order Completed: the newest 3, at most 48 bytes"
      ),
      (
        "{ event: Order Completed, between: [2h, 24h] }",
        "Order Completed: each of the last 24 hours, 16 bytes; at most 1000, which are 16000 bytes"
      ),
      (
        "{ event: Order Completed, within: 2d, gap: 1h }",
        "Order Completed: each of the last 2 days, 24 bytes; at most 1000"
      ),
    ])
  func forms(condition: String, line: String) throws {
    #expect(try lines(condition) == [line, "membership: 16 bytes, once it has been entered"])
  }

  @Test("says what is shared, and what hold, stay and rejoin cost")
  func sharing() throws {
    let told = try lines(
      "{ event: Order Completed, within: 7d }",
      besides: ["b": "when: { not: { event: Order Completed, within: 30d } }"], settings: "hold_for: 1h")
    #expect(
      told == [
        "Order Completed: the newest, 16 bytes; shared with 1 other audience",
        "hold, stay and rejoin: 40 bytes, once the condition has held",
        "membership: 16 bytes, once it has been entered",
      ])
  }
}
