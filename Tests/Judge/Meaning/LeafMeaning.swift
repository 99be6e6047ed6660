/// An event applied to a profile.
struct Event: Sendable {
  let timeMs: Int64
  /// Its place in the log.
  let arrival: Int
  /// What it is to each leaf, by the leaf's number.
  let roles: [Role]

  /// Order is everywhere by time, equal times by arrival.
  func isBefore(_ other: Event) -> Bool { (timeMs, arrival) < (other.timeMs, other.arrival) }
}

extension ReadyLeaf {
  /// Whether the leaf holds at an instant. The steps come in the language's order: name, `where`, `since`, `pick`,
  /// `having`, window, measure. The events are in order.
  func holds(over events: [Event], at nowMs: Int64) -> Bool {
    var left: [Event] = []
    let reset = leaf.since == nil ? nil : events.last { $0.roles[number].isReset }
    for event in events where event.roles[number].isNamed {
      // Where there was no such event, every event is 'since'.
      if let reset, !reset.isBefore(event) { continue }
      left.append(event)
    }
    switch leaf.pick {
    case .first: left = Array(left.prefix(1))
    case .last: left = Array(left.suffix(1))
    case nil: break
    }
    if !leaf.having.isEmpty { left = left.filter { $0.roles[number].isHad } }
    if let window = leaf.window { left = left.filter { window.contains(ageMs: nowMs - $0.timeMs) } }
    return measured(left)
  }

  private func measured(_ events: [Event]) -> Bool {
    switch leaf.measure {
    case nil: return !events.isEmpty
    case .count(let wanted): return wanted.holds(for: [.number(Int64(events.count) * Millionths.one)])
    case .sum(_, _, let wanted): return wanted.holds(for: [.number(Millionths.sum(numbers(of: events)))])
    // The least and the greatest of nothing are absent.
    case .min(_, let wanted): return wanted.holds(for: numbers(of: events).min().map { [.number($0)] } ?? [])
    case .max(_, let wanted): return wanted.holds(for: numbers(of: events).max().map { [.number($0)] } ?? [])
    }
  }

  private func numbers(of events: [Event]) -> [Int64] { events.flatMap { $0.roles[number].numbers } }
}
