import Glibc

/// A program that was started. What it prints goes into files. It does not outlive this object.
final class Child {
  /// What a program has cost, by the system's accounting.
  struct Cost {
    let processorSeconds: Double
    let peakMebibytes: Int
  }

  let output: String
  let log: String
  private let name: String
  private let number: pid_t
  private var isRunning = true
  private(set) var cost = Cost(processorSeconds: 0, peakMebibytes: 0)
  private var status: Int32 = 0

  /// Starts a program; `output` and `log` name the files for what it prints.
  init(_ path: String, _ words: [String], output: String, log: String) throws(Failure) {
    self.output = output
    self.log = log
    name = path
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (descriptor, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, log)] {
      posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    var arguments = ([path] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let code = posix_spawnp(&child, path, &actions, nil, &arguments, environ)
    guard code == 0 else { throw Failure(system: "cannot start \(path)", code: code) }
    number = child
  }

  deinit { kill() }

  /// Whether it still runs.
  var runs: Bool {
    if isRunning { collect(WNOHANG) }
    return isRunning
  }

  /// Ends it as a crash would, and waits until it is gone.
  func kill() {
    guard runs else { return }
    Glibc.kill(number, SIGKILL)
    while isRunning { collect(0) }
  }

  /// Asks it to end.
  func ask() {
    if runs { Glibc.kill(number, SIGTERM) }
  }

  /// Waits until it has ended by itself. What it said is part of the failure where it has not done well.
  func wait(forMs: Int64) throws(Failure) {
    let endNs = Clock.nowNs() + forMs * 1_000_000
    while runs {
      try StopAsked.check()
      guard Clock.nowNs() < endNs else { throw failure("has not ended after \(forMs / 1000) s") }
      Clock.sleep(untilNs: Clock.nowNs() + 2_000_000)
    }
    guard status == 0 else { throw failure("has failed") }
  }

  /// Throws where it has ended, though it should not have.
  func checkRuns() throws(Failure) {
    guard runs else { throw failure("has ended too early") }
  }

  /// What happened to it, with its last words.
  private func failure(_ what: String) -> Failure {
    let words = (try? Files.text(log))?.split(separator: "\n").suffix(5).joined(separator: "\n    ")
    return Failure("\(name) \(what)", advice: words.map { "its last words:\n    \($0)" })
  }

  private func collect(_ options: Int32) {
    var usage = rusage()
    guard wait4(number, &status, options, &usage) == number else {
      if errno == ECHILD { isRunning = false }
      return
    }
    isRunning = false
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    cost = Cost(
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakMebibytes: usage.ru_maxrss / 1024)
  }
}
