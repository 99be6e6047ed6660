/// An event applied to a profile.
struct Event: Sendable {
  let timeMs: Int64
  /// Its place among the events of its profile as they came; a moved event comes after those already there.
  var arrival: Int
  /// What it is to each selection, by the selection's number.
  let roles: [Role]

  /// Order is everywhere by time, equal times by arrival.
  func isBefore(_ other: Event) -> Bool { (timeMs, arrival) < (other.timeMs, other.arrival) }
}

/// The steps, in the language's order: name, `where`, `since`, `gap`, `followed_by`, `not_followed_by`, `pick`,
/// `having`, window. The events are in order.
extension ReadySelection {
  /// What is left before the window cuts. None of this depends on the instant: no event lies after the clock.
  func leftBeforeWindow(of all: [Event]) -> [Event] {
    let events = all.filter { $0.roles[number].isOfConcern }
    var left = events.filter { $0.roles[number].isNamed }
    // Where there was no such event, every event is 'since'.
    if let reset = events.last(where: { $0.roles[number].isReset }) { left = left.filter { reset.isBefore($0) } }
    if let gapMs {
      // The predecessor is the one just before among those left so far; the first has none, and is not counted.
      left = zip(left, left.dropFirst()).filter { $1.timeMs - $0.timeMs >= gapMs }.map(\.1)
    }
    for step in follows { left = left.filter(kept(by: step, among: events)) }
    switch pick {
    case .first: left = Array(left.prefix(1))
    case .last: left = Array(left.suffix(1))
    case nil: break
    }
    return having.isEmpty ? left : left.filter { $0.roles[number].isHad }
  }

  /// Whether a later event of the step has come (`followed_by`), or none has (`not_followed_by`). It is looked for among
  /// all events, whatever `since` and `gap` left.
  private func kept(by step: ReadyFollowing, among events: [Event]) -> (Event) -> Bool {
    var later = events.filter { $0.roles[number].follows[step.place].isSuch }
    for nested in step.follows { later = later.filter(kept(by: nested, among: events)) }
    let candidates = later
    return { event in
      let same = event.roles[self.number].follows[step.place].same
      let hasCome = candidates.contains { candidate in
        guard event.isBefore(candidate) else { return false }
        if let withinMs = step.withinMs, candidate.timeMs - event.timeMs > withinMs { return false }
        // One value in common is enough; where either has none, they are not equal.
        return step.same == nil || !same.isDisjoint(with: candidate.roles[self.number].follows[step.place].same)
      }
      return hasCome == step.isWanted
    }
  }

  /// What the window leaves at an instant.
  func left(of events: [Event], at nowMs: Int64) -> [Event] {
    guard let window else { return events }
    return events.filter { window.contains(ageMs: nowMs - $0.timeMs) }
  }
}
