import Events

/// What may stand after an option, and how it is read.
enum ValueKind: Sendable, Equatable {
  /// Nothing: the option itself is the answer.
  case flag
  /// Any text.
  case text
  /// A whole number within bounds.
  case integer(ClosedRange<Int64>)
  /// A file or folder.
  case path
  /// `100ms 30s 45m 2h 7d 2w`.
  case duration
  /// A date, or a date and a time; without a zone it is UTC.
  case instant
  /// A number of bytes: `65536`, `512KiB`, `512MiB`, `2GiB`.
  case size
  /// A part of a whole, from 0 to 1: `0.05` or `5%`.
  case share
  /// One of these words.
  case choice([String])
}

/// A value as it was read from the command line.
enum ParsedValue: Sendable, Equatable {
  case flag
  case text(String)
  case integer(Int64)
  case duration(DurationMs)
  case instant(Instant)
  case size(Int)
  case share(Double)
}

extension ValueKind {
  /// Reads a value. `nil` where the text is none of this kind.
  func read(_ text: String) -> ParsedValue? {
    switch self {
    case .flag: return nil
    case .text, .path: return text.isEmpty ? nil : .text(text)
    case .integer(let bounds):
      guard let number = Int64(text.filter { $0 != "_" }), bounds.contains(number) else { return nil }
      return .integer(number)
    case .duration: return ValueText.duration(text).map(ParsedValue.duration)
    case .instant: return Instant(iso8601: text).map(ParsedValue.instant)
    case .size: return ValueText.size(text).map(ParsedValue.size)
    case .share: return ValueText.share(text).map(ParsedValue.share)
    case .choice(let words): return words.contains(text) ? .text(text) : nil
    }
  }

  /// What was expected, to stand after the word "expected".
  var expected: String {
    switch self {
    case .flag: "no value"
    case .text: "some text"
    case .integer(let bounds):
      bounds.upperBound == .max
        ? "a whole number, at least \(bounds.lowerBound)"
        : "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .path: "a path"
    case .duration: "a duration such as 100ms, 30s, 45m, 2h, 7d or 2w"
    case .instant: "an instant such as 2026-11-20 or 2026-11-20T18:00:00Z"
    case .size: "a size such as 65536, 512KiB, 512MiB or 2GiB"
    case .share: "a share from 0 to 1, such as 0.05 or 5%"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    }
  }
}

/// How durations, sizes and shares are written.
enum ValueText {
  /// Reads `100ms`, or a duration of the audience language.
  static func duration(_ text: String) -> DurationMs? {
    guard text.hasSuffix("ms") else { return DurationMs(text) }
    guard let ms = digits(text.dropLast(2)), ms <= DurationMs.longest.ms else { return nil }
    return DurationMs(ms: ms)
  }

  /// Reads a number of bytes, with a binary unit or none.
  static func size(_ text: String) -> Int? {
    let units: [(name: String, bytes: Int64)] = [
      ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("B", 1), ("", 1),
    ]
    guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
    guard let count = digits(text.dropLast(unit.name.count)) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
    return overflow ? nil : Int(bytes)
  }

  /// Reads a share from 0 to 1, or from 0% to 100%.
  static func share(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    let number = isPercent ? text.dropLast() : text[...]
    guard !number.isEmpty, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
    guard let value = Double(number) else { return nil }
    let share = isPercent ? value / 100 : value
    return share <= 1 ? share : nil
  }

  /// A share as it would be typed: `0`, `0.05`.
  static func shown(share: Double) -> String {
    share == share.rounded() ? String(Int(share)) : String(share)
  }

  /// Reads plain digits.
  private static func digits(_ text: Substring) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return Int64(text)
  }
}
