import Audiences
import Testing
import YAML

/// The schema that editors complete test files by says the same as the reader.
struct ExampleSchemaTests {
  private static let event = "{ at: 2026-11-20T10:00:00Z, event: Order Completed }"
  private static let expectation = "{ at: 2026-11-20T12:00:00Z, audience: vip, status: in }"

  private static func isRight(_ event: String, _ expectation: String) throws -> (bySchema: Bool, byReader: Bool) {
    let text = "profiles: { ada: { events: [\(Self.event), \(event)], expect: [\(expectation)] } }\n"
    let root = try #require(Document(text: text, file: "vip").root)
    let project = try #require(
      Project.read(texts: [
        "topics/taxonomy.yaml": "events: { Order Completed: {} }\ntraits: { tier: string }\n",
        "ops/audiences/vip.yaml": "when: { event: Order Completed }\n",
      ]).project)
    let told = project.readExamples(contents: ["ops/audiences/vip.test.yaml": Array(text.utf8)]).diagnostics
    return (try SchemaValidator(SchemaTests.schema("test")).accepts(JSONValue(root)), told.isEmpty)
  }

  @Test(
    "Every form of an event is right for both",
    arguments: [
      "at: +3h, event: Order Completed, as: visitor, messageId: m_1", "at: +1d, identify: { tier: gold }",
      "at: +1d, identify: {}, was: visitor", "at: +1s, alias: visitor", "at: +1w, page: { title: Home }",
      "at: 2026-11-21, screen: {}", "at: +0s, delete: true", "at: +1m, type: track, event: Order Completed, userId: u",
      "at: +1m, type: identify, anonymousId: a, traits: { tier: gold }, context: { ip: x }",
    ])
  func rightEvents(event: String) throws {
    let answer = try Self.isRight("{ \(event) }", Self.expectation)
    #expect(answer.bySchema && answer.byReader, "\(answer)")
  }

  @Test(
    "What is no event is refused by both",
    arguments: [
      "event: Order Completed", "at: 3h, event: Order Completed", "at: +3h", "at: +3h, delete: false",
      "at: +3h, alias: visitor, was: other", "at: +3h, event: Order Completed, traits: {}", "at: +3h, page: Home",
      "at: +3h, type: order", "at: +3h, evnt: Order Completed", "at: +3h, event: Order Completed, userId: u",
    ])
  func wrongEvents(event: String) throws {
    let answer = try Self.isRight("{ \(event) }", Self.expectation)
    #expect(!answer.bySchema && !answer.byReader, "\(answer)")
  }

  @Test(
    "Every form of an expectation is right for both",
    arguments: [
      "at: +0s, status: out", "at: +3h, audience: vip, status: in, event: Order Completed",
      "at: 2026-11-21, status: out, reason: suppressed, by: vip, exited: 2026-11-20T12:00:00Z",
      "at: +1d, as: visitor, status: control, reason: held_out, entered: 2026-11-20",
    ])
  func rightExpectations(expectation: String) throws {
    let answer = try Self.isRight(Self.event, "{ \(expectation) }")
    #expect(answer.bySchema && answer.byReader, "\(answer)")
  }

  @Test(
    "What is no expectation is refused by both",
    arguments: [
      "at: +0s", "status: in", "at: +0s, status: inside", "at: +0s, status: out, reason: bored",
      "at: +0s, status: out, entered: +3h", "at: +0s, status: out, because: event", "at: 3h, status: out",
    ])
  func wrongExpectations(expectation: String) throws {
    let answer = try Self.isRight(Self.event, "{ \(expectation) }")
    #expect(!answer.bySchema && !answer.byReader, "\(answer)")
  }
}
