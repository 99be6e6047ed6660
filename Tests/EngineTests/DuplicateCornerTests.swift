import Engine
import Testing

/// What a duplicate is, by hand (language, section 2).
@Suite("The engine drops duplicates")
struct DuplicateCornerTests {
  private static let files = [
    "topics/taxonomy.yaml": """
    events:
      Visit: {}
      Order:
        unique: order_id
        properties: { order_id: string }
        property_aliases: { order_id: [transaction_id] }
    """,
    "ops/audiences/a.yaml": "when: { event: [Order, Visit], count: { at_least: 1000 } }\n",
  ]

  private func counts(_ events: [String]) throws -> EngineCounts {
    try ProjectRun(files: Self.files, lines: events, partitions: 1, untilMs: nil).counts
  }

  private func visit(_ messageId: String, of user: String = "u") -> String {
    "{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"\(user)\",\"timestamp\":5,\"messageId\":\"\(messageId)\"}"
  }

  private func order(_ properties: String, messageId: String? = nil) -> String {
    let id = messageId.map { ",\"messageId\":\"\($0)\"" } ?? ""
    return "{\"type\":\"track\",\"event\":\"Order\",\"userId\":\"u\",\"timestamp\":5\(id),\"properties\":\(properties)}"
  }

  @Test("whose message id is among the last 64 of the profile, and no further back")
  func messageIds() throws {
    let first64 = (0..<64).map { visit("m\($0)") }
    #expect(try counts(first64 + [visit("m0")]).duplicates == 1)
    #expect(try counts(first64 + [visit("m64"), visit("m0")]).duplicates == 0)
    #expect(try counts(first64 + [visit("m64"), visit("m1")]).duplicates == 1)
    #expect(
      try counts(first64 + [visit("m63"), visit("m63"), visit("m0")]).duplicates == 3, "a dropped one takes no place")
    #expect(try counts([visit("m0"), visit("m0", of: "v")]).duplicates == 0, "of another profile")
    let many = (0..<1000).flatMap { [visit("m\($0)"), visit("m\(max(0, $0 - 63))")] }
    #expect(try counts(many).duplicates == 1000)
    let identify = #"{"type":"identify","userId":"u","timestamp":5,"messageId":"m0"}"#
    #expect(try counts([identify, visit("m0")]).duplicates == 1, "of any kind of record")
  }

  @Test("whose unique value is among those of the last 64 events of that name")
  func uniqueValues() throws {
    let first64 = (0..<64).map { order("{\"order_id\":\"o\($0)\"}") }
    #expect(try counts(first64 + [order(#"{"order_id":"o0"}"#)]).repeatedEvents == 1)
    #expect(try counts(first64 + [order(#"{"order_id":"o64"}"#), order(#"{"order_id":"o0"}"#)]).repeatedEvents == 0)
    #expect(
      try counts(first64 + [order("{}"), order(#"{"order_id":"o0"}"#)]).repeatedEvents == 0, "one without takes a place"
    )
    #expect(
      try counts(first64 + [visit("v"), order(#"{"order_id":"o0"}"#)]).repeatedEvents == 1, "another event takes none")
    #expect(try counts([order("{}"), order("{}"), order(#"{"order_id":null}"#)]).repeatedEvents == 0)
  }

  @Test("whatever name the property has, and each of its values for itself")
  func uniqueNames() throws {
    #expect(try counts([order(#"{"order_id":"o"}"#), order(#"{"transaction_id":"o"}"#)]).repeatedEvents == 1)
    #expect(try counts([order(#"{"order_id":["a","b"]}"#), order(#"{"order_id":"b"}"#)]).repeatedEvents == 1)
    #expect(
      try counts([order(#"{"order_id":"b"}"#), order(#"{"order_id":["a",["b"]]}"#), order(#"{"order_id":"a"}"#)])
        .repeatedEvents == 1)
    #expect(try counts([order(#"{"order_id":["a","a"]}"#)]).applied == 1)
    let kinds = [#""7""#, #""7.0""#, "7", "true", #""true""#, "{}", "[{}]"].map { order("{\"order_id\":\($0)}") }
    #expect(try counts(kinds).repeatedEvents == 0)
    #expect(try counts([order(#"{"order_id":7}"#), order(#"{"order_id":7.0}"#)]).repeatedEvents == 1)
  }

  @Test("and one dropped for its unique value leaves its message id")
  func leavesMessageId() throws {
    let told = try counts([
      order(#"{"order_id":"o"}"#, messageId: "m1"), order(#"{"order_id":"o"}"#, messageId: "m2"), visit("m2"),
    ])
    #expect(told.repeatedEvents == 1 && told.duplicates == 1 && told.applied == 1)
  }

  @Test("in time, however many values an event has")
  func manyValues() throws {
    func values(_ round: Int) -> String {
      order("{\"order_id\":[\((0..<2000).map { "\($0 + round * 2000)" }.joined(separator: ","))]}")
    }
    let told = try counts((0..<70).map(values) + [order(#"{"order_id":138000}"#), order(#"{"order_id":0}"#)])
    #expect(told.repeatedEvents == 1 && told.applied == 71)
  }
}
