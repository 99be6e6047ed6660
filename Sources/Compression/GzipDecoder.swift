internal import CZlib

/// Members of gzip, one after the other. Zeros behind the last one are padding, as tapes and some writers leave them.
struct GzipDecoder: ~Copyable {
  // The library holds on to the address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var place = Place.start

  private enum Place { case start, member, between, padding }

  /// The largest window there is, and a gzip head wanted.
  private static let windowBits: Int32 = 15 + 16

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib has no memory, or is of another version than its header")
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  private var isComplete: Bool { place == .between || place == .padding }

  /// Says that nothing follows.
  mutating func finish() throws(CompressionError) {
    guard isComplete else { throw .cutShort(.gzip) }
  }

  mutating func unpack(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> (taken: Int, written: Int) {
    if isComplete {
      let taken = try begin(input)
      if taken > 0 || input.isEmpty { return (taken, 0) }
    }
    guard !room.isEmpty else { return (0, 0) }
    place = .member
    let (offered, free) = (UInt32(clamping: input.count), UInt32(clamping: room.count))
    // The library reads these bytes, and never writes them.
    let bytes = input.baseAddress.map { UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self)) }
    stream.pointee.next_in = bytes
    stream.pointee.avail_in = offered
    stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = free
    let code = inflate(stream, Z_NO_FLUSH)
    switch code {
    case Z_OK, Z_BUF_ERROR: break  // the latter: it could neither take nor give anything
    case Z_STREAM_END: place = .between
    default: throw .damaged(.gzip, reason: words(for: code))
    }
    return (Int(offered - stream.pointee.avail_in), Int(free - stream.pointee.avail_out))
  }

  /// Looks at what follows a member: another one begins, or padding does, which is taken.
  private mutating func begin(_ input: UnsafeRawBufferPointer) throws(CompressionError) -> Int {
    guard let first = input.first else { return 0 }
    if first == 0 {
      place = .padding
      return input.firstIndex { $0 != 0 } ?? input.count
    }
    guard place == .between, first == 0x1F else { throw .trailing(.gzip) }
    inflateReset(stream)
    return 0
  }

  private func words(for code: Int32) -> String {
    stream.pointee.msg.map { String(cString: $0) } ?? String(cString: zError(code))
  }
}
