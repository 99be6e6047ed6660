// Instants as text: the forms that language.md, section 2 allows, and the one that Usher writes.

extension Instant {
  /// Reads `YYYY-MM-DD`, optionally followed by `T` or a space and `hh:mm[:ss[.digits]]` and `Z` or `±hh[:]mm` (no zone
  /// means UTC). Digits beyond milliseconds are cut off. `nil` for anything else, and for days that are none.
  public init?(iso8601 text: Bytes) {
    if let ms = UsualTime.read(text) {
      self.ms = ms
      return
    }
    var reader = TimeReader(text)
    guard let ms = reader.instant() else { return nil }
    self.ms = ms
  }

  /// The same, of a string.
  public init?(iso8601 text: String) {
    var text = text
    let ms = text.withUTF8 { bytes -> Int64? in
      guard let base = bytes.baseAddress else { return nil }
      return Instant(iso8601: Bytes(base, count: bytes.count))?.ms
    }
    guard let ms else { return nil }
    self.ms = ms
  }

  /// Reads a time that stands in a string: ISO 8601, or digits that are epoch milliseconds.
  public init?(timeString text: Bytes) {
    if let time = Instant(iso8601: text) {
      self = time
    } else if let number = Millionths(numericString: text) {
      self.init(epoch: number)
    } else {
      return nil
    }
  }

  /// The instant of epoch milliseconds; a fraction of one is cut off.
  public init(epoch number: Millionths) { self.ms = number.units / Millionths.perWhole }
}

/// The one form that nearly every record has, `2026-11-20T18:02:11.417Z`, read without a branch for each digit.
private enum UsualTime {
  /// Milliseconds since the epoch; `nil` where the text has another form, or may be wrong.
  static func read(_ text: Bytes) -> Int64? {
    guard text.count == 24, text[4] == 0x2D, text[7] == 0x2D, text[10] == 0x54, text[13] == 0x3A, text[16] == 0x3A,
      text[19] == 0x2E, text[23] == 0x5A
    else { return nil }
    var wrong: UInt8 = 0
    func digit(_ at: Int) -> Int64 {
      let value = text[at] &- 0x30
      wrong |= value > 9 ? 1 : 0
      return Int64(value)
    }
    func two(_ at: Int) -> Int64 { digit(at) &* 10 &+ digit(at &+ 1) }
    let year = two(0) &* 100 &+ two(2)
    let (month, day) = (two(5), two(8))
    let (hour, minute, second) = (two(11), two(14), two(17))
    let ms = digit(20) &* 100 &+ two(21)
    guard wrong == 0, month >= 1, month <= 12, day >= 1, day <= 28 || day <= CivilDay.count(inMonth: month, of: year),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let seconds = (CivilDay.sinceEpoch(year: year, month: month, day: day) &* 24 &+ hour) &* 3600 &+ minute &* 60
    return (seconds &+ second) &* 1000 &+ ms
  }
}

/// Walks the bytes of one time.
private struct TimeReader {
  private let text: Bytes
  private var at = 0

  init(_ text: Bytes) { self.text = text }

  mutating func instant() -> Int64? {
    guard text.count >= 10, let year = number(4), skip(0x2D), let month = number(2), skip(0x2D), let day = number(2),
      month >= 1, month <= 12, day >= 1, day <= CivilDay.count(inMonth: month, of: year)
    else { return nil }
    let midnightMs = CivilDay.sinceEpoch(year: year, month: month, day: day) * 86_400_000
    if at == text.count { return midnightMs }
    guard skip(0x54) || skip(0x20), let timeMs = timeOfDay(), let zoneMs = zone(), at == text.count else { return nil }
    return midnightMs + timeMs - zoneMs
  }

  private mutating func timeOfDay() -> Int64? {
    guard let hour = number(2), hour < 24, skip(0x3A), let minute = number(2), minute < 60 else { return nil }
    var ms = (hour * 60 + minute) * 60_000
    if skip(0x3A) {
      guard let second = number(2), second < 60 else { return nil }
      ms += second * 1000
      if skip(0x2E) {
        guard let fraction = fractionMs() else { return nil }
        ms += fraction
      }
    }
    return ms
  }

  /// What stands behind the point, in whole milliseconds; at least one digit.
  private mutating func fractionMs() -> Int64? {
    let from = at
    var ms: Int64 = 0
    var weight: Int64 = 100
    while at < text.count, let digit = digit(at) {
      ms += digit * weight
      weight /= 10
      at += 1
    }
    return at > from ? ms : nil
  }

  /// How far the local time is ahead of UTC, in milliseconds.
  private mutating func zone() -> Int64? {
    if at == text.count || skip(0x5A) { return 0 }
    let west = skip(0x2D)
    guard west || skip(0x2B), let hour = number(2), hour < 24 else { return nil }
    skip(0x3A)
    guard let minute = number(2), minute < 60 else { return nil }
    let ms = (hour * 60 + minute) * 60_000
    return west ? -ms : ms
  }

  private mutating func number(_ digits: Int) -> Int64? {
    guard at + digits <= text.count else { return nil }
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit(at) else { return nil }
      value = value * 10 + digit
      at += 1
    }
    return value
  }

  private func digit(_ index: Int) -> Int64? {
    let byte = text[index]
    return byte >= 0x30 && byte <= 0x39 ? Int64(byte &- 0x30) : nil
  }

  @discardableResult private mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }
}

/// The proleptic Gregorian calendar, by the day counts of Howard Hinnant's "chrono-Compatible Low-Level Date
/// Algorithms" (https://howardhinnant.github.io/date_algorithms.html).
enum CivilDay {
  /// Days from 1970-01-01 to that day.
  static func sinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day that many days after 1970-01-01.
  static func date(sinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  static func count(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }
}

extension Instant: CustomStringConvertible {
  /// `2026-11-20T18:02:11.417Z`
  public var description: String {
    var writer = JSONWriter(capacity: 32)
    writer.instant(self)
    return writer.text
  }
}
