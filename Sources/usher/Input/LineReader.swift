import Events
import Glibc

/// Reads a file, or standard input, line by line, with room behind each line for whoever reads ahead. What is packed
/// comes unpacked.
struct LineReader: ~Copyable {
  private var file: InputFile
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity = 4 << 20
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  private var lineEnd: Int?

  /// Opens a file; `-` is standard input.
  init(path: String) throws(InputProblem) {
    file = try InputFile(path: path)
    buffer = .allocate(capacity: capacity + RecordReader.padding)
  }

  deinit { buffer.deallocate() }

  /// Whether the next line is there without reading on. Reading on ends the lines before.
  var hasLine: Bool {
    mutating get {
      if lineEnd == nil, let found = memchr(buffer + start, 0x0A, end - start) {
        lineEnd = found.assumingMemoryBound(to: UInt8.self) - buffer
      }
      return lineEnd != nil
    }
  }

  /// The next line without its end, valid until the reader reads on; `nil` after the last.
  mutating func next() throws(InputProblem) -> Bytes? {
    while !hasLine && !isAtEnd { try fill() }
    let line = Bytes(buffer + start, count: (lineEnd ?? end) - start)
    if lineEnd == nil && line.isEmpty { return nil }
    start = lineEnd.map { $0 + 1 } ?? end
    lineEnd = nil
    return line
  }

  /// Reads everything that is left, so that lines can be taken without waiting for the disk.
  mutating func readAll() throws(InputProblem) {
    while !isAtEnd { try fill() }
  }

  private mutating func fill() throws(InputProblem) {
    if start > 0 {
      buffer.update(from: buffer + start, count: end - start)
      end -= start
      start = 0
    }
    if end == capacity {
      let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + RecordReader.padding)
      grown.update(from: buffer, count: end)
      buffer.deallocate()
      buffer = grown
      capacity *= 2
    }
    let count = try file.read(into: UnsafeMutableRawBufferPointer(start: buffer + end, count: capacity - end))
    end += count
    isAtEnd = count == 0
  }
}
