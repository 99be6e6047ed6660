import Glibc

/// A clock that never goes back.
enum MonotonicClock {
  /// Milliseconds since some instant in the past.
  static func nowMs() -> Int64 { milliseconds(of: CLOCK_MONOTONIC) }
}

/// The time of day.
enum WallTime {
  /// Milliseconds since 1970.
  static func nowMs() -> Int64 { milliseconds(of: CLOCK_REALTIME) }
}

private func milliseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
