internal import Events

/// Numbers and texts one after the other, in little-endian 64-bit words: a text is its length in bytes, and then its bytes,
/// filled up with zero bytes to a whole word.
struct WordWriter {
  private(set) var bytes: [UInt8] = []

  mutating func word(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }

  mutating func number(_ number: Int) { word(UInt64(bitPattern: Int64(number))) }

  mutating func text(_ text: String) { self.text(Array(text.utf8)) }

  mutating func text(_ text: [UInt8]) {
    number(text.count)
    bytes.append(contentsOf: text)
    bytes.append(contentsOf: repeatElement(0, count: -text.count & 7))
  }
}

/// Reads what a ``WordWriter`` wrote.
struct WordReader {
  private let bytes: Bytes
  private var at = 0

  init(_ bytes: Bytes) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  mutating func word() throws(CodecError) -> UInt64 {
    guard bytes.count - at >= 8 else { throw .truncated }
    defer { at += 8 }
    return UInt64(littleEndian: UnsafeRawPointer(bytes.start).loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  mutating func number() throws(CodecError) -> Int { Int(truncatingIfNeeded: try word()) }

  /// How many of something follow, each of which has at least a word.
  mutating func count() throws(CodecError) -> Int {
    let count = try word()
    guard count <= UInt64((bytes.count - at) / 8) else { throw .truncated }
    return Int(count)
  }

  mutating func list<Item>(
    _ item: (inout WordReader) throws(CodecError) -> Item
  ) throws(CodecError) -> [Item] {
    var items: [Item] = []
    for _ in 0..<(try count()) { items.append(try item(&self)) }
    return items
  }

  mutating func utf8() throws(CodecError) -> [UInt8] {
    let length = try word()
    guard length <= UInt64(bytes.count - at) else { throw .truncated }
    let end = at + Int(length)
    guard end + (-end & 7) <= bytes.count else { throw .truncated }
    defer { at = end + (-Int(length) & 7) }
    return Array(bytes.slice(at, end).buffer)
  }

  mutating func text() throws(CodecError) -> String { String(decoding: try utf8(), as: UTF8.self) }
}
