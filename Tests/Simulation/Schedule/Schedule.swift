import Glibc
import Judge

/// Virtual time, and whose turn it is. Of all fibers one runs at a time; of what falls on one instant chance decides the
/// order.
///
/// `@unchecked Sendable`: only who has the turn touches it, or anything else of the simulation.
final class Schedule: @unchecked Sendable {
  /// Milliseconds since the simulation began.
  private(set) var nowMs: Int64 = 0
  /// All chance of the simulation comes from here.
  var chance: Dice
  /// How many turns there were.
  private(set) var turns = 0

  private var queue = TurnQueue()
  private let main = Fiber()
  private var running: Fiber

  init(seed: UInt64) {
    chance = Dice(seed: seed)
    running = main
  }

  /// Does something at an instant, in between the turns of fibers.
  func at(_ instantMs: Int64, _ action: @escaping () -> Void) {
    queue.add(Turn(atMs: max(instantMs, nowMs), tie: chance.next(), whose: .action(action)))
  }

  func after(_ ms: Int64, _ action: @escaping () -> Void) { at(nowMs + ms, action) }

  /// Starts a fiber. Its first turn comes at once, or a little later.
  func start(_ body: @escaping () -> Void) {
    let fiber = Fiber()
    queue.add(Turn(atMs: nowMs, tie: chance.next(), whose: .fiber(fiber)))
    fiber.begin {
      body()
      self.handOver(from: fiber, isDone: true)
    }
  }

  /// Ends the turn of the one that runs. Its next comes at that instant.
  func sleep(untilMs: Int64) {
    let fiber = running
    queue.add(Turn(atMs: max(untilMs, nowMs), tie: chance.next(), whose: .fiber(fiber)))
    handOver(from: fiber, isDone: false)
  }

  func sleep(ms: Int64) { sleep(untilMs: nowMs + max(0, ms)) }

  private func handOver(from fiber: Fiber, isDone: Bool) {
    while let turn = queue.next() {
      nowMs = turn.atMs
      turns += 1
      switch turn.whose {
      case .action(let action): action()
      case .fiber(let next):
        if next === fiber { return }
        running = next
        next.wake()
        if !isDone { fiber.wait() }
        return
      }
    }
    preconditionFailure("nobody has a turn any more")
  }
}

/// Something that happens at an instant.
struct Turn {
  enum Whose {
    case fiber(Fiber)
    case action(() -> Void)
  }
  let atMs: Int64
  let tie: UInt64
  let whose: Whose

  func isBefore(_ other: Turn) -> Bool { atMs != other.atMs ? atMs < other.atMs : tie < other.tie }
}

/// Turns by their instants: a binary heap.
struct TurnQueue {
  private var heap: [Turn] = []

  mutating func add(_ turn: Turn) {
    heap.append(turn)
    var place = heap.count - 1
    while place > 0, heap[place].isBefore(heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func next() -> Turn? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first }
    heap[0] = last
    var place = 0
    while true {
      var smallest = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBefore(heap[smallest]) {
        smallest = child
      }
      if smallest == place { return first }
      heap.swapAt(place, smallest)
      place = smallest
    }
  }
}
