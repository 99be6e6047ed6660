internal import Synchronization

/// Tells the lanes of a process when all of them have done what is there. A lane that has does not end before: its
/// partitions may still come to be shared with a lane that joins later, or those of others may come to it.
package final class EndGate: Sendable {
  private let waitsFor: Mutex<Set<Int>>

  package init(lanes: Int) { waitsFor = Mutex(Set(0..<lanes)) }

  /// Notes whether a lane has done everything for now.
  /// - Returns: whether all have; it stays so.
  func note(_ lane: Int, isDone: Bool) -> Bool {
    waitsFor.withLock { waiting in
      if waiting.isEmpty { return true }
      if isDone { waiting.remove(lane) } else { waiting.insert(lane) }
      return waiting.isEmpty
    }
  }
}
