internal import Events

/// One question about a profile, whose answer may change with its events, its traits and with time.
public struct Leaf: Sendable {
  /// What is asked.
  public let question: Question
  /// The answer where nothing is known of the profile.
  public let whenEmpty: Bool
  /// The audiences that use it.
  public internal(set) var audiences: [Int]

  /// What is asked.
  public enum Question: Sendable {
    /// A figure of a cell that keeps the least, which is answered fast.
    case plain(PlainReading, NumberTest)
    /// A figure of a story.
    case story(StoryReading, ValuePredicate)
    /// A trait, by its number, and what must hold of it.
    case trait(Int, TraitTest)
  }
}

/// What must hold of a trait.
public enum TraitTest: Sendable {
  /// A predicate on its values.
  case value(ValuePredicate)
  /// For a time: `from <= now - time < to`.
  case ago(Window)
  /// For a time: `from < time - now <= to`.
  case ahead(Window)
}

/// How a figure is read from a cell that keeps the least.
public struct PlainReading: Sendable {
  /// The cell that is read.
  public let cell: Int
  /// Only entries after the newest of this cell count.
  public let since: Int?
  /// The ages that count; any where absent.
  public let window: Window?
  /// Only this one of the entries counts.
  public let pick: Pick?
  /// Whether the one picked must have its `having` mark.
  public let wantsHaving: Bool
  /// What is measured of the entries that count.
  public let measure: Measure

  /// What is measured.
  public enum Measure: Sendable, Equatable {
    /// How many, counted no further than `cap`: beyond it the answer stays the same.
    case count(cap: Int)
    /// The total.
    case sum
    /// The smallest.
    case min
    /// The largest.
    case max
    /// When the one entry that is kept was; for traits alone.
    case at
  }
}
