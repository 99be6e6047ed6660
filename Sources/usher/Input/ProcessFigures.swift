import Glibc

/// What this process has cost so far, by the system's own accounting.
struct ProcessFigures {
  /// Seconds of the processor in the process itself, and in the system for it.
  let userSeconds: Double
  let systemSeconds: Double
  /// The most memory it ever had, in MiB.
  let peakMebibytes: Int

  /// When the process began, by the clock of `Progress.nowMs`; `main` asks for it first.
  static let beganMs = Progress.nowMs()

  static func now() -> ProcessFigures {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return ProcessFigures(
      userSeconds: seconds(usage.ru_utime), systemSeconds: seconds(usage.ru_stime),
      peakMebibytes: usage.ru_maxrss / 1024)
  }
}
