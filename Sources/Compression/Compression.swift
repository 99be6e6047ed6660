// Compression: packed bytes made readable, piece by piece.
//
// One type (`Decompressor`) over two libraries: zlib for gzip, libzstd for Zstandard. A stream is recognised by its
// first bytes (`CompressionFormat`), never by a name.
// What this room may not know: files, lines and events. It is handed bytes and room for bytes, keeps neither, and reads
// nothing by itself.

/// How a stream of bytes is packed.
public enum CompressionFormat: String, Sendable, CaseIterable {
  /// RFC 1952: one member, or several one after the other.
  case gzip
  /// RFC 8878: one frame, or several one after the other.
  case zstd

  /// How many of the first bytes tell the format.
  public static let headBytes = 4

  /// The format that a stream's first bytes announce; `nil` where they announce none of these.
  public init?(head: UnsafeRawBufferPointer) {
    if head.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippableFrame(head) {
      self = .zstd
    } else {
      return nil
    }
  }

  /// Some packers begin with a frame of notes, which readers pass over.
  private static func isSkippableFrame(_ head: UnsafeRawBufferPointer) -> Bool {
    head.count >= 4 && head[0] & 0xF0 == 0x50 && head.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
  }
}

/// Why packed bytes cannot be read.
public enum CompressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// They end before their format says so.
  case cutShort(CompressionFormat)
  /// They are not what their format asks for; the library's own words.
  case damaged(CompressionFormat, reason: String)
  /// Something else follows the end.
  case trailing(CompressionFormat)

  /// Why, as the end of a sentence.
  public var description: String {
    switch self {
    case .cutShort(let format): "its \(format.rawValue) data ends too early"
    case .damaged(let format, let reason): "its \(format.rawValue) data is damaged (\(reason))"
    case .trailing(let format): "after its \(format.rawValue) data comes something else"
    }
  }
}
