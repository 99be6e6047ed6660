import Delivery
import Pipeline
import Synchronization

/// What the demo's threads tell each other.
final class DemoState: Sendable {
  private struct Figures {
    var lane: LaneTotals?
    var delivered = 0
  }

  private let figures = Mutex(Figures())

  /// What the lane had done at its last commit.
  var lane: LaneTotals? {
    get { figures.withLock { $0.lane } }
    set { figures.withLock { $0.lane = newValue } }
  }

  /// How many changes stand in the warehouse.
  var delivered: Int {
    get { figures.withLock { $0.delivered } }
    set { figures.withLock { $0.delivered = newValue } }
  }

  /// Takes in what happens in the lane.
  func observe(_ event: LaneEvent) {
    switch event {
    case .committed(let totals), .ended(let totals): lane = totals
    default: break
    }
  }
}
