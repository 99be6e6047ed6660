internal import Synchronization

/// What a lane does, for whoever looks whether it still does anything.
public enum LanePhase: Int, Sendable {
  /// It checks its topics and fences whoever ran under its name.
  case starting
  /// It waits for records or for the group, and applies what comes.
  case reading
  /// It reads the states of partitions that came to it.
  case restoring
  /// It takes profiles over that were kept under former definitions.
  case adopting
  /// It shuts out former owners of partitions.
  case fencing
  /// It commits a transaction.
  case committing
  /// It replaces its producer after a failure.
  case recovering
  /// It tells the group and the brokers that it ends.
  case closing
  /// It has ended.
  case ended
}

/// A lane's signs of life. The lane gives them, the watchdog reads them.
package final class LaneProgress: Sendable {
  /// Nothing was done yet.
  package init() {}

  private let steps = Atomic<Int>(0)
  private let now = Atomic<Int>(LanePhase.starting.rawValue)

  /// Another phase begins, which is a step too.
  func enter(_ phase: LanePhase) {
    now.store(phase.rawValue, ordering: .relaxed)
    step()
  }

  /// Something was done.
  func step() { steps.add(1, ordering: .relaxed) }

  package var phase: LanePhase { LanePhase(rawValue: now.load(ordering: .relaxed)) ?? .reading }
  package var count: Int { steps.load(ordering: .relaxed) }
}
