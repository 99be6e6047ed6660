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

  /// What services say of requests. Whatever else they say may be somebody's name, address or street.
  private static let plain = Set<Substring>(
    """
    a able above access account action after again all allowed already an and another any api are argument array as at \
    authentication authorization authorized b bad batch be because been before between body boolean bucket byte bytes \
    can cannot character characters check client code conflict connection content could data date day days deadline \
    denied disabled do does down due duplicate each empty enabled entity error errors event events exceeded exist exists \
    expected expired failed failure field fields file for forbidden format found from gateway given gone has have header \
    hour hours http https id identifier identifiers if in incorrect integer internal invalid is it items its json key \
    large later length less limit limited list long malformed max maximum may media member members message method min \
    minimum minute minutes missing more must name names need needed no not null number object of on one only operation or \
    out over parameter parameters parse payload payment permission permissions please possible processed properties \
    property quota range rate reached reason received refused reject rejected request requests required resource \
    response retry scope second seconds secret server service short should signature size source status string \
    supplied supported syntax system temporarily than that the there this time timeout timestamp to token too traits try \
    twice type unable unauthorized unavailable unexpected unknown unprocessable unreadable unsupported until url use \
    used user users valid value values version was were while with without wrong yet you your
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }))

  /// A short form of what a service answered. Services repeat what they do not like, and add what they know: only words
  /// that services use, and the names of the request's fields, are shown.
  func answer(_ answer: [UInt8], to body: [UInt8]) -> String {
    let text = hidingSecrets(String(decoding: answer.prefix(4096), as: UTF8.self))
    let keys = Self.fieldNames(in: body)
    var shown = ""
    for word in text.pieces {
      let isHidden = word.isWord && !keys.contains(word) && !Self.isPlain(word)
      shown += isHidden ? Self.hidden : word.printable
      if shown.count >= Self.longest { break }
    }
    return String(shown.prefix(Self.longest))
  }

  /// Words, several of them as codes have them (`INVALID_FORMAT`), or a number of one or two digits.
  private static func isPlain(_ word: Substring) -> Bool {
    let parts = word.lowercased().split { "_.-+".contains($0) }
    return parts.allSatisfy { plain.contains($0) || $0.count <= 2 && $0.allSatisfy(\.isNumber) }
  }

  private static func fieldNames(in body: [UInt8]) -> Set<Substring> {
    let pieces = String(decoding: body, as: UTF8.self).pieces
    return Set(
      pieces.indices.dropLast().filter { pieces[$0].isWord && pieces[$0 + 1].hasPrefix("\":") }.map { pieces[$0] })
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

  /// One line of what can be shown everywhere.
  fileprivate var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value > 0x7E ? " " : $0 }))
  }
}

extension Character {
  fileprivate var isWordPart: Bool { isLetter || isNumber || "@._+-".contains(self) }
}
