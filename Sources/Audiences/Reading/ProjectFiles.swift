import Glibc
import YAML

/// The files of a project folder that definitions are read from.
struct ProjectFiles {
  /// The bytes by their path below the folder.
  private(set) var contents: [String: [UInt8]] = [:]
  /// What could not be read.
  private(set) var diagnostics: [Diagnostic] = []
  private let folder: String

  static func read(folder: String) -> ProjectFiles {
    var files = ProjectFiles(folder: folder)
    for path in [ProjectReader.taxonomyPath, ProjectReader.policyPath, ProjectReader.traitsPath] {
      files.readFile(path)
    }
    files.readAudiences()
    return files
  }

  private init(folder: String) {
    self.folder = folder.isEmpty ? "." : folder
  }

  private mutating func readAudiences() {
    let path = String(ProjectReader.audiencesFolder.dropLast())
    guard let names = Self.names(in: folder + "/" + path) else {
      note(path, "the folder cannot be read: \(Self.reason(errno))", expected: "a project folder with '\(path)' in it")
      return
    }
    for name in names where !name.hasPrefix(".") {
      let below = ProjectReader.audiencesFolder + name
      if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        readFile(below)
      } else if let inner = Self.names(in: folder + "/" + below) {
        // Only told, not read: see `ProjectReader.key(ofFile:)`.
        for file in inner where file.hasSuffix(".yaml") || file.hasSuffix(".yml") { contents[below + "/" + file] = [] }
      }
    }
  }

  /// Reads a regular file, up to a little more than what a document may hold. One that is not there is left out.
  private mutating func readFile(_ path: String) {
    let descriptor = open(folder + "/" + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno != ENOENT { note(path, "the file cannot be read: \(Self.reason(errno))") }
      return
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      note(path, "this is not a file", expected: "a file of text")
      return
    }
    if let bytes = Self.bytes(of: descriptor, atMost: ReadingLimits.standard.bytes + 1) {
      contents[path] = bytes
    } else {
      note(path, "the file cannot be read: \(Self.reason(errno))")
    }
  }

  /// The first bytes of an open file; `nil`, with `errno`, where reading fails.
  private static func bytes(of descriptor: Int32, atMost limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var hasFailed = false
    while bytes.count < limit, !hasFailed {
      let wanted = min(65_536, limit - bytes.count)
      let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        let result = Glibc.read(descriptor, buffer.baseAddress, wanted)
        hasFailed = result < 0
        count = max(0, result)
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return hasFailed ? nil : bytes
  }

  private mutating func note(_ path: String, _ message: String, expected: String? = nil) {
    diagnostics.append(Source(file: path, text: "").error(at: .start, message, expected: expected))
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// The names in a folder, sorted; `nil`, with `errno`, where it is none or cannot be read.
  private static func names(in path: String) -> [String]? {
    guard let handle = opendir(path) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names.sorted()
  }
}
