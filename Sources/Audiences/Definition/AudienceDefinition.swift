public import Events

/// One audience, as its file says it (language, section 5).
public struct AudienceDefinition: Sendable, Hashable {
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
  /// The keys of the audiences that keep a person out while eligible for any of them; none twice.
  public var unless: [String]
  /// How long the condition must have been true without a break; above zero where given.
  public var holdFor: DurationMs?
  /// How long a person may be in it at most; above zero where given.
  public var stayAtMost: DurationMs?
  /// How long a person stays out after having ceased to be eligible; above zero where given.
  public var rejoinAfter: DurationMs?
  /// Who is left out to measure what the audience brings about.
  public var holdout: Holdout?
  /// How an entry is told.
  public var entry: Announcement
  /// How an exit is told.
  public var exit: Announcement
  /// Who gets its changes.
  public var to: AudienceDestinations
  /// The instant from which on nobody is in it.
  public var retireOn: Instant?
  /// The codes of warnings that its file may have.
  public var allowed: [String]

  /// An audience of that key and condition, with the defaults of everything else.
  public init(key: String, condition: Condition) {
    self.key = key
    self.name = key
    self.version = 1
    self.condition = condition
    self.unless = []
    self.entry = Announcement()
    self.exit = Announcement()
    self.to = AudienceDestinations()
    self.allowed = []
  }
}

/// What an audience is used for.
public enum Purpose: String, Sendable, CaseIterable {
  /// To speak to its people.
  case retarget
  /// To keep its people out of other audiences.
  case suppress
  /// To find people like them.
  case seed
  /// To count them.
  case measure
}
