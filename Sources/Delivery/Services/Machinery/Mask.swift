/// What may be told of requests and answers: nothing secret, and nobody's data.
struct Mask {
  private let secrets: [String]
  private static let hidden = "***"
  private static let longest = 200

  init(_ secrets: [String]) { self.secrets = secrets.filter { !$0.isEmpty } }

  /// A text without the secrets.
  func hidingSecrets(_ text: String) -> String {
    var text = text
    for secret in secrets { text = text.replacing(secret, with: Self.hidden) }
    return text
  }

  /// Words with a capital that services use, and that are nobody's name.
  private static let plain: Set<Substring> = [
    "Bad", "Request", "Requests", "Invalid", "Unknown", "Unexpected", "Unauthorized", "Unavailable", "Unsupported",
    "Forbidden", "Missing", "Not", "Found", "Too", "Many", "Large", "Error", "Internal", "Server", "Service", "Gateway",
    "Timeout", "The", "No", "This", "Expected", "Failed", "Malformed", "Required", "Field", "Event", "User",
  ]

  /// A short form of what a service answered. Services repeat what they do not like, and add what they know: whatever
  /// stood in the request's values, looks like somebody's name, address or number, or is longer than a word, is hidden.
  func answer(_ answer: [UInt8], to body: [UInt8]) -> String {
    let text = hidingSecrets(String(decoding: answer.prefix(4096), as: UTF8.self))
    let (values, keys) = Self.words(of: body)
    var shown = ""
    for word in text.pieces {
      let isValue = values.contains(word.lowercased()) && !keys.contains(word)
      shown += word.isWord && (isValue || Self.isPersonal(word)) ? Self.hidden : word.printable
      if shown.count >= Self.longest { break }
    }
    return String(shown.prefix(Self.longest))
  }

  private static func isPersonal(_ word: Substring) -> Bool {
    word.contains("@") || word.count > 24 || word.utf8.count { (0x30...0x39).contains($0) } >= 3
      || !word.utf8.allSatisfy { $0 < 0x80 } || word.isCapitalized && !plain.contains(word)
  }

  /// The words in a body, in lower case; and those of them that are names of its fields, as they are.
  private static func words(of body: [UInt8]) -> (values: Set<String>, keys: Set<Substring>) {
    let text = String(decoding: body, as: UTF8.self)
    var (values, keys) = (Set<String>(), Set<Substring>())
    let pieces = text.pieces
    for (index, word) in pieces.enumerated() where word.isWord {
      let isKey = index + 1 < pieces.count && pieces[index + 1].hasPrefix("\":")
      if isKey { keys.insert(word) } else if word.count > 1 { values.insert(word.lowercased()) }
    }
    return (values, keys)
  }
}

extension StringProtocol where SubSequence == Substring {
  /// Words, and what stands between them.
  fileprivate var pieces: [Substring] {
    var pieces: [Substring] = []
    var start = startIndex
    while start < endIndex {
      let isWord = self[start].isWordPart
      let end = self[start...].firstIndex { $0.isWordPart != isWord } ?? endIndex
      pieces.append(self[start..<end])
      start = end
    }
    return pieces
  }
}

extension Substring {
  fileprivate var isWord: Bool { first?.isWordPart == true }

  /// Whether it is a capital and small letters.
  fileprivate var isCapitalized: Bool {
    count > 1 && first?.isUppercase == true && dropFirst().allSatisfy { $0.isLowercase || ".-".contains($0) }
  }

  /// One line of what can be shown everywhere.
  fileprivate var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value > 0x7E ? " " : $0 }))
  }
}

extension Character {
  fileprivate var isWordPart: Bool { isLetter || isNumber || "@._+-".contains(self) }
}
