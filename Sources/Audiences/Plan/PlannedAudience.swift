internal import Events

/// An audience as the engine sees it. Audiences are told by their numbers in the plan.
public struct PlannedAudience: Sendable {
  /// What its file says.
  public let definition: AudienceDefinition
  /// The condition as a walk from question to question.
  public let decisions: [Decision]
  /// Where the walk begins: an index of `decisions`, or `Decision.yes` or `.no`.
  public let start: Int32
  /// How its eligibility goes on beyond the condition; nil where it is the condition.
  public let spell: Spell?
  /// The audiences whose conditions ask whether the profile is eligible for this one.
  public internal(set) var dependents: [Int] = []
  /// Those that suppress it while the profile is eligible for them, in the order in which one is named as the cause.
  public internal(set) var suppressors: [Int] = []
  /// Those of its group that come before it.
  public internal(set) var superiors: [Int] = []
  /// Those whose status may change with the eligibility for this one, itself among them, in their order.
  public internal(set) var settles: [Int] = []
  /// The traits that go with an entry; those by which a person could be known come last.
  public internal(set) var entryTraits: [Int] = []
  /// The traits that go with an exit; in that order too.
  public internal(set) var exitTraits: [Int] = []
  /// Stands for its key, version and logic.
  public let hash: UInt64
  /// Stands for what decides who is eligible, however it is written, apart from the audiences that the condition asks
  /// for and from `retire_on`.
  let ownLogic: UInt64

  /// Whether a status is all about eligibility: nothing can keep out who is eligible.
  public var isPlain: Bool { suppressors.isEmpty && superiors.isEmpty && definition.holdout == nil }
}

/// How long eligibility waits, lasts and pauses; all in milliseconds.
public struct Spell: Sendable {
  /// How long the condition must have been true without a break.
  public let holdMs: Int64
  /// After how long it ends.
  public let stayMs: Int64?
  /// How long it pauses after it ended.
  public let rejoinMs: Int64?

  init?(_ definition: AudienceDefinition) {
    if definition.holdFor == nil && definition.stayAtMost == nil && definition.rejoinAfter == nil { return nil }
    holdMs = definition.holdFor?.ms ?? 0
    stayMs = definition.stayAtMost?.ms
    rejoinMs = definition.rejoinAfter?.ms
  }
}

/// One step of a condition: a question, and where its answer leads.
public struct Decision: Sendable {
  /// What is asked.
  public let asks: Question
  /// Where to go on: an index of the audience's decisions, or `yes` or `no`.
  public let whenTrue: Int32
  /// Where to go on otherwise.
  public let whenFalse: Int32

  /// What a step asks.
  public enum Question: Sendable {
    /// A leaf.
    case leaf(Int)
    /// Whether the profile is eligible for an audience.
    case audience(Int)
  }

  /// The end of the walk: the condition holds.
  public static let yes: Int32 = -1
  /// The end of the walk: it does not.
  public static let no: Int32 = -2
}
