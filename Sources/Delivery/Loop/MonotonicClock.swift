import Glibc

/// A clock that never goes back.
enum MonotonicClock {
  /// Milliseconds since some instant in the past.
  static func nowMs() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Waits; ends earlier where it is to stop.
  static func pause(ms: Int, unless shouldStop: () -> Bool) {
    let endMs = nowMs() + Int64(ms)
    while !shouldStop() {
      let leftMs = endMs - nowMs()
      guard leftMs > 0 else { return }
      usleep(UInt32(min(leftMs, 20)) * 1000)
    }
  }
}
