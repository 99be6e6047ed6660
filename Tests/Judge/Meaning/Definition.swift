/// An audience: its key and its condition.
public struct Definition: Sendable, Hashable {
  /// The audience's key.
  public var key: String
  /// Who is in.
  public var when: Condition

  /// An audience of that key.
  public init(_ key: String, when: Condition) {
    self.key = key
    self.when = when
  }
}

/// A condition over one profile.
public indirect enum Condition: Sendable, Hashable {
  /// Every one of them holds.
  case all([Condition])
  /// At least one of them holds.
  case any([Condition])
  /// It does not hold.
  case not(Condition)
  /// A leaf over events.
  case event(Leaf)
}

/// A leaf over a profile's events.
public struct Leaf: Sendable, Hashable {
  /// `event`: names; one of them is enough.
  public var events: [String]
  /// `where`: every clause must hold.
  public var filter: [Clause]
  /// `since`: only events after the latest such event.
  public var since: Since?
  /// `pick`: only the first or the last of those.
  public var pick: Pick?
  /// `having`: clauses on the one picked.
  public var having: [Clause]
  /// `within` or `between`.
  public var window: Window?
  /// The measure; without one, `count: { at_least: 1 }`.
  public var measure: Measure?

  /// A leaf; every part but the names may be left out.
  public init(
    _ events: [String], where filter: [Clause] = [], since: Since? = nil, pick: Pick? = nil, having: [Clause] = [],
    window: Window? = nil, measure: Measure? = nil
  ) {
    self.events = events
    self.filter = filter
    self.since = since
    self.pick = pick
    self.having = having
    self.window = window
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
}

/// Operators that must all hold.
public struct Predicate: Sendable, Hashable {
  /// The operators.
  public var operators: [Operator]
  /// Whether a lone `equals` is written as the bare value.
  public var isBare: Bool

  /// A predicate of these operators.
  public init(_ operators: Operator..., isBare: Bool = false) {
    self.operators = operators
    self.isBare = isBare
  }

  /// The bare value, which means equals.
  public static func bare(_ operand: Operand) -> Predicate { Predicate(.equals(operand), isBare: true) }
}

/// One operator of a predicate.
public enum Operator: Sendable, Hashable {
  /// Equal to it.
  case equals(Operand)
  /// At least one value, and none equal to it.
  case not(Operand)
  /// Equal to one of them.
  case among([Operand])
  /// At least one value, and none equal to any of them.
  case notAmong([Operand])
  /// `>=`.
  case atLeast(Operand)
  /// `>`.
  case moreThan(Operand)
  /// `<=`.
  case atMost(Operand)
  /// `<`.
  case lessThan(Operand)
  /// From the first to the second, both included.
  case between(Operand, Operand)
  /// Whether there is a value.
  case exists(Bool)
  /// Has the substring.
  case contains(String)
  /// Begins with it.
  case startsWith(String)
}

/// What an operator compares with.
public enum Operand: Sendable, Hashable {
  /// A number, in millionths.
  case number(Int64)
  /// A string.
  case string(String)
  /// True or false.
  case boolean(Bool)

  /// A whole number.
  public static func whole(_ number: Int64) -> Operand { .number(number * Millionths.one) }
}
