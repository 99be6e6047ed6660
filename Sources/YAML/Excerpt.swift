/// A source line fit to be shown: long lines are cut around the place, control characters are replaced.
public struct Excerpt: Sendable, Hashable {
  /// The text to show.
  public let text: String
  /// How many characters were cut off at the front (one `…` stands for them).
  public let cutAtFront: Int

  private static let widest = 160
  private static let before = 60

  /// The part of a line around a column (from 1).
  static func shortened(_ line: Substring, around column: Int) -> Excerpt {
    let scalars = line.unicodeScalars
    guard scalars.count > widest else { return Excerpt(text: Self.harmless(scalars), cutAtFront: 0) }
    let start = max(0, column - 1 - before)
    let part = harmless(scalars.dropFirst(start).prefix(widest))
    let tail = start + widest < scalars.count ? "…" : ""
    return Excerpt(text: (start > 0 ? "…" : "") + part + tail, cutAtFront: start)
  }

  /// The column of the shown text (from 1) at which a column of the line stands.
  func shownColumn(_ column: Int) -> Int {
    cutAtFront > 0 ? column - cutAtFront + 1 : column
  }

  private static func harmless(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    for scalar in scalars { text.append(Quoted.isControl(scalar) && scalar != "\t" ? "\u{FFFD}" : scalar) }
    return String(text)
  }
}

/// Words of a file, made fit for a message.
public enum Quoted {
  /// The text in single quotes: cut after 60 characters, control characters as `\u{1b}`.
  public static func of(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(60) {
      if isControl(scalar) {
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    if text.unicodeScalars.dropFirst(60).first != nil { shown += "…" }
    return "'" + shown + "'"
  }

  /// Control characters, and the marks that turn the direction of text: either can make a message show what is not so.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
