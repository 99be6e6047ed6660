/// Where one profile stands in one audience.
struct Standing {
  /// Since when the condition has been true without a break.
  var holdsSinceMs: Int64?
  /// When it became eligible; nothing where it is not.
  var eligibleSinceMs: Int64?
  /// When it last ceased to be eligible.
  var ceasedMs: Int64?
  /// The stay has run out, and the condition has not been false since.
  var staysOut = false
  var status = Status.out
  /// What keeps it out although it is eligible: suppressed or outranked.
  var blocker: Reason?

  enum Status { case out, inside, control }

  var isEligible: Bool { eligibleSinceMs != nil }

  /// How eligibility moved at an evaluation.
  enum Move {
    case none
    case gained
    case lost
    /// Lost because the audience retired.
    case retired
    /// Lost because `stay_at_most` has passed.
    case stayed
  }

  /// Takes what the condition came to at an instant.
  mutating func take(holds: Bool, at nowMs: Int64, _ audience: Definition) -> Move {
    // An evaluation that finds the condition false breaks hold and stay, even within one instant.
    holdsSinceMs = holds ? holdsSinceMs ?? nowMs : nil
    let hasStayed = Self.has(eligibleSinceMs, plus: audience.stayAtMost, passedBy: nowMs)
    // Where the condition is false at the very evaluation at which the stay runs out, it has been false, and may bring
    // an entry at once; the reason of the exit is the stay all the same.
    staysOut = holds && (staysOut || hasStayed)
    let hasHeld = holdsSinceMs.map { nowMs >= $0 + (audience.holdFor?.milliseconds ?? 0) } ?? false
    let mayRejoin = ceasedMs.map { nowMs >= $0 + (audience.rejoinAfter?.milliseconds ?? 0) } ?? true
    let isRetired = audience.retireOnMs.map { nowMs >= $0 } ?? false
    let isNowEligible = hasHeld && !staysOut && mayRejoin && !isRetired
    guard isNowEligible != isEligible else { return .none }
    eligibleSinceMs = isNowEligible ? nowMs : nil
    if isNowEligible { return .gained }
    // Whatever ends eligibility begins `rejoin_after`.
    ceasedMs = nowMs
    return isRetired ? .retired : hasStayed ? .stayed : .lost
  }

  /// The instants at which hold, stay or rejoin run out.
  func dueInstants(_ audience: Definition) -> [Int64] {
    [(holdsSinceMs, audience.holdFor), (eligibleSinceMs, audience.stayAtMost), (ceasedMs, audience.rejoinAfter)]
      .compactMap { start, span in
        guard let start, let span else { return nil }
        return start + span.milliseconds
      }
  }

  private static func has(_ startMs: Int64?, plus span: Span?, passedBy nowMs: Int64) -> Bool {
    guard let startMs, let span else { return false }
    return nowMs >= startMs + span.milliseconds
  }
}

/// What brings an evaluation about.
enum Cause {
  /// Step 2 of the clock.
  case time
  case identify
  case event(String)
  case merge

  var reason: Reason {
    switch self {
    case .time: .expired
    case .identify: .trait
    case .event(let name): .event(name)
    case .merge: .merged
    }
  }
}

extension Standing {
  /// Moves to a status, and tells the changes: kinds and their one reason.
  ///
  /// The reason is the first that applies, in the language's order.
  mutating func move(to next: Status, blocker nextBlocker: Reason?, _ move: Move, because cause: Cause)
    -> (kinds: [ChangeKind], reason: Reason)
  {
    let (before, blockerBefore) = (status, blocker)
    (status, blocker) = (next, nextBlocker)
    let reason: Reason
    switch (cause, move) {
    // Whatever a merge brings the known profile, its reason stands before all that could be said of eligibility.
    case (.merge, _): reason = .merged
    case (_, .retired): reason = .definition
    case (_, .stayed): reason = .stay
    case (_, .gained), (_, .lost): reason = cause.reason
    // An entry whose eligibility did not change names what had kept the person out until now.
    case (_, .none): reason = (before == .out ? blockerBefore : nextBlocker) ?? .heldOut
    }
    return (Self.kinds(from: before, to: next), reason)
  }

  /// The changes that a turn of status publishes, in order.
  private static func kinds(from before: Status, to next: Status) -> [ChangeKind] {
    switch (before, next) {
    case (.out, .inside): [.entered]
    case (.inside, .out): [.exited]
    case (.out, .control): [.heldOut]
    case (.control, .out): [.holdoutEnded]
    case (.control, .inside): [.holdoutEnded, .entered]
    case (.inside, .control): [.exited, .heldOut]
    case (.out, .out), (.inside, .inside), (.control, .control): []
    }
  }

  /// The change that ends a membership for good, if there is one to end.
  var ending: ChangeKind? { Self.kinds(from: status, to: .out).first }
}
