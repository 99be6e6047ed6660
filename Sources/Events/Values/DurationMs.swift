/// A length of time in whole milliseconds; a day is 86,400 seconds.
public struct DurationMs: Hashable, Comparable, Sendable {
  /// The length in milliseconds.
  public var ms: Int64

  /// A duration of that many milliseconds.
  @inlinable public init(ms: Int64) { self.ms = ms }

  /// Shorter durations come first.
  @inlinable public static func < (a: DurationMs, b: DurationMs) -> Bool { a.ms < b.ms }

  /// The units of the language, and what each is in milliseconds.
  public static let units: [(name: String, ms: Int64)] = [
    ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
  ]

  /// The longest duration that a definition may say: ten thousand years, so that adding one to an instant stays exact.
  public static let longest = DurationMs(ms: 10_000 * 366 * 86_400_000)

  /// Reads `30s 45m 2h 7d 2w`: digits and one unit. `nil` for anything else, and for more than `longest`.
  public init?(_ text: String) {
    guard let unit = Self.units.first(where: { text.utf8.last == $0.name.utf8.first }) else { return nil }
    let digits = text.utf8.dropLast()
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    guard let count = Int64(String(text.dropLast())) else { return nil }
    let (ms, overflow) = count.multipliedReportingOverflow(by: unit.ms)
    guard !overflow, ms <= Self.longest.ms else { return nil }
    self.ms = ms
  }
}

extension DurationMs: CustomStringConvertible {
  /// The shortest form that the language reads back: `36h`, `7d`, `2w`; milliseconds where no unit fits.
  public var description: String {
    for unit in Self.units.reversed() where ms != 0 && ms % unit.ms == 0 { return "\(ms / unit.ms)\(unit.name)" }
    return ms == 0 ? "0s" : "\(ms)ms"
  }
}
