import Glibc

/// One line on standard error that is drawn again and again while work goes on. In a pipe it is silent.
struct Progress: ~Copyable {
  private let terminal: Terminal
  private var drawnAtMs: Int64 = .min
  private var isShown = false

  /// The least time between two drawings, in milliseconds.
  private static let paceMs: Int64 = 100

  init(on terminal: Terminal = .error) {
    self.terminal = terminal
  }

  /// Shows where the work stands, at most ten times a second; `line` is asked only when it is shown.
  mutating func update(_ line: () -> String) {
    guard terminal.isTerminal else { return }
    let nowMs = Self.nowMs()
    guard drawnAtMs == .min || nowMs - drawnAtMs >= Self.paceMs else { return }
    drawnAtMs = nowMs
    isShown = true
    terminal.write("\r\u{1B}[K" + line().prefix(max(1, terminal.width - 1)))
  }

  /// Takes the line away, and leaves a last word in its place if there is one.
  consuming func finish(_ line: String? = nil) {
    guard terminal.isTerminal else { return }
    if isShown { terminal.write("\r\u{1B}[K") }
    if let line { terminal.write(line + "\n") }
  }

  /// Milliseconds of a clock that never goes back.
  static func nowMs() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
