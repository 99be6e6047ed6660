public import Glibc

/// Starts programs. Foundation's `Process` is not used: it takes a program for running as long as a grandchild lives,
/// and the brokers are grandchildren that stay.
public enum Command {
  /// Why a program could not be started, or what it said when it failed.
  public struct Failure: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// Runs a program to its end.
  /// - Returns: what it printed.
  public static func run(_ path: String, _ words: [String]) throws -> String {
    let (reader, writer) = try pipe()
    let child = try spawn(path, words, output: writer)
    close(writer)
    let text = readAll(reader)
    close(reader)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw Failure(description: "\(path) \(words.joined(separator: " ")) failed: \(text)") }
    return text
  }

  /// Starts a program that waits for the end of its input, and so outlives this process by a moment.
  /// The input stays open until this process ends.
  public static func spawnUntilEnd(_ path: String, _ words: [String]) throws {
    let (reader, _) = try pipe()
    _ = try spawn(path, words, input: reader)
    close(reader)
  }

  /// Starts a program. Where no file is given for its input, output or errors, it reads and writes nothing there.
  /// - Returns: its process id; whoever starts it waits for it.
  public static func spawn(
    _ path: String, _ words: [String], input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, source) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
      if let source {
        posix_spawn_file_actions_adddup2(&actions, source, descriptor)
      } else {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      }
    }
    var arguments = ([path] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let status = posix_spawn(&child, path, &actions, nil, &arguments, environ)
    guard status == 0 else {
      throw Failure(description: "\(path) cannot be started: \(String(cString: strerror(status)))")
    }
    return child
  }

  /// A pipe that no other program inherits.
  private static func pipe() throws -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw Failure(description: "no pipe can be opened") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func readAll(_ descriptor: Int32) -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { text += buffer[..<count] } else if count == 0 || errno != EINTR { break }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
