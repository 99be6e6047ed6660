import Events

/// Bytes as hexadecimal digits in lower case.
enum Hex {
  /// The digits of some bytes.
  static func text(_ bytes: [UInt8]) -> String {
    var writer = JSONWriter(capacity: bytes.count * 2)
    bytes.withUnsafeBytes { writer.hex(Bytes($0)) }
    return writer.text
  }
}
