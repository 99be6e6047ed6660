import Events
import YAML

/// How single words and lists of them are told.
enum Words {
  /// `a`, `a and b`, `a, b and c`.
  static func list(_ parts: [String], _ conjunction: String = "and") -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }

  /// A name with `a` or `an` before it.
  static func withArticle(_ name: String) -> String {
    let isVowel = name.first.map { "aeiouAEIOU".contains($0) } ?? false
    return (isVowel ? "an " : "a ") + name
  }

  /// A value that something is compared with. Texts are in quotes where they could be taken for something else.
  static func value(_ operand: Predicate.Operand) -> String {
    switch operand {
    case .number(let number): number.description
    case .boolean(let truth): truth ? "true" : "false"
    case .string(let text): isPlain(text) ? text : Quoted.of(text)
    }
  }

  /// A word that cannot be taken for a number, a truth value, or the end of a sentence.
  private static func isPlain(_ text: String) -> Bool {
    let isWord = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
    }
    guard isWord, !["true", "false"].contains(text) else { return false }
    return text.unicodeScalars.contains { $0.properties.isAlphabetic }
  }

  /// Hundredths of a percent as `10%`, `12.34%`.
  static func percent(hundredths: Int) -> String {
    "\(Millionths(units: Int64(hundredths) * Millionths.perWhole / 100))%"
  }
}
