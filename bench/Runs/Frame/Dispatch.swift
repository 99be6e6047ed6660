import Glibc
import Synchronization

/// Finds the command and runs it.
enum Dispatch {
  static let commands = [LatencyRun.command, RecoveryRun.command, TransportRun.command]

  /// Runs what the words ask for.
  /// - Returns: the exit status.
  static func run(_ words: [String]) -> Int32 {
    guard let command = commands.first(where: { $0.name == words.first }) else {
      let names = commands.map { "\($0.name): \($0.summary)" }.joined(separator: "\n  ")
      Report.tell("usher-bench: name one of the runs:\n  \(names)")
      return 2
    }
    let rest = Array(words.dropFirst())
    if rest.contains("--help") || rest.contains("-h") {
      print(command.help, terminator: "")
      return 0
    }
    StopAsked.listen()
    do throws(Failure) {
      return try command.run(Arguments(rest, for: command))
    } catch {
      Report.tell("bench/\(command.name): \(error.message)")
      if let advice = error.advice { Report.tell("  \(advice)") }
      return error.exitCode
    }
  }
}

/// Ctrl-C and SIGTERM: the run ends at the next look, and its topics are deleted all the same.
enum StopAsked {
  private static let wasAsked = Atomic<Bool>(false)

  static func listen() {
    for number in [SIGINT, SIGTERM] { signal(number) { _ in StopAsked.wasAsked.store(true, ordering: .relaxed) } }
  }

  /// Throws where the user wants the run to end.
  static func check() throws(Failure) {
    if wasAsked.load(ordering: .relaxed) { throw Failure("stopped", exitCode: 130) }
  }
}
