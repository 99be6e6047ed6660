public import Events

/// A statement about the events of a profile: which of them, when, and how many or how much (language, section 3.1).
///
/// The steps in their order: name, `where`, `since`, `gap`, `followed_by`, `not_followed_by`, `pick`, `having`, window,
/// `by`, measure.
public struct EventLeaf: Sendable, Hashable {
  /// Which events are looked at.
  public var query: EventQuery
  /// The property for each of whose values the measure is taken apart; true where it is true for any.
  public var by: PropertyPath?
  /// What is measured of the events that are left. Never one that only traits have.
  public var measure: Measure
  /// What the measure must be.
  public var predicate: Predicate

  /// A leaf that is true where at least one event is there.
  public init(events: EventSelector) {
    self.init(query: EventQuery(events: events))
  }

  /// A measure of a query's events and what it must be; a count of at least one where it is not given.
  public init(
    query: EventQuery, by: PropertyPath? = nil, measure: Measure = .count, predicate: Predicate = .atLeast(1)
  ) {
    self.query = query
    self.by = by
    self.measure = measure
    self.predicate = predicate
  }
}

/// What is told about events (language, sections 3.1 and 4).
public enum Measure: Sendable, Hashable {
  /// How many there are.
  case count
  /// The total of a property, or of the product of two.
  case sum(of: PropertyPath, times: PropertyPath?)
  /// The mean value of a property.
  case average(of: PropertyPath)
  /// The smallest value of a property.
  case min(of: PropertyPath)
  /// The largest value of a property.
  case max(of: PropertyPath)
  /// How many different values a property has.
  case distinct(of: PropertyPath)
  /// The value that is in most events.
  case favorite(of: PropertyPath)
  /// When the first one was. For traits only, as are all that follow.
  case firstAt
  /// When the last one was.
  case lastAt
  /// The values of a property in the first event that has it.
  case first(of: PropertyPath)
  /// The values of a property in the last event that has it.
  case last(of: PropertyPath)
  /// Some properties of the last events, of so many at most.
  case collect(of: [PropertyPath], keep: Int)
}
