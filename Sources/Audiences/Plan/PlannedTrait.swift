public import Events

/// A trait that is asked for, by a condition, by a payload or by another trait.
public struct PlannedTrait: Sendable {
  /// What definitions call it.
  public let name: String
  /// Where its value comes from.
  public let source: Source
  /// The cells that it is read from, directly or through others.
  public let cells: [Int]
  /// Whether it is read from traits that `identify` sets, directly or through others.
  public let readsProfile: Bool
  /// Whether its value is told as a list, even if it is one.
  public let isList: Bool

  /// Where a trait's value comes from.
  public enum Source: Sendable {
    /// An `identify`, under that number of `PropertyNames`.
    case identified(UInt16)
    /// What a record of any kind states of who the person is outside the shop.
    case identifier(IdentifierKind)
    /// A figure of a cell that keeps the least.
    case plain(PlainReading)
    /// A figure of a story.
    case story(StoryReading)
    /// One trait less another, by their numbers.
    case minus(Int, Int)
    /// One trait divided by another.
    case over(Int, Int)
  }
}
