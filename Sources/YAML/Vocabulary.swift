/// The words that a mapping may have as keys, declared once: unknown ones are told from it, with the nearest right one.
public struct Vocabulary: Sendable {
  /// What is read.
  public let words: [String]
  /// What the language knows and this version does not read yet: refused, never ignored.
  public let later: [String]
  /// What people write instead, and what they mean by it.
  public let meant: [String: String]

  /// A vocabulary.
  public init(_ words: [String], later: [String] = [], meant: [String: String] = [:]) {
    self.words = words
    self.later = later
    self.meant = meant
  }

  /// The word that somebody meant, if one is near enough.
  public func nearest(to word: String) -> String? {
    if let known = meant[word.lowercased()] { return known }
    // Short synonyms are near to too many words to be guessed at.
    let synonyms = meant.keys.filter { $0.utf8.count > 4 }.sorted()
    return NearestWord.of(word, among: words + later + synonyms).map { meant[$0] ?? $0 }
  }

  /// The words as a list for "expected …".
  public var inWords: String {
    words.count == 1 ? "'\(words[0])'" : "one of: " + words.joined(separator: ", ")
  }
}
