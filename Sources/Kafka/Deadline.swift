import Glibc

/// An instant of the monotonic clock until which an operation may take.
///
/// librdkafka 2.0.2 sometimes returns early or late from its own timeouts, so retry loops here look at this clock.
struct Deadline: Sendable {
  private let endNs: Int64

  init(afterMs timeoutMs: Int32) {
    endNs = Deadline.nowNs() + Int64(timeoutMs) * 1_000_000
  }

  /// What is left, in milliseconds; 0 once the instant has passed.
  var remainingMs: Int32 {
    let left = (endNs - Deadline.nowNs() + 999_999) / 1_000_000
    return Int32(clamping: max(0, left))
  }

  var isOver: Bool { remainingMs == 0 }

  /// Waits before the next try of something that cannot be awaited, and not past the deadline.
  func pause(ms: Int32) {
    usleep(UInt32(min(ms, remainingMs)) * 1000)
  }

  private static func nowNs() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }
}
