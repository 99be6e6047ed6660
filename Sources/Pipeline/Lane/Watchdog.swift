internal import Glibc
internal import Synchronization

/// Looks whether the lanes of a process get on, from a thread of its own.
///
/// A lane can be stuck in a call that never returns, and its group does not notice: librdkafka 2.0.2 gives signs of life
/// for it, whatever it does (fixed in 2.1.0). Only the end of the process gives its partitions to others then.
final class Watchdog: Sendable {
  private let lanes: [LaneProgress]
  private let limitMs: Int64
  private let isCalledOff = Atomic<Bool>(false)

  /// Watches lanes that may take `limitMs` for a step.
  init(_ lanes: [LaneProgress], limitMs: Int64) {
    self.lanes = lanes
    self.limitMs = limitMs
  }

  /// No lane needs to be watched any more.
  func callOff() { isCalledOff.store(true, ordering: .relaxed) }

  /// Looks until a lane has not got on for too long, or it is called off.
  /// - Returns: the lane that stands still, in what phase and for how long.
  func watch() -> (lane: Int, phase: LanePhase, stillMs: Int64)? {
    let pauseMs = max(10, min(500, limitMs / 8))
    var counts = lanes.map(\.count)
    var stillMs = lanes.map { _ in Int64(0) }
    var lookedMs = WallClock.monotonicMs()
    while !isCalledOff.load(ordering: .relaxed) {
      usleep(UInt32(pauseMs * 1000))
      let nowMs = WallClock.monotonicMs()
      // Where the whole process or machine stood still, no lane had the time to get on.
      let passedMs = min(nowMs - lookedMs, 2 * pauseMs)
      lookedMs = nowMs
      for (number, lane) in lanes.enumerated() {
        let hasGotOn = lane.count != counts[number] || lane.phase == .ended
        counts[number] = lane.count
        stillMs[number] = hasGotOn ? 0 : stillMs[number] + passedMs
        if stillMs[number] >= limitMs { return (number, lane.phase, stillMs[number]) }
      }
    }
    return nil
  }
}
