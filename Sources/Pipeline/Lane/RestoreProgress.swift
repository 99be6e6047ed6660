/// How far the reading of partitions' profiles has come.
public struct RestoreProgress: Sendable, Equatable {
  /// How many records of the changelog were read.
  public var records = 0
  /// How many bytes their keys and values have.
  public var bytes = 0
  /// How many offsets were passed, those included that compaction has emptied.
  public var offsets: Int64 = 0
  /// How many offsets there are to pass, as far as is known.
  public var allOffsets: Int64 = 0
  /// How long it has taken so far, in milliseconds.
  public var tookMs: Int64 = 0

  /// Nothing was read yet.
  public init() {}

  /// How long it takes on at this pace, in milliseconds; nil while nothing can be said.
  public var leftMs: Int64? {
    guard offsets > 0, allOffsets >= offsets else { return nil }
    return Int64(Double(tookMs) * Double(allOffsets - offsets) / Double(offsets))
  }

  /// How much of it is done, in hundredths; nil while nothing can be said.
  public var percent: Int? { allOffsets > 0 ? Int(min(offsets, allOffsets) * 100 / allOffsets) : nil }
}
