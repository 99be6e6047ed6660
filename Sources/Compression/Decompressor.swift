/// Unpacks one stream of bytes.
public struct Decompressor: ~Copyable {
  private var gzip: GzipDecoder?
  private var zstd: ZstdDecoder?

  /// A decompressor at the beginning of a stream.
  public init(_ format: CompressionFormat) {
    switch format {
    case .gzip: gzip = GzipDecoder()
    case .zstd: zstd = ZstdDecoder()
    }
  }

  /// Unpacks as much as there is room for. It may take bytes and give none yet, and it may give bytes that it had taken
  /// before: call it again with the rest, or with nothing, until it neither takes nor gives.
  /// - Parameters:
  ///   - input: the next packed bytes.
  ///   - room: where the unpacked ones go.
  /// - Returns: how many bytes of `input` were taken, and how many were written to `room`.
  /// - Throws: ``CompressionError``; the stream cannot be read further then.
  public mutating func unpack(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (taken: Int, written: Int) {
    if let result = try gzip?.unpack(input, into: room) { return result }
    return try zstd?.unpack(input, into: room) ?? (0, 0)
  }

  /// Says that no packed bytes follow.
  /// - Throws: ``CompressionError/cutShort(_:)`` where the stream is not at its end.
  public mutating func finish() throws(CompressionError) {
    try gzip?.finish()
    try zstd?.finish()
  }
}
