public import Events

/// What must be true of a profile (language, section 3).
public indirect enum Condition: Sendable, Hashable {
  /// Every one of them; never empty.
  case all([Condition])
  /// At least one of them; never empty.
  case any([Condition])
  /// It is not true.
  case not(Condition)
  /// Something about the profile's events.
  case events(EventLeaf)
}

/// A statement about the events of a profile: which of them, when, and how many or how much (language, section 3.1).
///
/// The steps in their order: name, `where`, `since`, `pick`, `having`, window, measure.
public struct EventLeaf: Sendable, Hashable {
  /// Which events are looked at.
  public var events: EventSelector
  /// Only those after the latest event that this names; all of them where there was none.
  public var since: EventSelector?
  /// Of those, only the latest or the first.
  public var pick: Pick?
  /// What must hold of the one picked; empty without `pick`.
  public var having: [PropertyTest]
  /// How old they may be; of any age where absent.
  public var window: Window?
  /// What is measured of those that are left, and what it must be.
  public var measure: Measure

  /// A leaf that is true where at least one event is there.
  public init(events: EventSelector) {
    self.events = events
    self.having = []
    self.measure = .count(.atLeast(1))
  }

  /// Which single event is looked at.
  public enum Pick: String, Sendable, Hashable, CaseIterable {
    case first, last
  }

  /// The ages that count: `from <= age < to`.
  public struct Window: Sendable, Hashable {
    /// The youngest age; zero for `within`.
    public var from: DurationMs
    /// The age from which on an event is too old.
    public var to: DurationMs

    /// Ages from one duration up to, not including, another.
    public init(from: DurationMs, to: DurationMs) {
      self.from = from
      self.to = to
    }
  }

  /// What is told about the events that are left.
  public enum Measure: Sendable, Hashable {
    /// How many there are.
    case count(Predicate)
    /// The total of a property, or of the product of two.
    case sum(of: PropertyPath, times: PropertyPath?, is: Predicate)
    /// The smallest value of a property.
    case min(of: PropertyPath, is: Predicate)
    /// The largest value of a property.
    case max(of: PropertyPath, is: Predicate)
  }
}

/// Events by their names and what their properties must be.
public struct EventSelector: Sendable, Hashable {
  /// Canonical names; at least one, none twice.
  public var names: [String]
  /// Every one of these must hold.
  public var filter: [PropertyTest]

  /// Events of these names for which every test holds.
  public init(names: [String], filter: [PropertyTest] = []) {
    self.names = names
    self.filter = filter
  }
}

/// A predicate on the values at a path of an event's properties.
public struct PropertyTest: Sendable, Hashable {
  /// Where the values stand.
  public var path: PropertyPath
  /// What must hold of them.
  public var predicate: Predicate

  /// A test of the values at `path`.
  public init(path: PropertyPath, predicate: Predicate) {
    self.path = path
    self.predicate = predicate
  }
}
