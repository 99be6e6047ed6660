/// So many requests a second, and no more than those of a second at once.
struct RateLimit {
  private let perSecond: Double
  private var saved: Double
  private var atMs: Int64

  init(perSecond: Int, at nowMs: Int64) {
    self.perSecond = Double(perSecond)
    saved = Double(perSecond)
    atMs = nowMs
  }

  /// Takes one request's turn.
  /// - Returns: 0 where it may go now; else after how many milliseconds it is to be asked again.
  mutating func take(at nowMs: Int64) -> Int64 {
    saved = min(perSecond, saved + Double(nowMs - atMs) / 1000 * perSecond)
    atMs = nowMs
    guard saved < 1 else {
      saved -= 1
      return 0
    }
    return max(1, Int64(((1 - saved) / perSecond * 1000).rounded(.up)))
  }
}
