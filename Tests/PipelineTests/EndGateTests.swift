import Dispatch
import Synchronization
import Testing

@testable import Pipeline

@Suite("The gate at which the lanes of a process end")
struct EndGateTests {
  /// Threads meet in it as in no other lock: under `make thread-sanitizer` this also shows that a lock that threads wait
  /// for is no race.
  @Test("stays shut while one lane has work, whatever the others note at the same time, and then stays open")
  func manyAtOnce() {
    let lanes = 4
    let gate = EndGate(lanes: lanes)
    let openedEarly = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: lanes - 1) { lane in
      for turn in 0..<20_000 where gate.note(lane, isDone: turn % 3 != 0) {
        openedEarly.add(1, ordering: .relaxed)
      }
      if gate.note(lane, isDone: true) { openedEarly.add(1, ordering: .relaxed) }
    }
    #expect(openedEarly.load(ordering: .relaxed) == 0)
    #expect(gate.note(lanes - 1, isDone: true))
    #expect(gate.note(0, isDone: false))
  }
}
