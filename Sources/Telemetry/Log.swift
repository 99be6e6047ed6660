internal import Glibc

/// Writes a line a happening: `2026-11-21T06:14:02.123Z info restored partitions=0,1 profiles=1200`.
public struct Log: Sendable {
  private let write: @Sendable (String) -> Void

  /// How much a line matters.
  public enum Level: String, Sendable {
    /// As it should be.
    case info
    /// Somebody should look at it some time.
    case warning
    /// Somebody must look at it now.
    case error
  }

  /// A log whose lines, each with its end, go where `write` takes them.
  public init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// Writes what happened, and its figures by name, in the order given. A value with a space in it stands in quotes.
  public func callAsFunction(_ level: Level, _ happening: String, _ fields: KeyValuePairs<String, String> = [:]) {
    var line = "\(Self.now()) \(level.rawValue) \(happening)"
    for (name, value) in fields {
      line += value.contains(" ") || value.isEmpty ? " \(name)=\"\(Self.escaped(value))\"" : " \(name)=\(value)"
    }
    write(line + "\n")
  }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for character in value {
      switch character {
      case "\"", "\\": text += "\\\(character)"
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
    return text
  }

  private static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    let ms = String(time.tv_nsec / 1_000_000 + 1000).dropFirst()
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(ms)Z"
  }
}
