/// What is measured over the events that the steps leave.
extension ReadySelection {
  /// Whether the measure satisfies the predicate; without one, whether there is any event.
  func holds(_ wanted: Predicate?, at moment: Moment) -> Bool {
    let events = moment.events(of: self)
    guard by != nil else { return holds(wanted, over: events) }
    // Each value apart; true where it is true for any. An event with several values counts for each.
    return Set(events.flatMap { $0.roles[number].parts }).contains { part in
      holds(wanted, over: events.filter { $0.roles[number].parts.contains(part) })
    }
  }

  private func holds(_ wanted: Predicate?, over events: [Event]) -> Bool {
    guard let wanted else { return !events.isEmpty }
    return wanted.holds(for: values(over: events))
  }

  /// What the figure comes to; nothing where it is absent.
  func values(over events: [Event]) -> [Value] {
    switch figure {
    case .count: [.whole(events.count)]
    case .sum: [.number(Millionths.sum(numbers(of: events)))]
    case .distinct: [.whole(Set(events.flatMap { $0.roles[number].values.identities }).count)]
    // Of nothing, these are absent.
    case .average: Self.number(Millionths.average(numbers(of: events)))
    case .min: Self.number(numbers(of: events).min())
    case .max: Self.number(numbers(of: events).max())
    case .favorite: favorite(of: events).map { [$0] } ?? []
    case .firstAt: events.first.map { [.time($0.timeMs)] } ?? []
    case .lastAt: events.last.map { [.time($0.timeMs)] } ?? []
    case .first: events.first { !$0.roles[number].values.isEmpty }?.roles[number].values ?? []
    case .last: events.last { !$0.roles[number].values.isEmpty }?.roles[number].values ?? []
    }
  }

  private static func number(_ number: Int64?) -> [Value] { number.map { [.number($0)] } ?? [] }

  private func numbers(of events: [Event]) -> [Int64] { events.flatMap { $0.roles[number].numbers } }

  /// The value in most events; ties: the one whose latest event is newer, then the smaller string.
  private func favorite(of events: [Event]) -> Value? {
    var best: (value: Value, count: Int, latest: Int)?
    for value in Set(events.flatMap { $0.roles[number].values.identities }) {
      let places = events.indices.filter { events[$0].roles[number].values.contains(value) }
      guard let latest = places.last else { continue }
      let isBetter = best.map { (places.count, latest, $0.value.rank) > ($0.count, $0.latest, value.rank) } ?? true
      if isBetter { best = (value, places.count, latest) }
    }
    return best?.value
  }
}

extension Value {
  static func whole(_ number: Int) -> Value { .number(Int64(number) * Millionths.one) }

  /// What decides between favorites of one event: the smaller string. A number stands as its plain digits; of equal
  /// texts, a string comes before a number, and that before a boolean.
  fileprivate var rank: Rank {
    switch self {
    case .string(let text): Rank(text: text, kind: 0)
    case .number(let number): Rank(text: Text(Millionths.written(number)), kind: 1)
    case .boolean(let boolean): Rank(text: Text("\(boolean)"), kind: 2)
    case .object, .time: preconditionFailure("no favorite")
    }
  }

  struct Rank: Comparable {
    let text: Text
    let kind: Int

    static func < (left: Rank, right: Rank) -> Bool { (left.text, left.kind) < (right.text, right.kind) }
  }
}
