import Audiences
import Events
import Foundation
import Testing
import YAML

@testable import usher

/// `usher describe`, from definitions to what is said.
struct DescribeTests {
  private static func project() throws -> Project {
    let (project, diagnostics) = Project.read(texts: [
      "topics/taxonomy.yaml":
        "events: { Order Completed: { properties: { revenue: number } }, Checkout Started: {} }\ntraits: { tier: string }\n",
      "ops/traits.yaml": "spent: { event: Order Completed, sum: { of: revenue } }\n",
      "ops/audiences/abandoners.yaml": """
      name: CI | Abandoners
      version: 2
      owner: team@shop.example
      purpose: retarget
      goal: To bring them back
      when:
        all:
          - { event: Checkout Started, pick: last, between: [2h, 24h] }
          - not: { event: Order Completed, since: Checkout Started }
      to: { warehouse: all }
      """,
      "ops/audiences/buyers.yaml": "when: { event: Order Completed, within: 7d }\n",
    ])
    return try #require(project, "\(diagnostics.map(\.description))")
  }

  private static let text = DescriptionText(width: 80)

  @Test func anAudienceIsToldInFull() throws {
    let line = StateLine(subject: "Checkout Started", text: "one time of 8 bytes")
    let description = try #require(try Self.project().describe(audience: "abandoners", state: [line]))
    #expect(
      Self.text.of(description) == """
        CI | Abandoners (abandoners), version 2, to retarget, owner team@shop.example
        Goal: To bring them back

        People whose latest Checkout Started was 2 to 24 hours ago, with no Order
        Completed since.

        Conditions:
          all of:
            whose latest Checkout Started was 2 to 24 hours ago
            who had no Order Completed since the latest Checkout Started [or ever,
              where there was no Checkout Started]

        Changes by time alone:
          2 hours and 24 hours after the latest Checkout Started

        Looks at:
          events: Checkout Started, Order Completed

        Is looked at by:
          Nothing.

        Its changes go to:
          The warehouse: every change.
          An entry is told as Audience Entered.
          An exit is told as Audience Exited.

        State of each profile:
          Checkout Started: one time of 8 bytes

        """)
  }

  @Test func aTraitIsToldInFull() throws {
    let trait = try #require(try Self.project().describe(trait: "spent"))
    #expect(
      Self.text.of(trait) == """
        spent: the total revenue over Order Completed events.

        Changes by time alone:
          Never: only events and traits change it.

        Looks at:
          events: Order Completed

        Is looked at by:
          Nothing.

        """)
  }

  @Test func withoutAKeyEveryAudienceIsTold() throws {
    let list = Self.text.list(try Self.project().describeAudiences())
    #expect(
      list == """
          abandoners  People whose latest Checkout Started was 2 to 24 hours ago, with
                      no Order Completed since.
          buyers      People who had an Order Completed in the last 7 days.

        """)
  }

  @Test func programsGetTheSame() throws {
    let description = try #require(try Self.project().describe(audience: "abandoners"))
    let object = try JSONSerialization.jsonObject(with: Data(description.json.text.utf8)) as? [String: Any]
    #expect(object?["key"] as? String == "abandoners")
    #expect(object?["version"] as? Int == 2)
    #expect(object?["sentence"] as? String == description.sentence)
    #expect((object?["conditions"] as? [[String: Any]])?.count == 3)
    #expect(object?["time_changes"] as? [String] == ["2 hours and 24 hours after the latest Checkout Started"])
    let trait = try #require(try Self.project().describe(trait: "tier"))
    let told = try JSONSerialization.jsonObject(with: Data(trait.json.text.utf8)) as? [String: Any]
    #expect(told?["computed"] as? Bool == false)
    #expect(told?["phrase"] as? String == "text that 'identify' sets")
  }

  @Test func aWordThatIsNoneNamesTheNearest() throws {
    let folder = try ProjectFolder(audiences: ["buyers": "when: { event: Order Completed }\n"])
    let said = try Recorder()
    let dispatch = Dispatch(verbs: [.describe])
    #expect(dispatch.run(["describe", "buyer", "--project", folder.path], error: said.terminal) == 1)
    #expect(said.said.contains("there is no audience 'buyer'"))
    #expect(said.said.contains("did you mean 'buyers'?"))
    #expect(dispatch.run(["describe", "buyers", "--trait", "x", "--project", folder.path], error: said.terminal) == 2)
  }

  @Test func everySampleIsDescribed() throws {
    let (project, _) = Project.read(folder: projectFolder)
    let descriptions = try #require(project).describeAudiences()
    #expect(!descriptions.isEmpty)
    for description in descriptions {
      let text = Self.text.of(description)
      #expect(text.contains("People wh") && !text.contains("Optional("), "\(text)")
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    }
  }

  @Test func documentsAreWrittenAsJSON() {
    let value = JSONValue.object([
      ("text", .string("a\"b\n")), ("none", nil), ("list", .array([.integer(1), .bool(true)])), ("empty", .array([])),
    ])
    #expect(value.text == "{\n  \"text\": \"a\\\"b\\n\",\n  \"list\": [\n    1,\n    true\n  ],\n  \"empty\": []\n}\n")
  }
}
