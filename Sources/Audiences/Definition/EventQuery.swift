public import Events

/// Which events of a profile are looked at: all steps before the measure (language, section 3.1).
public struct EventQuery: Sendable, Hashable {
  /// Which events count at all.
  public var events: EventSelector
  /// Only those after the latest event that this names; all of them where there was none.
  public var since: EventSelector?
  /// Only those whose predecessor among them is at least so much older; above zero where given.
  public var gap: DurationMs?
  /// What must have come after an event, or must not; `followed_by` first.
  public var sequels: [Sequel]
  /// Of those, only the latest or the first.
  public var pick: Pick?
  /// What must hold of the one picked; empty without `pick`.
  public var having: [PropertyTest]
  /// How old they may be; of any age where absent.
  public var window: Window?

  /// All events of that name for which the tests hold.
  public init(events: EventSelector) {
    self.events = events
    self.sequels = []
    self.having = []
  }
}

/// A later event that is wanted, or not wanted, after another one: `followed_by`, `not_followed_by`.
public struct Sequel: Sendable, Hashable {
  /// Whether one must have come; else none may have.
  public var isWanted: Bool
  /// Which later events are meant.
  public var events: EventSelector
  /// The property of which both must have an equal value.
  public var same: PropertyPath?
  /// How much later it may come at most; above zero where given.
  public var within: DurationMs?
  /// What must in turn have come after the later event, or must not; `followed_by` first.
  public var sequels: [Sequel]

  /// A sequel of any age, whatever comes after it.
  public init(isWanted: Bool, events: EventSelector) {
    self.isWanted = isWanted
    self.events = events
    self.sequels = []
  }
}

/// Which single event is looked at.
public enum Pick: String, Sendable, Hashable, CaseIterable {
  /// The one with the earliest time.
  case first
  /// The one with the latest time.
  case last
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
