internal import Events

/// Hashes of text that are the same in every process.
enum StableText {
  static func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { bytes in
      bytes.baseAddress.map { Hash64.of(Bytes($0, count: bytes.count)) } ?? 0
    }
  }
}

/// A text as a key, told from others by its bytes: Swift's own comparison takes texts that only Unicode calls equal for
/// one.
struct ExactText: Hashable, CustomStringConvertible {
  let description: String

  init(_ text: String) { description = text }

  static func == (a: ExactText, b: ExactText) -> Bool { a.description.utf8.elementsEqual(b.description.utf8) }

  func hash(into hasher: inout Hasher) { for byte in description.utf8 { hasher.combine(byte) } }
}
