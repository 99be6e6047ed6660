internal import CZlib
internal import CZstd

/// Packs bytes for tests, by the libraries' own hands.
public enum Pack {
  /// One member of gzip.
  public static func gzip(_ text: String) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for a head of gzip's own.
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var source = Array(text.utf8)
    var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(source.count))) + 64)
    source.withUnsafeMutableBufferPointer { source in
      packed.withUnsafeMutableBufferPointer { packed in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = packed.baseAddress
        stream.avail_out = UInt32(packed.count)
        deflate(&stream, Z_FINISH)
      }
    }
    return Array(packed.prefix(Int(stream.total_out)))
  }

  /// One frame of Zstandard, with a checksum.
  public static func zstd(_ text: String) -> [UInt8] {
    let source = Array(text.utf8)
    var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(source.count))
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    let count = ZSTD_compress2(context, &packed, packed.count, source, source.count)
    return Array(packed.prefix(count))
  }
}
