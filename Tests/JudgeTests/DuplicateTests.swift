import Judge
import Testing

@Suite("Duplicates")
struct DuplicateTests {
  private func judged(_ lines: [String]) throws -> Verdict { try verdict(.event(Leaf(["Order Completed"])), lines) }

  /// So many events of other names, each with a `messageId` of its own.
  private func others(_ count: Int) -> [String] {
    (0..<count).map { track("Product Viewed", at: 1000, id: "other-\($0)") }
  }

  private func order(_ orderId: String, id: String? = nil) -> String {
    track("Order Completed", at: 1000, id: id, "{\"order_id\":\(orderId)}")
  }

  @Test("A messageId among the last 64 of its profile is a duplicate; the one before them is not")
  func lastSixtyFour() throws {
    let record = track("Order Completed", at: 1000, id: "m")
    #expect(try judged([record] + others(63) + [record]).duplicateMessages == 1)
    #expect(try judged([record] + others(64) + [record]).duplicateMessages == 0)
  }

  @Test("Records without a messageId take no place among the 64")
  func withoutMessageId() throws {
    let record = track("Order Completed", at: 1000, id: "m")
    let silent = [String](repeating: viewed(1000), count: 100)
    #expect(try judged([record] + silent + [record]).duplicateMessages == 1)
  }

  @Test("A dropped duplicate is not remembered again")
  func notRememberedAgain() throws {
    let record = track("Order Completed", at: 1000, id: "m")
    #expect(try judged([record] + others(63) + [record] + [track("x", at: 1000, id: "n"), record]).duplicates == 1)
  }

  @Test("Every record counts, an identify too; another profile's ids do not")
  func acrossRecords() throws {
    let identify = #"{"type":"identify","userId":"u","messageId":"m","timestamp":1000}"#
    #expect(try judged([identify, track("Order Completed", at: 1000, id: "m")]).duplicates == 1)
    #expect(try judged([identify, track("Order Completed", at: 1000, user: "v", id: "m")]).duplicates == 0)
  }

  @Test("A unique value among those of the last 64 events of its name is a duplicate")
  func uniqueValue() throws {
    let silent = [String](repeating: ordered(1000), count: 63)
    #expect(try judged([order("\"o\"")] + silent + [order("\"o\"")]).duplicateValues == 1)
    #expect(try judged([order("\"o\"")] + silent + [ordered(1000), order("\"o\"")]).duplicateValues == 0)
    #expect(try judged([order("\"o\"")] + others(99) + [order("\"o\"")]).duplicateValues == 1)
  }

  @Test("\"7\", \"7.0\" and 7 are three unique values; 7 and 7.0 are one; null, [] and numbers too big are none")
  func identity() throws {
    #expect(try judged([order("\"7\""), order("\"7.0\""), order("7")]).duplicateValues == 0)
    #expect(try judged([order("7"), order("7.0"), order("70e-1")]).duplicateValues == 2)
    #expect(try judged(["null", "[]", "1e30", "{}"].flatMap { [order($0), order($0)] }).duplicateValues == 0)
    #expect(try judged([order("\"caf\u{e9}\""), order("\"cafe\u{301}\"")]).duplicateValues == 0)
  }

  @Test("One dropped for its unique value leaves its messageId, and is not counted")
  func dropped() throws {
    let lines = [order("1", id: "m1"), order("1", id: "m2"), track("Product Viewed", at: 1000, id: "m2")]
    let verdict = try judged(lines)
    #expect(verdict.duplicateValues == 1)
    #expect(verdict.duplicateMessages == 1)
    let twice = Condition.event(Leaf(["Order Completed"], measure: .count(atLeast(2))))
    #expect(try !isMember(twice, [order("1"), order("1")]))
    #expect(try isMember(twice, [order("1"), order("2")]))
  }
}
