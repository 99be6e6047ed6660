internal import CPhoneNumber

/// Brings identifiers into their one form, in which equal ones are equal (topics.md, "An input record").
public struct IdentifierReader: ~Copyable {
  private var text = JSONWriter(capacity: 512)
  private let region: Region

  /// The longest address that mail is delivered to (RFC 5321, 4.5.3.1.3, without its brackets).
  private static let longestEmail = 254
  /// No number is that long, however it is written.
  private static let longestPhone = 64

  /// - Parameter region: where numbers are dialled that come without a country; `nil` where such are none.
  public init(region: Region?) { self.region = region ?? .nowhere }

  /// An identifier in its one form, lent until the next one is read; `nil` where the text is none.
  /// - Parameter country: what the record says of where the number is dialled.
  public mutating func read(_ kind: IdentifierKind, _ stated: Bytes, country: Bytes?) -> Bytes? {
    let trimmed = stated.withoutBlanksAround
    if trimmed.isHash { return lowerCased(trimmed) }
    switch kind {
    case .email: return email(trimmed)
    case .phone: return phone(trimmed, country.flatMap(Region.init) ?? region)
    }
  }

  /// Lends bytes for as long as an identifier that was read: until the next one.
  public mutating func keep(_ bytes: Bytes) -> Bytes {
    text.clear()
    text.raw(bytes)
    return text.bytes
  }

  /// Somebody at some place, without a blank anywhere, nor what stands around addresses in lists of them.
  private mutating func email(_ stated: Bytes) -> Bytes? {
    guard stated.count <= Self.longestEmail, let at = stated.onlyIndex(of: UInt8(ascii: "@")), at > 0,
      at < stated.count - 1, !stated.holdsWhatNoAddressHas
    else { return nil }
    return lowerCased(stated)
  }

  private mutating func phone(_ stated: Bytes, _ region: Region) -> Bytes? {
    guard !stated.isEmpty, stated.count <= Self.longestPhone else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(USHER_PHONE_LONGEST)) { number in
      guard let start = number.baseAddress else { return nil }
      let count = stated.start.withMemoryRebound(to: CChar.self, capacity: stated.count) { stated_ in
        withUnsafeBytes(of: region.letters) { letters in
          usher_phone_e164(
            stated_, stated.count, letters.baseAddress?.assumingMemoryBound(to: CChar.self), start)
        }
      }
      guard count > 0 else { return nil }
      return keep(Bytes(UnsafeRawBufferPointer(start: start, count: count)))
    }
  }

  private mutating func lowerCased(_ stated: Bytes) -> Bytes {
    text.clear()
    if stated.isASCII {
      for index in 0..<stated.count {
        let byte = stated[index]
        text.byte((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      }
    } else {
      text.text(stated.text.lowercased())
    }
    return text.bytes
  }
}

/// A country, by the two letters of ISO 3166-1.
public struct Region: Sendable, Hashable {
  let letters: (UInt8, UInt8)

  /// What libphonenumber calls no country at all.
  static let nowhere = Region(letters: (UInt8(ascii: "Z"), UInt8(ascii: "Z")))

  private init(letters: (UInt8, UInt8)) { self.letters = letters }

  /// Two letters, in either case; `nil` for everything else: names of countries are many.
  public init?(_ text: Bytes) {
    let trimmed = text.trimmed
    guard trimmed.count == 2, let first = Self.capital(trimmed[0]), let second = Self.capital(trimmed[1]) else {
      return nil
    }
    // Everybody says so, and ISO 3166 does not.
    letters =
      (first, second) == (UInt8(ascii: "U"), UInt8(ascii: "K"))
      ? (UInt8(ascii: "G"), UInt8(ascii: "B")) : (first, second)
  }

  private static func capital(_ byte: UInt8) -> UInt8? {
    let capital = byte & ~0x20
    return (0x41...0x5A).contains(capital) && byte & 0x40 != 0 ? capital : nil
  }

  /// The two letters.
  public var text: String { String(decoding: [letters.0, letters.1], as: UTF8.self) }

  /// Letter for letter.
  public static func == (a: Region, b: Region) -> Bool { a.letters == b.letters }

  /// Feeds the letters.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(letters.0)
    hasher.combine(letters.1)
  }
}

extension Unicode.Scalar {
  /// White space, or nothing to see: a zero-width space or joiner, a byte order mark.
  fileprivate var isBlank: Bool {
    properties.isWhitespace || (0x200B...0x200D).contains(value) || value == 0x2060 || value == 0xFEFF
  }
}

extension Bytes {
  /// Without blanks, line ends and tabs before and behind.
  var trimmed: Bytes {
    var (from, to) = (0, count)
    while from < to, self[from] <= 0x20 { from += 1 }
    while from < to, self[to - 1] <= 0x20 { to -= 1 }
    return slice(from, to)
  }

  fileprivate var isASCII: Bool {
    for index in 0..<count where self[index] >= 0x80 { return false }
    return true
  }

  /// A blank, a control character, or punctuation of lists.
  fileprivate var holdsWhatNoAddressHas: Bool {
    for index in 0..<count {
      switch self[index] {
      case ...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","), UInt8(ascii: ";"),
        UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"):
        return true
      default: continue
      }
    }
    return !isASCII && text.unicodeScalars.contains(where: \.isBlank)
  }

  /// Without the blanks that nobody sees either, which forms and copied texts have.
  fileprivate var withoutBlanksAround: Bytes {
    let trimmed = trimmed
    if trimmed.isASCII { return trimmed }
    let scalars = trimmed.text.unicodeScalars
    let from = scalars.prefix(while: \.isBlank).reduce(0) { $0 + UTF8.width($1) }
    let behind = scalars.reversed().prefix(while: \.isBlank).reduce(0) { $0 + UTF8.width($1) }
    return trimmed.slice(from, Swift.max(from, trimmed.count - behind))
  }

  fileprivate func onlyIndex(of byte: UInt8) -> Int? {
    var found: Int?
    for index in 0..<count where self[index] == byte {
      if found != nil { return nil }
      found = index
    }
    return found
  }
}
