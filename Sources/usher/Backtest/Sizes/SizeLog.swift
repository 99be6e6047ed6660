import Engine
import Events

/// How many came into each audience and its control, less those who left, by steps of time.
///
/// A change counts from the first end of a step on that is not before it: so the sum up to an instant that ends a step
/// is exactly who is in at that instant. Only steps in which something changed take room.
struct SizeLog {
  let audiences: Int
  /// How long a step is.
  private(set) var stepMs: Int64
  private let widens: Bool
  private var slots: [Int64: Int] = [:]
  /// For each slot and audience: members, and those held out.
  private var differences: [Int32] = []
  private var last: (step: Int64, slot: Int)?

  /// So many steps may take room before they are made longer.
  private static let most = 4096

  /// Steps of one length or, where none is given, of a length that grows with what is counted.
  init(audiences: Int, stepMs: Int64? = nil) {
    self.audiences = audiences
    self.stepMs = stepMs ?? SizeStep.chainMs[0]
    widens = stepMs == nil
  }

  mutating func add(_ kind: Change.Kind, audience: Int, at instant: Instant) {
    let place = slot(of: instant.ms.dividedUp(by: stepMs)) * audiences * 2 + audience * 2
    switch kind {
    case .entered: differences[place] += 1
    case .exited: differences[place] -= 1
    case .heldOut: differences[place + 1] += 1
    case .holdoutEnded: differences[place + 1] -= 1
    case .updated: return
    }
    while widens && slots.count > Self.most, let longer = SizeStep.next(after: stepMs) { widen(to: longer) }
  }

  private mutating func slot(of step: Int64) -> Int {
    if let last, last.step == step { return last.slot }
    let slot = slots[step] ?? slots.count
    if slot == slots.count {
      slots[step] = slot
      differences.append(contentsOf: repeatElement(0, count: audiences * 2))
    }
    last = (step, slot)
    return slot
  }

  private mutating func widen(to longer: Int64) {
    let before = self
    stepMs = longer
    (slots, differences, last) = ([:], [], nil)
    for (step, old) in before.slots.sorted(by: { $0.key < $1.key }) {
      let new = slot(of: (step * before.stepMs).dividedUp(by: longer))
      for at in 0..<audiences * 2 {
        differences[new * audiences * 2 + at] += before.differences[old * audiences * 2 + at]
      }
    }
  }

  /// Who is in at instant after instant, which must not go back.
  func walk() -> Walk { Walk(log: self, steps: slots.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }

  /// The sizes at one instant after the other.
  struct Walk {
    private let log: SizeLog
    private var steps: ArraySlice<(step: Int64, slot: Int)>
    /// For each audience, how many are in.
    private(set) var members: [Int]
    /// For each audience, how many its holdout keeps out.
    private(set) var controls: [Int]

    fileprivate init(log: SizeLog, steps: [(step: Int64, slot: Int)]) {
      self.log = log
      self.steps = steps[...]
      members = Array(repeating: 0, count: log.audiences)
      controls = members
    }

    /// Goes on to an instant; `nil` stands for the end.
    mutating func goOn(to instant: Instant?) {
      while let next = steps.first, instant.map({ next.step * log.stepMs <= $0.ms }) ?? true {
        let start = next.slot * log.audiences * 2
        for audience in 0..<log.audiences {
          members[audience] += Int(log.differences[start + audience * 2])
          controls[audience] += Int(log.differences[start + audience * 2 + 1])
        }
        steps.removeFirst()
      }
    }
  }
}
