import Compression
import CompressionTestSupport
import Testing

/// Unpacks bytes that come in pieces, into room of so many bytes.
private func unpacked(
  _ bytes: [UInt8], as format: CompressionFormat, pieces: Int = .max, room: Int = 4096
) throws(CompressionError) -> String {
  var decompressor = Decompressor(format)
  var text: [UInt8] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    var piece = Array(rest.prefix(pieces))[...]
    rest = rest.dropFirst(pieces)
    while true {
      var space = [UInt8](repeating: 0, count: room)
      let (taken, written) = try decompressor.take(Array(piece), into: &space)
      text += space.prefix(written)
      piece = piece.dropFirst(taken)
      if taken == 0 && written == 0 { break }
    }
  }
  try decompressor.finish()
  return String(decoding: text, as: UTF8.self)
}

extension Decompressor {
  fileprivate mutating func take(
    _ input: [UInt8], into space: inout [UInt8]
  ) throws(CompressionError) -> (taken: Int, written: Int) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: space.count, alignment: 1)
    defer { room.deallocate() }
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count, alignment: 1)
    defer { source.deallocate() }
    source.copyBytes(from: input)
    let result = try unpack(UnsafeRawBufferPointer(source), into: room)
    space = Array(room)
    return result
  }
}

@Suite("Packed bytes")
struct DecompressorTests {
  private static let text = (0..<5000).map { "line \($0 * $0 % 977)\n" }.joined()

  private func pack(_ text: String, _ format: CompressionFormat) -> [UInt8] {
    format == .gzip ? Pack.gzip(text) : Pack.zstd(text)
  }

  @Test("are recognised by how they begin", arguments: CompressionFormat.allCases)
  func recognised(_ format: CompressionFormat) {
    let head = Array(pack("{}", format).prefix(CompressionFormat.headBytes))
    #expect(head.withUnsafeBytes { CompressionFormat(head: $0) } == format)
    for other in ["{\"ty", "", "\u{1F}"] {
      #expect(Array(other.utf8).withUnsafeBytes { CompressionFormat(head: $0) } == nil)
    }
  }

  @Test("that begin with a frame of notes are Zstandard, and the notes are passed over")
  func notes() throws {
    let notes: [UInt8] = [0x5E, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 7, 8, 9]
    #expect(notes.withUnsafeBytes { CompressionFormat(head: $0) } == .zstd)
    #expect(try unpacked(notes + Pack.zstd("after"), as: .zstd) == "after")
  }

  @Test("give what was packed, however small the pieces and the room are", arguments: CompressionFormat.allCases)
  func pieces(_ format: CompressionFormat) throws {
    let packed = pack(Self.text, format)
    for (pieces, room) in [(Int.max, 4096), (1, 4096), (Int.max, 7), (3, 5), (100, 100_000)] {
      #expect(try unpacked(packed, as: format, pieces: pieces, room: room) == Self.text)
    }
  }

  @Test("may be several, one after the other, empty ones too", arguments: CompressionFormat.allCases)
  func several(_ format: CompressionFormat) throws {
    let packed = ["one\n", "", Self.text, "four"].flatMap { pack($0, format) }
    for pieces in [1, 2, 1000, Int.max] {
      #expect(try unpacked(packed, as: format, pieces: pieces) == "one\n" + Self.text + "four")
    }
  }

  @Test("that end too early are cut short, wherever that is", arguments: CompressionFormat.allCases)
  func cutShort(_ format: CompressionFormat) {
    let packed = pack("a few words, a few words, a few words", format)
    for count in 0..<packed.count {
      #expect(throws: CompressionError.cutShort(format)) { try unpacked(Array(packed.prefix(count)), as: format) }
    }
  }

  @Test("are damaged where a bit of what they hold is another", arguments: CompressionFormat.allCases)
  func damaged(_ format: CompressionFormat) {
    let packed = pack(Self.text, format)
    for place in stride(from: 20, to: packed.count, by: 97) {
      var bytes = packed
      bytes[place] ^= 0x10
      #expect(throws: CompressionError.self) { try unpacked(bytes, as: format) }
    }
  }

  @Test("of gzip may be followed by zeros, and by nothing else")
  func padding() throws {
    let packed = Pack.gzip("text")
    #expect(try unpacked(packed + [0, 0, 0, 0, 0], as: .gzip, pieces: 2) == "text")
    #expect(throws: CompressionError.trailing(.gzip)) { try unpacked(packed + [0, 0, 1], as: .gzip) }
    #expect(throws: CompressionError.trailing(.gzip)) { try unpacked(packed + Array("{}".utf8), as: .gzip) }
    #expect(throws: CompressionError.self) { try unpacked(Pack.zstd("text") + Array("{\"a\":1}".utf8), as: .zstd) }
  }
}
