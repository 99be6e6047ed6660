public import Events

/// What holds across audiences: `ops/policy.yaml` (language, section 6).
public struct Policy: Sendable, Hashable {
  /// How far ahead of its record an event's time may be before it is counted.
  public var future = DurationMs(ms: 5 * 60_000)
  /// How far the clock stays behind the wall clock where no records come.
  public var settle = DurationMs(ms: 2_000)
  /// What one measure keeps per profile at most, where it must keep entries.
  public var entries = 1000
  /// How often the thresholds of percentiles are computed.
  public var percentilesEvery = DurationMs(ms: 3_600_000)
  /// Who keeps people out of whole kinds of audiences.
  public var suppression = Suppression()
  /// The groups of which a person is in one audience at most. No audience is in two of them.
  public var groups: [AudienceGroup] = []
  /// Where phone numbers are dialled of which the record does not say it; `nil`: such are none.
  public var region: Region?
  /// A regular expression that the names of audiences should match.
  public var naming: String?

  /// The defaults.
  public init() {}
}

/// `suppress`: while eligible for any of these audiences, a person is kept out of every audience of these purposes.
public struct Suppression: Sendable, Hashable {
  /// The purposes of the audiences that people are kept out of; none twice. It never applies to `suppress`.
  public var purposes: [Purpose]
  /// The keys of the audiences that keep them out; none twice.
  public var audiences: [String]

  /// A suppression; of nobody where nothing is given.
  public init(purposes: [Purpose] = [], audiences: [String] = []) {
    self.purposes = purposes
    self.audiences = audiences
  }
}

/// Audiences of which the first that a person is eligible for, and not suppressed in, wins.
public struct AudienceGroup: Sendable, Hashable {
  /// What the group is called.
  public var name: String
  /// The keys, the most important one first; at least one, none twice.
  public var audiences: [String]

  /// A group of audiences in their order.
  public init(name: String, audiences: [String]) {
    self.name = name
    self.audiences = audiences
  }
}
