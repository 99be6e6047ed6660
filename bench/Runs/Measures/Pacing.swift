/// So many events a second, in small steps: how many are due, and when to look again.
struct Pacing: Sendable {
  /// Events a second.
  let rate: Int
  /// How many there are in all.
  let total: Int
  /// The length of a step. Short, so that a step's events are no burst; long enough that most of it is sleep.
  let stepNs: Int64

  /// A pace that lasts for so many milliseconds.
  init(rate: Int, forMs: Int64, stepNs: Int64 = 5_000_000) {
    self.rate = rate
    self.stepNs = stepNs
    total = Int((Int64(rate) * forMs) / 1000)
  }

  /// How many events are due so long after the start. Counted from the start each time, so that what one step was too
  /// slow for, the next one makes up, and no rounding adds up.
  func due(afterNs elapsedNs: Int64) -> Int {
    guard elapsedNs > 0 else { return 0 }
    let (seconds, rest) = elapsedNs.quotientAndRemainder(dividingBy: 1_000_000_000)
    return min(total, Int(seconds) * rate + Int(rest * Int64(rate) / 1_000_000_000))
  }

  /// The first step that begins later than so long after the start.
  func nextStepNs(afterNs elapsedNs: Int64) -> Int64 { (elapsedNs / stepNs + 1) * stepNs }
}
