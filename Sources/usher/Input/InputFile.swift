import Compression
import Glibc

/// Why an input cannot be read to its end.
enum InputProblem: Error, Equatable {
  /// The system cannot read it.
  case unreadable(Files.Problem)
  /// It is packed, and cannot be unpacked.
  case damaged(path: String, CompressionError)
  /// Its name says that it is packed, and it does not begin so.
  case misnamed(path: String, CompressionFormat)
}

/// A file, or standard input, as the bytes that it means: what is packed by gzip or Zstandard comes unpacked. How it is
/// packed is told by its first bytes; a name alone makes nothing packed.
struct InputFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var decompressor: Decompressor?
  private var isOpened = false
  // What was read and is not unpacked, or not handed on, yet.
  private let packed: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  private static let packedBytes = 1 << 18

  /// Opens a file; `-` is standard input.
  init(path: String) throws(InputProblem) {
    self.path = path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(Files.Problem(path: path, code: errno)) }
    packed = .allocate(byteCount: Self.packedBytes, alignment: 1)
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
    packed.deallocate()
  }

  /// Reads the next bytes.
  /// - Returns: how many; 0 at the end.
  mutating func read(into room: UnsafeMutableRawBufferPointer) throws(InputProblem) -> Int {
    if !isOpened { try recognise() }
    if decompressor != nil { return try unpack(into: room) }
    if start < end {
      let count = min(end - start, room.count)
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[start..<start + count]))
      start += count
      return count
    }
    return try readOn(into: room)
  }

  /// Looks at the first bytes.
  private mutating func recognise() throws(InputProblem) {
    isOpened = true
    while end < CompressionFormat.headBytes && !isAtEnd { try refill() }
    let format = CompressionFormat(head: UnsafeRawBufferPointer(rebasing: packed[0..<end]))
    if let named, format == nil, end == 0 || !Self.beginsLikeEvents(packed[0]) {
      throw end == 0 ? .damaged(path: path, .cutShort(named)) : .misnamed(path: path, named)
    }
    decompressor = format.map { Decompressor($0) }
  }

  /// How the file's name says that it is packed.
  private var named: CompressionFormat? {
    if path.hasSuffix(".gz") { return .gzip }
    return path.hasSuffix(".zst") ? .zstd : nil
  }

  private static func beginsLikeEvents(_ byte: UInt8) -> Bool { byte == 0x7B || byte == 0x20 || byte == 0x0A }

  private mutating func unpack(into room: UnsafeMutableRawBufferPointer) throws(InputProblem) -> Int {
    while true {
      let next = UnsafeRawBufferPointer(rebasing: packed[start..<end])
      do throws(CompressionError) {
        let (taken, written) = try decompressor?.unpack(next, into: room) ?? (0, 0)
        start += taken
        if written > 0 { return written }
        if taken == 0 && isAtEnd {
          try decompressor?.finish()
          return 0
        }
      } catch {
        throw .damaged(path: path, error)
      }
      if start == end { try refill() }
    }
  }

  /// Reads on behind what is there; from the beginning where nothing is.
  private mutating func refill() throws(InputProblem) {
    if start == end { (start, end) = (0, 0) }
    end += try readOn(into: UnsafeMutableRawBufferPointer(rebasing: packed[end...]))
  }

  private mutating func readOn(into room: UnsafeMutableRawBufferPointer) throws(InputProblem) -> Int {
    while true {
      let count = Glibc.read(descriptor, room.baseAddress, room.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(Files.Problem(path: path, code: errno)) }
      if count == 0 { isAtEnd = true }
      return count
    }
  }
}

extension Failure {
  /// An input that cannot be read to its end.
  init(_ problem: InputProblem) {
    switch problem {
    case .unreadable(let problem): self.init(problem, doing: "read")
    case .damaged(let path, let error):
      self.init(
        message: "cannot read \(path == "-" ? "standard input" : path) to its end: \(error)",
        advice: "Get the file again, or unpack what is left of it by hand.")
    case .misnamed(let path, let format):
      self.init(
        message: "cannot read \(path): it is named like \(format.rawValue) data, and neither begins like that nor like "
          + "events", advice: "Get the file again, or give it its right name.")
    }
  }
}
