public import Events

/// What is kept of a profile's events to answer one or several leaves: the least that answers them exactly.
public struct Cell: Sendable {
  /// What is kept.
  public internal(set) var keeping: Keeping
  /// What is measured of each event, where a value is kept.
  public let value: MeasuredValue?
  /// What is asked of each event when it comes, for a later `pick`.
  public let having: [ValueTest]
  /// For `.all`: the cell whose newest entry ends what must be kept; older entries can go.
  public let since: Int?
  /// Whether events without the value are kept too: one of them may be the one picked.
  public let keepsValueless: Bool
  /// What is kept with each event, where that is `story`.
  public internal(set) var story: Story?
  /// The plain leaves that read it.
  public internal(set) var leaves: [Int] = []
  /// The other leaves that read it, directly or through a trait.
  public internal(set) var otherLeaves: [Int] = []
  /// Other cells whose leaves also read this one's newest entry.
  public internal(set) var dependents: [Int] = []
  /// What it means, in words that do not depend on the order of definitions.
  public let meaning: String

  /// Stands for what it means, and how much of it is kept.
  var hash: UInt64 { StableText.hash("\(meaning): \(story?.text ?? keeping.text)") }

  /// How much of the events is kept.
  public enum Keeping: Sendable, Equatable {
    /// How many there were, counted no further than `cap`.
    case counter(cap: Int64)
    /// The exact total of a value.
    case sum
    /// The smallest value.
    case min
    /// The largest value.
    case max
    /// The newest events, by time and arrival.
    case latest(Int)
    /// The oldest event.
    case earliest
    /// Every event up to an age (of any age where `nil`), and no more than `limit`.
    case all(maxAge: DurationMs?, limit: Int)
    /// Events with what they are to each other: see `story`.
    case story

    /// The same in words that stay the same.
    var text: String {
      switch self {
      case .counter(let cap): "count to \(cap)"
      case .sum: "sum"
      case .min: "min"
      case .max: "max"
      case .latest(let count): "latest \(count)"
      case .earliest: "earliest"
      case .story: "story"
      case .all(let maxAge, let limit): "all of \(maxAge.map { "\($0.ms) ms" } ?? "any age"), at most \(limit)"
      }
    }
  }

  /// How many bytes an entry of a series has: time, arrival and marks, then the value.
  public var entryBytes: Int {
    switch value?.kind {
    case nil: 16
    case .min, .max: 24
    case .sum: 32
    }
  }
}

extension Story {
  /// How much is kept, in words that stay the same.
  var text: String {
    let slots = slots.map { "\($0.meaning) for \($0.roles)" }
    let age = maxAge.map { "\($0.ms) ms" } ?? "any age"
    return
      "\(keepsOldest ? "oldest" : "newest") \(most) of \(age) with \(slots), \(keepsPredecessor), \(required ?? -1)"
  }
}

/// What is measured of one event.
public struct MeasuredValue: Sendable {
  /// How the values of one event, and those of several, come together.
  public let kind: Kind
  /// Where the values stand.
  public let of: [UInt16]
  /// Where the values stand that they are multiplied with.
  public let times: [UInt16]?

  /// How values come together.
  public enum Kind: String, Sendable { case sum, min, max }
}
