import Events
import YAML

/// Values that several files of a project have.
extension Findings {
  /// A duration that is above zero. `why` follows the word: `: nothing is younger than that`.
  mutating func positiveDuration(_ node: Node, _ subject: String, why: String = "") -> DurationMs? {
    guard let length = duration(node, subject) else { return nil }
    if length.ms > 0 { return length }
    wrong(node, subject, expected: "a duration above zero\(why)")
    return nil
  }

  /// A date, which means its midnight UTC, or an instant.
  mutating func instant(_ node: Node, _ subject: String) -> Instant? {
    if let scalar = node.scalar, scalar.coreType == .string, let instant = Instant(iso8601: scalar.text) {
      return instant
    }
    wrong(node, subject, expected: "a date or a time, such as 2027-03-01 or 2027-03-01T18:30:00Z")
    return nil
  }

  /// A percentage from 0 to 100 with at most two decimals, in hundredths of a percent.
  mutating func percentage(_ node: Node, _ subject: String) -> Int? {
    if let scalar = node.scalar, scalar.coreType == .integer || scalar.coreType == .float,
      let number = DefinitionReader.number(scalar), number.units >= 0, number.units <= 100 * Millionths.perWhole,
      number.units % Self.unitsPerHundredth == 0
    {
      return Int(number.units / Self.unitsPerHundredth)
    }
    let text = node.scalar?.text ?? ""
    let bare = Scalar(String(text.dropLast()))
    let isMarked = text.hasSuffix("%") && (bare.coreType == .integer || bare.coreType == .float)
    wrong(
      node, subject, expected: "a number from 0 to 100 with at most two decimals",
      suggestion: isMarked ? bare.text : nil)
    return nil
  }

  private static let unitsPerHundredth = Millionths.perWhole / 100

  /// A list of texts, each once. An empty list is fine.
  mutating func words(_ node: Node, _ subject: String, expected: String) -> [Word]? {
    guard let elements = node.sequence else {
      wrong(node, subject, expected: expected)
      return nil
    }
    var words: [Word] = []
    var seen: Set<String> = []
    for element in elements {
      guard let text = text(element, "an element of \(subject)") else { continue }
      if !seen.insert(text).inserted {
        error(at: element.place, "\(subject) has \(Quoted.of(text)) a second time", expected: "each of them once")
      } else {
        words.append(Word(text: text, place: element.place))
      }
    }
    return words
  }

  /// The keys of audiences that there are, each once.
  mutating func audiences(_ node: Node, _ subject: String, among known: Set<String>) -> [Word]? {
    let words = words(node, subject, expected: "a list of audiences")
    for word in words ?? [] where !known.contains(word.text) { unknownAudience(word, among: known) }
    return words
  }

  /// Notes that there is no such audience.
  mutating func unknownAudience(_ word: Word, among known: Set<String>) {
    error(
      at: word.place, "unknown audience \(Quoted.of(word.text))",
      expected: "the key of an audience, which is its file's name without '.yaml'",
      suggestion: NearestWord.of(word.text, among: known.sorted()))
  }
}

/// A text and where it stands.
struct Word {
  let text: String
  let place: Place
}
