internal import CZstd

/// Frames of Zstandard, one after the other; the library passes over frames of notes.
struct ZstdDecoder: ~Copyable {
  private let stream: OpaquePointer
  /// Whether the bytes so far end with a frame.
  private var isComplete = false

  init() {
    guard let stream = ZSTD_createDStream() else { preconditionFailure("libzstd has no memory") }
    self.stream = stream
  }

  deinit { ZSTD_freeDStream(stream) }

  /// Says that nothing follows.
  mutating func finish() throws(CompressionError) {
    guard isComplete else { throw .cutShort(.zstd) }
  }

  mutating func unpack(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (taken: Int, written: Int) {
    if isComplete && input.isEmpty { return (0, 0) }
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    let left = ZSTD_decompressStream(stream, &target, &source)
    guard ZSTD_isError(left) == 0 else {
      throw .damaged(.zstd, reason: String(cString: ZSTD_getErrorName(left)))
    }
    isComplete = left == 0
    return (source.pos, target.pos)
  }
}
