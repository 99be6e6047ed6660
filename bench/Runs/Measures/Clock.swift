import Glibc

/// What time it is: by a clock that never goes back, for intervals and pace, and by the clock that brokers stamp with.
enum Clock {
  static func nowNs() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

  /// Microseconds since 1970, to be compared with the timestamps of a broker on the same machine.
  static func wallUs() -> Int64 { nanoseconds(of: CLOCK_REALTIME) / 1000 }

  /// Sleeps until an instant of the clock of `nowNs`. A signal may end the sleep early.
  static func sleep(untilNs instant: Int64) {
    var time = timespec(tv_sec: Int(instant / 1_000_000_000), tv_nsec: Int(instant % 1_000_000_000))
    _ = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
  }

  private static func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
