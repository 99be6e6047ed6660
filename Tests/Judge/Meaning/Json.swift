/// A JSON value. Numbers stay the text they were, so that nothing is lost on the way to millionths.
enum Json: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(String)
  case string(Text)
  case array([Json])
  case object([Member])

  struct Member: Sendable, Equatable {
    let name: Text
    let value: Json
  }

  /// The member of that name; none where this is no object, or where it is `null` or `[]`, which count as absent.
  func member(_ name: Text) -> Json? {
    guard case .object(let members) = self, let found = members.last(where: { $0.name == name }) else { return nil }
    return found.value == .null || found.value == .array([]) ? nil : found.value
  }

  /// The member of that name.
  func member(_ name: String) -> Json? { member(Text(name)) }

  /// The member of that name as it stands there, be it `null`; none where this is no object.
  func stated(_ name: String) -> Json? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == Text(name) }?.value
  }
}

/// Reads one JSON text (RFC 8259), strictly.
struct JsonReader {
  private let bytes: [UInt8]
  private var next = 0

  struct NotJson: Error {}

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The value that the text is, to its end; nothing where it is not JSON.
  static func read(_ text: String) -> Json? {
    var reader = JsonReader(text)
    guard let value = try? reader.value() else { return nil }
    reader.skipSpace()
    return reader.next == reader.bytes.count ? value : nil
  }

  private var peek: UInt8? { next < bytes.count ? bytes[next] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { next += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    next += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(NotJson) {
    guard take(byte) else { throw NotJson() }
  }

  private mutating func value() throws(NotJson) -> Json {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: Json) throws(NotJson) -> Json {
    for byte in word.utf8 { try expect(byte) }
    return value
  }

  private mutating func object() throws(NotJson) -> Json {
    try expect(UInt8(ascii: "{"))
    var members: [Json.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      let name = try string()
      skipSpace()
      try expect(UInt8(ascii: ":"))
      members.append(Json.Member(name: name, value: try value()))
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array() throws(NotJson) -> Json {
    try expect(UInt8(ascii: "["))
    var values: [Json] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat {
      values.append(try value())
      skipSpace()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .array(values)
  }

  /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?`
  private mutating func number() throws(NotJson) -> Json {
    let start = next
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      try digits()
    }
    return .number(String(decoding: bytes[start..<next], as: UTF8.self))
  }

  private mutating func digits() throws(NotJson) {
    let start = next
    while let byte = peek, byte.isDigit { next += 1 }
    guard next > start else { throw NotJson() }
  }

  private mutating func string() throws(NotJson) -> Text {
    try expect(UInt8(ascii: "\""))
    var text: [UInt8] = []
    while let byte = peek {
      next += 1
      switch byte {
      case UInt8(ascii: "\""): return Text(bytes: text)
      case UInt8(ascii: "\\"): text += try escaped()
      case 0..<0x20: throw NotJson()
      default: text.append(byte)
      }
    }
    throw NotJson()
  }

  private mutating func escaped() throws(NotJson) -> [UInt8] {
    guard let byte = peek else { throw NotJson() }
    next += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
    default: throw NotJson()
    }
  }

  private mutating func scalar() throws(NotJson) -> Unicode.Scalar {
    var code = try fourHexDigits()
    if (0xd800..<0xdc00).contains(code) {
      try expect(UInt8(ascii: "\\"))
      try expect(UInt8(ascii: "u"))
      let low = try fourHexDigits()
      guard (0xdc00..<0xe000).contains(low) else { throw NotJson() }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw NotJson() }
    return scalar
  }

  private mutating func fourHexDigits() throws(NotJson) -> UInt32 {
    guard next + 4 <= bytes.count else { throw NotJson() }
    var code: UInt32 = 0
    for byte in bytes[next..<next + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw NotJson() }
      code = code * 16 + UInt32(digit)
    }
    next += 4
    return code
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
