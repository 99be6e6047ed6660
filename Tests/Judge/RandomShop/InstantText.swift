/// Writes instants in the many forms that the language reads.
enum InstantText {
  /// The instant as a JSON value: mostly ISO 8601 in UTC, at times any other form.
  static func json(_ instantMs: Int64, _ dice: inout Dice) -> String {
    switch dice.below(20) {
    case 0: "\(instantMs)"
    case 1: "\"\(instantMs)\""
    case 2 where instantMs > 0: "\(instantMs).\(dice.pick(["0", "25", "999"]))"
    case 3...6: "\"\(unusual(instantMs, &dice))\""
    default: "\"\(usual(instantMs))\""
    }
  }

  /// `2026-01-01T00:00:00.000Z`
  static func usual(_ instantMs: Int64) -> String {
    "\(date(instantMs))T\(clock(instantMs)).\(padded(instantMs.remainder(by: 1000), 3))Z"
  }

  private static func unusual(_ instantMs: Int64, _ dice: inout Dice) -> String {
    let zone = dice.pick([nil, 0, 120, -330, 845])
    let localMs = instantMs + Int64(zone ?? 0) * 60_000
    if zone == nil && localMs.remainder(by: 86_400_000) == 0 && dice.percent(50) { return date(localMs) }
    var text = date(localMs) + dice.pick(["T", " "]) + clock(localMs)
    let fraction = localMs.remainder(by: 1000)
    if fraction != 0 || dice.percent(30) {
      text += "." + padded(fraction, 3) + dice.pick(["", "9", "000999"])
    } else if text.hasSuffix(":00") && dice.percent(50) {
      text.removeLast(3)
    }
    return text + suffix(zone, &dice)
  }

  private static func suffix(_ zone: Int?, _ dice: inout Dice) -> String {
    guard let zone else { return "" }
    if zone == 0 && dice.percent(50) { return "Z" }
    let minutes = Int64(zone.magnitude)
    return (zone < 0 ? "-" : "+") + padded(minutes / 60, 2) + dice.pick(["", ":"]) + padded(minutes % 60, 2)
  }

  private static func clock(_ instantMs: Int64) -> String {
    let seconds = instantMs.remainder(by: 86_400_000) / 1000
    return [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
  }

  private static func date(_ instantMs: Int64) -> String {
    var days = instantMs.floored(by: 86_400_000)
    var (year, month): (Int64, Int64) = (1970, 1)
    func daysInYear() -> Int64 { TimeReader.isLeap(year) ? 366 : 365 }
    while days >= daysInYear() {
      days -= daysInYear()
      year += 1
    }
    while days < 0 {
      year -= 1
      days += daysInYear()
    }
    while days >= TimeReader.daysIn(month, of: year) {
      days -= TimeReader.daysIn(month, of: year)
      month += 1
    }
    return [padded(year, 4), padded(month, 2), padded(days + 1, 2)].joined(separator: "-")
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// What is left of a division that rounds down.
  fileprivate func remainder(by divisor: Int64) -> Int64 { self - floored(by: divisor) * divisor }
}
