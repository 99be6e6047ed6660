/// A leaf over a profile's events.
public struct Leaf: Sendable, Hashable {
  /// `event`: names; one of them is enough.
  public var events: [String]
  /// `where`: every clause must hold.
  public var filter: [Clause]
  /// `since`: only events after the latest such event.
  public var since: Since?
  /// `gap`: only events whose predecessor is at least this much older.
  public var gap: Span?
  /// `followed_by` and `not_followed_by`, at most one of each.
  public var follows: [Following]
  /// `pick`: only the first or the last of those.
  public var pick: Pick?
  /// `having`: clauses on the one picked.
  public var having: [Clause]
  /// `within` or `between`.
  public var window: Window?
  /// `by`: measured for each value of this property apart.
  public var by: String?
  /// The measure; without one, `count: { at_least: 1 }`.
  public var measure: Measure?

  /// A leaf; every part but the names may be left out.
  public init(
    _ events: [String], where filter: [Clause] = [], since: Since? = nil, gap: Span? = nil, follows: [Following] = [],
    pick: Pick? = nil, having: [Clause] = [], window: Window? = nil, by: String? = nil, measure: Measure? = nil
  ) {
    self.events = events
    self.filter = filter
    self.since = since
    self.gap = gap
    self.follows = follows
    self.pick = pick
    self.having = having
    self.window = window
    self.by = by
    self.measure = measure
  }
}

/// A predicate on the values at a path.
public struct Clause: Sendable, Hashable {
  /// The property's path, such as `products.category`.
  public var path: String
  /// What its values must satisfy.
  public var predicate: Predicate

  /// A predicate at a path.
  public init(_ path: String, _ predicate: Predicate) {
    self.path = path
    self.predicate = predicate
  }
}

/// The event that a leaf counts from.
public struct Since: Sendable, Hashable {
  /// The event's name.
  public var event: String
  /// Which of them count.
  public var filter: [Clause]

  /// Since the latest event of that name that satisfies the clauses.
  public init(_ event: String, where filter: [Clause] = []) {
    self.event = event
    self.filter = filter
  }
}

/// A step of a funnel: `followed_by` or `not_followed_by`.
public struct Following: Sendable, Hashable {
  /// Whether such an event must have come (`followed_by`), or must not (`not_followed_by`).
  public var isWanted: Bool
  /// The later event's name.
  public var event: String
  /// Which of them count.
  public var filter: [Clause]
  /// The property whose value both must share.
  public var same: String?
  /// How much later at most.
  public var within: Span?
  /// What the later event must be followed by itself, and what not.
  public var follows: [Following]

  /// `followed_by`.
  public static func by(
    _ event: String, where filter: [Clause] = [], same: String? = nil, within: Span? = nil, _ follows: Following...
  ) -> Following {
    Following(isWanted: true, event: event, filter: filter, same: same, within: within, follows: follows)
  }

  /// `not_followed_by`.
  public static func notBy(
    _ event: String, where filter: [Clause] = [], same: String? = nil, within: Span? = nil, _ follows: Following...
  ) -> Following {
    Following(isWanted: false, event: event, filter: filter, same: same, within: within, follows: follows)
  }
}

/// Which one event is looked at.
public enum Pick: String, Sendable, Hashable, CaseIterable {
  /// The earliest.
  case first
  /// The latest.
  case last
}

/// Which ages count, where age = now - time.
public enum Window: Sendable, Hashable {
  /// 0 <= age < the duration.
  case within(Span)
  /// The first <= age < the second.
  case between(Span, Span)

  /// The ages at which an event comes into the window or leaves it, in milliseconds.
  var boundsMs: [Int64] {
    switch self {
    case .within(let end): [end.milliseconds]
    case .between(let start, let end): [start.milliseconds, end.milliseconds]
    }
  }

  /// From which age on, and up to which; `within` begins at 0.
  var endsMs: (Int64, Int64) {
    switch self {
    case .within(let end): (0, end.milliseconds)
    case .between(let start, let end): (start.milliseconds, end.milliseconds)
    }
  }

  func contains(ageMs: Int64) -> Bool {
    switch self {
    case .within(let end): 0 <= ageMs && ageMs < end.milliseconds
    case .between(let start, let end): start.milliseconds <= ageMs && ageMs < end.milliseconds
    }
  }
}

/// A duration as a definition writes it: `24h`.
public struct Span: Sendable, Hashable {
  /// How many units.
  public var amount: Int64
  /// The unit.
  public var unit: Unit

  /// The units; a day is 86,400 s.
  public enum Unit: Character, Sendable, Hashable, CaseIterable {
    /// Seconds.
    case seconds = "s"
    /// Minutes.
    case minutes = "m"
    /// Hours.
    case hours = "h"
    /// Days.
    case days = "d"
    /// Weeks.
    case weeks = "w"
  }

  /// So many of that unit.
  public init(_ amount: Int64, _ unit: Unit) {
    self.amount = amount
    self.unit = unit
  }

  /// Its length.
  public var milliseconds: Int64 {
    switch unit {
    case .seconds: amount * 1000
    case .minutes: amount * 60_000
    case .hours: amount * 3_600_000
    case .days: amount * 86_400_000
    case .weeks: amount * 7 * 86_400_000
    }
  }
}

/// What is measured over the events that are left, and what the figure must satisfy.
public enum Measure: Sendable, Hashable {
  /// How many events there are.
  case count(Predicate)
  /// The sum of the numbers at `of`, each event's multiplied with the one at `times` where that is given.
  case sum(of: String, times: String?, is: Predicate)
  /// The least number at `of`.
  case min(of: String, is: Predicate)
  /// The greatest number at `of`.
  case max(of: String, is: Predicate)
  /// The sum of the numbers at `of` by their count.
  case average(of: String, is: Predicate)
  /// How many different values there are at `of`.
  case distinct(of: String, is: Predicate)
  /// The value at `of` in most events.
  case favorite(of: String, is: Predicate)

  /// What is measured.
  var figure: Figure {
    switch self {
    case .count: .count
    case .sum(let path, let times, _): .sum(of: path, times: times)
    case .min(let path, _): .min(of: path)
    case .max(let path, _): .max(of: path)
    case .average(let path, _): .average(of: path)
    case .distinct(let path, _): .distinct(of: path)
    case .favorite(let path, _): .favorite(of: path)
    }
  }

  /// What it must satisfy.
  var wanted: Predicate {
    switch self {
    case .count(let wanted): wanted
    case .sum(_, _, let wanted): wanted
    case .min(_, let wanted), .max(_, let wanted), .average(_, let wanted), .distinct(_, let wanted),
      .favorite(_, let wanted):
      wanted
    }
  }
}
