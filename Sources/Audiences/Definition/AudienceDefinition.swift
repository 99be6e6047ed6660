public import Events

/// One audience, as its file says it (language, section 5).
public struct AudienceDefinition: Sendable, Equatable {
  /// The file's name without its ending.
  public var key: String
  /// What people call it; the key where none is given.
  public var name: String
  /// Raised by the team when the logic changes.
  public var version: Int
  /// Whom to ask about it.
  public var owner: String?
  /// What it is used for.
  public var purpose: Purpose?
  /// What it is to bring about.
  public var goal: String?
  /// Who belongs in it.
  public var condition: Condition
  /// What an entry is called downstream, instead of `Audience Entered`.
  public var entryEvent: String?
  /// What an exit is called downstream, instead of `Audience Exited`.
  public var exitEvent: String?
  /// Whether its changes go to the warehouse.
  public var toWarehouse: Bool

  /// An audience of that key and condition, with the defaults of everything else.
  public init(key: String, condition: Condition) {
    self.key = key
    self.name = key
    self.version = 1
    self.condition = condition
    self.toWarehouse = false
  }

  /// What an audience is used for.
  public enum Purpose: String, Sendable, CaseIterable {
    case retarget, suppress, seed, measure
  }
}

/// What holds across audiences: `ops/policy.yaml`.
public struct Policy: Sendable, Equatable {
  /// How far ahead of its record an event's time may be before it is counted.
  public var future = DurationMs(ms: 5 * 60_000)
  /// How far the clock stays behind the wall clock where no records come.
  public var settle = DurationMs(ms: 2_000)
  /// What one measure keeps per profile at most, where it must keep entries.
  public var entries = 1000

  /// The defaults.
  public init() {}
}
