/// How long a request may take, and how large its answer may be.
public struct HTTPLimits: Sendable, Equatable {
  /// How long making a connection may take, in milliseconds.
  public var connectMs = 10_000
  /// How long all of a request may take, in milliseconds.
  public var wholeMs = 30_000
  /// How many bytes of an answer's body are kept, and how many its headers may have.
  public var answerBytes = 1 << 20

  /// The usual limits.
  public init() {}
}
