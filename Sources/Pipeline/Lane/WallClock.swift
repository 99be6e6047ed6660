public import Events
internal import Glibc

/// What time it is. The lane asks only where language.md lets the wall clock take part: at the end of a partition.
public struct WallClock: Sendable {
  private let origin: Instant
  private let startedMs: Int64
  private let speed: Double

  /// The time of this machine.
  public static let system = WallClock(origin: Instant(ms: 0), startedMs: 0, speed: 1)

  /// A clock that stands at `origin` now and goes `speed` times as fast as time: the demo's.
  public static func running(from origin: Instant, speed: Double) -> WallClock {
    WallClock(origin: origin, startedMs: systemMs(), speed: speed)
  }

  /// The same, started when the time of day was `startedAt`.
  package static func running(from origin: Instant, speed: Double, startedAt: Instant) -> WallClock {
    WallClock(origin: origin, startedMs: startedAt.ms, speed: speed)
  }

  private init(origin: Instant, startedMs: Int64, speed: Double) {
    self.origin = origin
    self.startedMs = startedMs
    self.speed = speed
  }

  /// The instant by this clock.
  public func now() -> Instant { instant(at: Instant(ms: Self.systemMs())) }

  /// The instant by this clock when the time of day is `system`.
  package func instant(at system: Instant) -> Instant {
    let elapsedMs = system.ms - startedMs
    return Instant(ms: origin.ms + (speed == 1 ? elapsedMs : Int64(Double(elapsedMs) * speed)))
  }

  private static func systemMs() -> Int64 { milliseconds(of: CLOCK_REALTIME) }

  /// Milliseconds of a clock that never goes back, for intervals. It goes on while the machine sleeps.
  static func monotonicMs() -> Int64 { milliseconds(of: CLOCK_BOOTTIME) }

  private static func milliseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
