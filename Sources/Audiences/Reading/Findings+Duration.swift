import Events
import YAML

extension Findings {
  /// A duration: `30s 45m 2h 7d 2w`.
  mutating func duration(_ node: Node, _ subject: String) -> DurationMs? {
    if let duration = node.scalar.flatMap({ DurationMs($0.text) }) { return duration }
    wrong(
      node, subject, expected: "a duration such as 30s, 45m, 2h, 7d or 2w",
      suggestion: node.scalar.flatMap { Self.durationLike($0.text) })
    return nil
  }

  /// `24 hours`, `24H`, `P7D` and the like, as the language writes them.
  private static func durationLike(_ text: String) -> String? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let word = text.dropFirst(digits.count).filter { !$0.isWhitespace }.lowercased()
    let isMonths = text.last == "M"
    let unit: String? =
      switch word {
      case "m" where isMonths: nil
      case "s", "sec", "secs", "second", "seconds": "s"
      case "m", "min", "mins", "minute", "minutes": "m"
      case "h", "hr", "hrs", "hour", "hours": "h"
      case "d", "day", "days": "d"
      case "w", "week", "weeks": "w"
      default: nil
      }
    guard let unit, DurationMs(digits + unit) != nil else { return nil }
    return digits + unit
  }
}
