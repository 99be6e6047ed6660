import Foundation
import Testing

@testable import usher

/// The project's own folder: the one that holds `topics/` and `ops/`.
let projectFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// A folder of its own for one test; it goes with the object.
final class ScratchFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("usher-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }
}

/// A stream whose words end in a file, to be read afterwards.
final class Recorder {
  let terminal: Terminal
  private let folder: ScratchFolder
  private let handle: FileHandle

  init() throws {
    folder = try ScratchFolder()
    try folder.write("", to: "said")
    handle = try #require(FileHandle(forWritingAtPath: "\(folder.path)/said"))
    terminal = Terminal(descriptor: handle.fileDescriptor)
  }

  var said: String { (try? String(contentsOfFile: "\(folder.path)/said", encoding: .utf8)) ?? "" }
}
