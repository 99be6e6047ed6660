/// Draws a log of the standard workload: about ten minutes between events, now and then a late one.
package struct WorkloadLog {
  private let profiles: Int
  private var state: UInt64
  private var nowMs: Int64

  /// The first of January 2026.
  package static let beginningMs: Int64 = 1_767_225_600_000

  package init(profiles: Int, seed: UInt64, fromMs: Int64 = beginningMs) {
    self.profiles = profiles
    state = seed
    nowMs = fromMs
  }

  package mutating func line(number: Int) -> String { event(number: number).line }

  /// The next event, and whose it is.
  package mutating func event(number: Int) -> (profile: String, line: String) {
    nowMs += Int64(draw(1_200_000))
    let timeMs = draw(20) == 0 ? nowMs - Int64(draw(7_200_000)) : nowMs
    let (event, properties) = happening(number)
    let profile = "u\(draw(profiles))"
    let line =
      "{\"type\":\"track\",\"event\":\"\(event)\",\"userId\":\"\(profile)\",\"messageId\":\"m\(number)\","
      + "\"timestamp\":\(timeMs),\"properties\":{\(properties)}}"
    return (profile, line)
  }

  private mutating func happening(_ number: Int) -> (String, String) {
    switch draw(10) {
    case 0...4: ("Product Viewed", "\"product_id\":\"sku-\(draw(20))\"")
    case 5...6: ("Checkout Started", "\"value\":\(draw(200))")
    case 7:
      (
        "Order Completed",
        "\"order_id\":\"o\(number)\",\"revenue\":\(draw(150)),"
          + "\"products\":[{\"product_id\":\"sku-0\(draw(2) == 0 ? "07" : "11")\",\"category\":\"coffee\"}]"
      )
    case 8: ("Message Opened", "")
    default: ("Journey Step Reached", "\"journey\":\"winback\",\"step\":\(draw(4))")
    }
  }

  /// A number below `end`.
  private mutating func draw(_ end: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(end))
  }
}
