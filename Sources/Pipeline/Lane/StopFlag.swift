internal import Glibc
internal import Synchronization

/// Asks a lane to end after what it is doing; any thread may raise it.
public final class StopFlag: Sendable {
  private let raised = Atomic<Bool>(false)

  /// A flag that is down.
  public init() {}

  /// Whether the lane is to end.
  public var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Asks the lane to end.
  public func raise() { raised.store(true, ordering: .relaxed) }

  /// Waits so long, or until the flag is raised.
  public func wait(ms: Int64) {
    let endMs = WallClock.monotonicMs() + ms
    while !isRaised, WallClock.monotonicMs() < endMs { usleep(10_000) }
  }
}
