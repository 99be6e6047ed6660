/// When somebody who could not do a thing is asked again: ever more slowly, and not at one instant with all others who
/// wait for the same.
struct Backoff {
  /// When the first of the failures in a row was.
  private(set) var failingSinceMs: Int64?
  private var nextMs = Self.firstMs
  private var againAtMs: Int64 = 0

  private static let firstMs = 100
  private static let longestMs = 30_000
  /// Nobody is left alone for longer than an hour, whatever they say.
  private static let longestWishMs: Int64 = 3_600_000

  /// Whether something failed, and has not gone well since.
  var isFailing: Bool { failingSinceMs != nil }

  /// Whether it is time to ask.
  func isTime(at nowMs: Int64) -> Bool { nowMs >= againAtMs }

  /// How long until then, in milliseconds.
  func remainingMs(at nowMs: Int64) -> Int64 { max(0, againAtMs - nowMs) }

  /// Notes a failure.
  /// - Parameter leastMs: how long who failed wants to be left alone.
  /// - Returns: after how many milliseconds it is to be asked again: up to a half more than each time before, by chance.
  mutating func fail(at nowMs: Int64, leastMs: Int64 = 0) -> Int {
    failingSinceMs = failingSinceMs ?? nowMs
    // Who says when to come again is not asked by everybody at that very instant, either.
    let wished = Int(clamping: min(leastMs, Self.longestWishMs))
    let waitMs = max(nextMs, wished) + Int.random(in: 0...nextMs / 2)
    nextMs = min(nextMs * 2, Self.longestMs)
    againAtMs = nowMs + Int64(waitMs)
    return waitMs
  }

  /// Notes that it went well.
  mutating func succeed() { self = Backoff() }
}
