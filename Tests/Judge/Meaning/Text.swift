/// A string as its UTF-8 bytes. Strings compare byte for byte, which Swift's own strings do not.
struct Text: Hashable, Comparable, Sendable {
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(_ string: String) { bytes = Array(string.utf8) }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  static func < (left: Text, right: Text) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

  func starts(with other: Text) -> Bool { bytes.starts(with: other.bytes) }

  func contains(_ other: Text) -> Bool {
    guard bytes.count >= other.bytes.count else { return false }
    return (0...bytes.count - other.bytes.count).contains { bytes[$0...].starts(with: other.bytes) }
  }
}
