/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable {
  /// Milliseconds since the epoch, UTC.
  public var ms: Int64

  /// The instant that many milliseconds after the epoch.
  @inlinable public init(ms: Int64) { self.ms = ms }

  /// Before every event: where a clock stands that has seen nothing.
  public static let distantPast = Instant(ms: .min)

  /// After every event: the due instant of what no passing of time can change.
  public static let never = Instant(ms: .max)

  /// Earlier instants come first.
  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.ms < b.ms }

  /// The instant a duration later; stays at `never` rather than going beyond what 64 bits hold.
  @inlinable public static func + (a: Instant, b: DurationMs) -> Instant {
    let (sum, overflow) = a.ms.addingReportingOverflow(b.ms)
    return overflow ? .never : Instant(ms: sum)
  }
}
