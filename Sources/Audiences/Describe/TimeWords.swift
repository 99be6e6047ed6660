import Events

/// Lengths of time as people say them.
enum DurationWords {
  private static let units: [(name: String, ms: Int64)] = [
    ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000),
  ]

  /// `30 minutes`, `24 hours`, `7 days`. A single day is told in hours: it is not a day of the calendar.
  static func of(_ duration: DurationMs) -> String {
    guard let unit = unit(of: duration) else { return "\(duration.ms) milliseconds" }
    return counted(duration.ms / unit.ms, unit.name)
  }

  /// `2 to 24 hours`; with a unit for each where one would make large numbers: `12 hours to 7 days`.
  static func of(_ from: DurationMs, to: DurationMs) -> String {
    let day = units[0]
    if from.ms > 0, from.ms % day.ms == 0, to.ms % day.ms == 0 {
      return "\(from.ms / day.ms) to \(counted(to.ms / day.ms, day.name))"
    }
    guard let small = unit(of: from), to.ms % small.ms == 0, from.ms > 0 else { return "\(of(from)) to \(of(to))" }
    let isOfOne = unit(of: to)?.name == small.name
    guard isOfOne || to.ms / small.ms <= 48 else { return "\(of(from)) to \(of(to))" }
    return "\(from.ms / small.ms) to \(counted(to.ms / small.ms, small.name))"
  }

  private static func unit(of duration: DurationMs) -> (name: String, ms: Int64)? {
    if duration.ms == 86_400_000 { return units[1] }
    if duration.ms == 0 { return units[3] }
    return units.first { duration.ms % $0.ms == 0 }
  }

  private static func counted(_ number: Int64, _ unit: String) -> String {
    "\(number) \(unit)\(number == 1 ? "" : "s")"
  }
}

/// Instants as people say them.
enum DateWords {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// `1 March 2027` for midnight UTC, else `1 March 2027, 18:30 UTC`.
  static func of(_ instant: Instant) -> String {
    var writer = JSONWriter(capacity: 32)
    writer.instant(instant)
    let text = writer.text
    let parts = text.split(separator: "T", maxSplits: 1)
    let date = parts[0].split(separator: "-")
    guard parts.count == 2, date.count == 3, let month = Int(date[1]), let day = Int(date[2]) else { return text }
    let time = parts[1].dropLast()
    let words = "\(day) \(months[month - 1]) \(date[0])"
    if time == "00:00:00.000" { return words }
    let clock = time.hasSuffix(":00.000") ? time.dropLast(7) : time.hasSuffix(".000") ? time.dropLast(4) : time
    return "\(words), \(clock) UTC"
  }
}
