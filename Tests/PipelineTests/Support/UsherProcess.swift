import Foundation
import KafkaTestSupport
import Synchronization
import Testing

/// A `usher run` of its own, which can be killed.
final class UsherProcess: Sendable {
  private let number: pid_t
  private let errors: String
  private let keepsErrors: Bool
  /// As `waitpid` gave it; nil while the process runs.
  private let status = Mutex<Int32?>(nil)

  /// The program that the environment names, or the one beside this test's own, if it was built.
  static let program: URL? = {
    let named = ProcessInfo.processInfo.environment["USHER_PROGRAM"].map { URL(filePath: $0) }
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = named ?? own.deletingLastPathComponent().appending(path: "usher")
    return FileManager.default.isExecutableFile(atPath: path.path) ? path : nil
  }()

  /// Starts `usher run`, or another verb, with these words.
  /// - Parameter log: where what it says is kept; in a file of its own, and not kept, where there is none.
  init(_ words: [String], verb: String = "run", log: String? = nil) throws {
    errors = log ?? FileManager.default.temporaryDirectory.appending(path: "usher-test-\(UUID().uuidString).log").path
    keepsErrors = log != nil
    let file = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(file) }
    number = try Command.spawn(try #require(Self.program).path, [verb] + words, errors: file)
  }

  deinit {
    if exitCode == nil {
      kill(number, SIGKILL)
      waitpid(number, nil, 0)
    }
    if !keepsErrors { unlink(errors) }
  }

  /// What it said so far.
  var said: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  func send(_ signal: Int32) { status.withLock { if $0 == nil { _ = kill(number, signal) } } }

  /// How it ended: a signal counts as 128 and its number. Nil while it runs.
  var exitCode: Int32? {
    status.withLock { status in
      if status == nil {
        var found: Int32 = 0
        if waitpid(number, &found, WNOHANG) == number { status = found }
      }
      return status.map { $0 & 0x7F == 0 ? $0 >> 8 & 0xFF : 128 + ($0 & 0x7F) }
    }
  }

  /// Waits until it has ended. One that does not end is killed, and fails the test with what its threads were at.
  /// - Returns: its exit code; a signal that ended it counts as 128 and its number.
  func wait(seconds: Int = 180, _ location: SourceLocation = #_sourceLocation) async -> Int32 {
    let code = await withCheckedContinuation { continuation in
      onThread { continuation.resume(returning: self.awaitEnd(seconds: seconds)) }
    }
    if let code { return code }
    Issue.record("the process does not end: \(said)\n\(stacks)", sourceLocation: location)
    send(SIGKILL)
    return 128 + SIGKILL
  }

  /// The same on a thread of one's own, which it blocks; nil where it does not end.
  func awaitEnd(seconds: Int) -> Int32? {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if let exitCode { return exitCode }
      usleep(10_000)
    }
    return nil
  }

  /// What its threads are at, where a debugger is at hand.
  var stacks: String {
    (try? Command.run("/usr/bin/gdb", ["-p", "\(number)", "-batch", "-ex", "thread apply all bt 16"])) ?? ""
  }
}

/// A project's files in a folder of their own, removed at the end.
final class ProjectFolder: Sendable {
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
