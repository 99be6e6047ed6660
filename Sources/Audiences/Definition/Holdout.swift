public import Events

/// A part of the people who is left out, by chance, to measure what an audience brings about (language, section 5).
public struct Holdout: Sendable, Hashable {
  /// How many of them, in hundredths of a percent: 0 to 10,000.
  public var hundredths: Int
  /// What makes this drawing another than the next one's.
  public var salt: String
  /// The instant from which on nobody is held out any more.
  public var until: Instant?

  /// A holdout of so many hundredths of a percent.
  public init(hundredths: Int, salt: String, until: Instant? = nil) {
    self.hundredths = hundredths
    self.salt = salt
    self.until = until
  }
}
