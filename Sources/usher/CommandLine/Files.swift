import Glibc

/// Reading and writing files.
enum Files {
  /// Why a file could not be read or written.
  struct Problem: Error, Equatable {
    /// The path as it was given.
    let path: String
    /// The system's number of the error.
    let code: Int32

    /// The system's own words for it.
    var reason: String { String(cString: strerror(code)) }
  }

  /// Reads a whole file.
  static func read(_ path: String) throws(Problem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      var code: Int32 = 0
      let before = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: 65_536))
      let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + before, 65_536) }
      if count < 0 { code = errno }
      bytes.removeLast(65_536 - max(0, count))
      if code == EINTR { continue }
      guard code == 0 else { throw Problem(path: path, code: code) }
      if count == 0 { return bytes }
    }
  }

  /// Whether there is a file or folder of that path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names of the files in a folder that end so, in alphabetical order.
  static func names(in folder: String, ending: String) throws(Problem) -> [String] {
    guard let entries = opendir(folder) else { throw Problem(path: folder, code: errno) }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(ending) && !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}

/// A file that is written from its beginning to its end, in large pieces.
struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private let ownsDescriptor: Bool
  private var buffer: [UInt8] = []
  private static let pieceBytes = 1 << 20

  /// Opens a file to be written anew; `-` is standard output.
  init(path: String) throws(Files.Problem) {
    self.path = path
    ownsDescriptor = path != "-"
    descriptor = ownsDescriptor ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) : STDOUT_FILENO
    guard descriptor >= 0 else { throw Files.Problem(path: path, code: errno) }
    buffer.reserveCapacity(Self.pieceBytes + 65_536)
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  /// Adds a line and its end.
  mutating func add(line: [UInt8]) throws(Files.Problem) {
    buffer.append(contentsOf: line)
    buffer.append(0x0A)
    if buffer.count >= Self.pieceBytes { try flush() }
  }

  /// Adds bytes as they are.
  mutating func add(bytes: [UInt8]) throws(Files.Problem) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.pieceBytes { try flush() }
  }

  /// Writes what is still held back.
  mutating func flush() throws(Files.Problem) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      let code = errno
      if count < 0 && code == EINTR { continue }
      guard count >= 0 else { throw Files.Problem(path: path, code: code) }
      written += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

extension Failure {
  /// A file that could not be read or written.
  init(_ problem: Files.Problem, doing: String) {
    self.init(message: "cannot \(doing) \(problem.path): \(problem.reason)")
  }
}
