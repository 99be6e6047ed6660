import Judge
import Testing

@Suite("The standard workload")
struct WorkloadTests {
  private static let day: Int64 = 86_400_000
  private static let hour: Int64 = 3_600_000

  /// The changes of one of the eight audiences, without the reasons: `7200000 entered`.
  private func changes(of key: String, _ lines: [String], untilMs: Int64) throws -> [String] {
    try BruteForceJudge(Workload.definitions, taxonomy: Workload.taxonomy, untilMs: untilMs).verdict(on: lines)
      .changes.filter { $0.audience == key }.map { "\($0.atMs) \($0.kind)" }
  }

  @Test("There are eight audiences")
  func eight() {
    #expect(Set(Workload.definitions.map(\.key)).count == 8)
  }

  @Test("A checkout is abandoned after two hours and for a day, unless an order comes")
  func checkoutAbandoners() throws {
    let checkout = track("Checkout Started", at: 0)
    #expect(
      try changes(of: "checkout-abandoners", [checkout], untilMs: Self.day) == ["7200000 entered", "86400000 exited"])
    #expect(try changes(of: "checkout-abandoners", [checkout, ordered(Self.hour)], untilMs: Self.day) == [])
    #expect(
      try changes(of: "checkout-abandoners", [checkout, ordered(3 * Self.hour)], untilMs: Self.day)
        == ["7200000 entered", "10800000 exited"])
  }

  @Test("Three views within a week, without an order")
  func browse() throws {
    let lines = [viewed(0), viewed(Self.hour), viewed(Self.day)]
    #expect(
      try changes(of: "browse-3x", lines, untilMs: 20 * Self.day)
        == ["\(Self.day) entered", "\(7 * Self.day) exited"])
    #expect(
      try changes(of: "browse-3x", [ordered(0)] + lines, untilMs: 20 * Self.day) == [])
  }

  @Test("The latest order 30 to 60 days ago, within 7 days, and of coffee 25 to 45 days ago")
  func latestOrders() throws {
    let coffee = ordered(0, #"{"order_id":"1","products":[{"category":"tea"},{"category":"coffee"}]}"#)
    let tea = ordered(Self.day, #"{"order_id":"2","products":[{"category":"tea"}]}"#)
    let end = 90 * Self.day
    #expect(
      try changes(of: "lapsed-30-60", [coffee, tea], untilMs: end)
        == ["\(31 * Self.day) entered", "\(61 * Self.day) exited"])
    #expect(try changes(of: "purchased-7d", [coffee, tea], untilMs: end) == ["0 entered", "\(8 * Self.day) exited"])
    #expect(
      try changes(of: "coffee-due", [coffee, tea], untilMs: end)
        == ["\(25 * Self.day) entered", "\(45 * Self.day) exited"])
  }

  @Test("Over 300 in all, and one product without the other")
  func everOrdered() throws {
    func order(_ id: Int64, _ revenue: String, _ product: String) -> String {
      ordered(id, "{\"order_id\":\(id),\"revenue\":\(revenue),\"products\":[{\"product_id\":\"\(product)\"}]}")
    }
    let lines = [order(1, "299.99", "sku-007"), order(2, "0.01", "sku-001"), order(3, "0.01", "sku-011")]
    #expect(try changes(of: "vip", lines, untilMs: 9) == ["3 entered"])
    #expect(try changes(of: "bought-a-not-b", lines, untilMs: 9) == ["1 entered", "3 exited"])
  }

  @Test("A journey's second step, no message opened within 12 hours, no order since")
  func winback() throws {
    let step = track("Journey Step Reached", at: 0, #"{"journey":"winback","step":2}"#)
    let opened = track("Message Opened", at: Self.hour)
    #expect(
      try changes(of: "winback-unopened", [step, opened], untilMs: 40 * Self.day)
        == ["0 entered", "\(Self.hour) exited", "\(13 * Self.hour) entered", "\(30 * Self.day) exited"])
    #expect(
      try changes(of: "winback-unopened", [step, ordered(Self.day)], untilMs: 40 * Self.day)
        == ["0 entered", "\(Self.day) exited"])
    let first = track("Journey Step Reached", at: 0, #"{"journey":"winback","step":1}"#)
    #expect(try changes(of: "winback-unopened", [first], untilMs: 40 * Self.day) == [])
  }
}
