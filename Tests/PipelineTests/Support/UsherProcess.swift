import Foundation
import Testing

/// A `usher run` of its own, which can be killed.
final class UsherProcess {
  private let process = Process()
  private let errors: URL

  /// The program beside this test's own, if it was built.
  static let program: URL? = {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = own.deletingLastPathComponent().appending(path: "usher")
    return FileManager.default.isExecutableFile(atPath: path.path) ? path : nil
  }()

  /// Starts `usher run`, or another verb, with these words.
  init(_ words: [String], verb: String = "run") throws {
    errors = FileManager.default.temporaryDirectory.appending(path: "usher-test-\(UUID().uuidString).log")
    try Data().write(to: errors)
    process.executableURL = Self.program
    process.arguments = [verb] + words
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: errors)
  }

  /// What it said so far.
  var said: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until it has ended. One that takes too long fails the test, and is ended: what it said tells how far it came.
  /// - Returns: its exit code; a signal that ended it counts as 128 and its number.
  func wait(seconds: Int = 150, _ location: SourceLocation = #_sourceLocation) async -> Int32 {
    let (process, status) = (UncheckedProcess(process), Watched<Int32?>(nil))
    onThread {
      process.value.waitUntilExit()
      let code = process.value.terminationStatus
      status.with { $0 = process.value.terminationReason == .exit ? code : 128 + code }
    }
    if await !status.wait(seconds: seconds, until: { $0 != nil }) {
      Issue.record("it does not end; it said: \(said)", sourceLocation: location)
      send(SIGKILL)
      _ = await status.wait(seconds: 10) { $0 != nil }
    }
    return status.with { $0 } ?? -1
  }

  /// Unchecked: waiting is all that the other thread does with it.
  private struct UncheckedProcess: @unchecked Sendable {
    let value: Process
    init(_ value: Process) { self.value = value }
  }
}

/// A project's files in a folder of their own, removed at the end.
final class ProjectFolder {
  let path: String

  init(_ files: [String: String]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-test-\(UUID().uuidString)")
    path = folder.path
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
