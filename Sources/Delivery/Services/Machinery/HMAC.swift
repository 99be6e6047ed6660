import Events

/// Message authentication with a shared secret (RFC 2104).
enum HMAC {
  private static let blockBytes = 64

  /// HMAC-SHA256 of a message: 32 bytes.
  static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var block = key.count > blockBytes ? digest(key) : key
    block += [UInt8](repeating: 0, count: blockBytes - block.count)
    let inner = digest(block.map { $0 ^ 0x36 } + message)
    return digest(block.map { $0 ^ 0x5C } + inner)
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { SHA256.withDigest(of: Bytes($0)) { Array($0.buffer) } }
  }
}

/// Bytes as hexadecimal digits in lower case.
enum Hex {
  /// The digits of some bytes.
  static func text(_ bytes: [UInt8]) -> String {
    var writer = JSONWriter(capacity: bytes.count * 2)
    bytes.withUnsafeBytes { writer.hex(Bytes($0)) }
    return writer.text
  }
}

/// Base64 (RFC 4648, section 4).
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of some bytes.
  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : 0x3D)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
