public import Events

/// What is kept of events one by one where no figure is enough: when each was, which parts it plays, and some values.
///
/// An event may play several parts (roles): role 0 is the event that is asked about, the others are what may follow it.
public struct Story: Sendable {
  /// The values that are kept with an event.
  public let slots: [Slot]
  /// Whether the newest event that is too old is kept as the predecessor of those that are not.
  public let keepsPredecessor: Bool
  /// The slot without whose value an event is not kept: nobody would look at it.
  public let required: Int?
  /// How old an event may become; of any age where absent.
  public internal(set) var maxAge: DurationMs?
  /// Whether the oldest are kept rather than the newest.
  public let keepsOldest: Bool
  /// How many are kept.
  public internal(set) var most: Int
  /// Whether `most` is the shop's limit, so that giving up an event is counted; else no more are ever asked for.
  public let isLimited: Bool

  /// A value that is kept with each event of some roles.
  public struct Slot: Sendable {
    /// Where the values stand.
    public let of: [UInt16]
    /// Where the values stand that they are multiplied with.
    public let times: [UInt16]?
    /// In which form.
    public let form: Form
    /// A bit for each role whose events have it.
    public internal(set) var roles: UInt16
    /// What it means, in words that stay the same.
    let meaning: String

    /// Keeps the keys of sequels apart from the hashes of values.
    static let keySeed: UInt64 = 0x5E9C_3B1F_77A4_02D1
  }

  /// In which form values are kept.
  public enum Form: String, Sendable {
    /// 64-bit hashes: to tell whether values are equal.
    case hashes
    /// Numbers in millionths.
    case numbers
    /// The values themselves.
    case texts
  }

  /// The role of the event that is asked about.
  public static let asked: UInt16 = 1
  /// How many roles there may be.
  public static let mostRoles = 16
}

/// How a figure is read from a story: the steps of language, section 3.1, after the name and `where`.
public struct StoryReading: Sendable {
  /// The cell that has the story.
  public let cell: Int
  /// Only events after the newest of this cell count.
  public let since: Int?
  /// How much older the predecessor must be, in milliseconds.
  public let gapMs: Int64?
  /// What must have come after an event, or must not.
  public let sequels: [PlannedSequel]
  /// Only this one of the events counts.
  public let pick: Pick?
  /// Whether the one picked must have its `having` mark.
  public let wantsHaving: Bool
  /// The ages that count; any where absent.
  public let window: Window?
  /// The slot for each of whose values the measure is taken apart.
  public let by: Int?
  /// What is measured.
  public let measure: StoryMeasure
}

/// A later event that is wanted, or not wanted.
public struct PlannedSequel: Sendable {
  /// Whether one must have come; else none may have.
  public let isWanted: Bool
  /// The bit of its role.
  public let role: UInt16
  /// The slot of which both must have a value in common.
  public let same: Int?
  /// How much later it may come at most, in milliseconds.
  public let withinMs: Int64?
  /// What must in turn have come after it, or must not.
  public let sequels: [PlannedSequel]
  /// Tells it from the others of its reading.
  public let key: UInt64
}

/// What is told of the events of a story; numbers are those of slots.
public enum StoryMeasure: Sendable {
  case count
  case sum(Int)
  case average(Int)
  case min(Int)
  case max(Int)
  case distinct(Int)
  case favorite(Int)
  case firstAt
  case lastAt
  case first(Int)
  case last(Int)
  /// Slots with the names that their values are told under, of so many of the newest events.
  case collect([(name: String, slot: Int)], keep: Int)

  /// Whether it is 0 where there are no events; else it is absent.
  public var isZeroOfNothing: Bool {
    switch self {
    case .count, .sum, .distinct: true
    default: false
    }
  }
}
