/// Instants: milliseconds since 1970 in UTC.
enum TimeReader {
  /// The instant that a `timestamp` stands for, or nothing where it cannot be read.
  static func read(_ value: Json) -> Int64? {
    switch value {
    case .number(let text): Millionths.reading(text).map { $0 / Millionths.one }
    case .string(let text): Millionths.reading(text).map { $0 / Millionths.one } ?? calendar(text)
    default: nil
    }
  }

  /// `YYYY-MM-DD`, optionally followed by `T` or a space and `hh:mm[:ss[.digits]]`, and `Z` or `±hh[:]mm`.
  private static func calendar(_ text: Text) -> Int64? {
    var rest = text.bytes[...]
    guard let year = digits(4, &rest), skip("-", &rest), let month = digits(2, &rest), skip("-", &rest),
      let day = digits(2, &rest), (1...12).contains(month), day >= 1, day <= daysIn(month, of: year)
    else { return nil }
    let midnight = daysSince1970(year, month, day) * 86_400_000
    if rest.isEmpty { return midnight }
    guard skip("T", &rest) || skip(" ", &rest), let sinceMidnight = timeOfDay(&rest), let aheadOfUTC = zone(&rest)
    else { return nil }
    return rest.isEmpty ? midnight + sinceMidnight - aheadOfUTC : nil
  }

  private static func timeOfDay(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    guard let hour = digits(2, &rest), hour < 24, skip(":", &rest), let minute = digits(2, &rest), minute < 60 else {
      return nil
    }
    let wholeMs = (hour * 60 + minute) * 60_000
    guard skip(":", &rest) else { return wholeMs }
    guard let second = digits(2, &rest), second < 60 else { return nil }
    guard skip(".", &rest) else { return wholeMs + second * 1000 }
    let fraction = rest.prefix(while: \.isDigit)
    guard !fraction.isEmpty else { return nil }
    rest = rest.dropFirst(fraction.count)
    // What lies beyond milliseconds is cut off.
    let padded = (Array(fraction) + Array("00".utf8)).prefix(3)
    return wholeMs + second * 1000 + padded.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }

  /// How far the zone is ahead of UTC, in milliseconds; no zone means UTC.
  private static func zone(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    if rest.isEmpty || skip("Z", &rest) { return 0 }
    let sign: Int64 = skip("+", &rest) ? 1 : -1
    guard sign == 1 || skip("-", &rest), let hour = digits(2, &rest), hour < 24 else { return nil }
    _ = skip(":", &rest)
    guard let minute = digits(2, &rest), minute < 60 else { return nil }
    return sign * (hour * 60 + minute) * 60_000
  }

  private static func digits(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
    let taken = rest.prefix(count)
    guard taken.count == count, taken.allSatisfy(\.isDigit) else { return nil }
    rest = rest.dropFirst(count)
    return taken.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }

  private static func skip(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    // Leap days before a year: one in four, but for the hundreds that are not four hundreds.
    func daysBefore(_ year: Int64) -> Int64 {
      let past = year - 1
      return year * 365 + (past.floored(by: 4) - past.floored(by: 100) + past.floored(by: 400))
    }
    let months = (1..<month).reduce(0) { $0 + daysIn($1, of: year) }
    return daysBefore(year) - daysBefore(1970) + months + day - 1
  }
}

extension Int64 {
  /// Division that rounds down.
  func floored(by divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return (self - (remainder < 0 ? remainder + divisor : remainder)) / divisor
  }
}
