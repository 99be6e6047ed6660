import Foundation
import Synchronization

/// What was done to whom, when, and what went wrong. It is told while it happens.
final class SoakDiary: Sendable {
  private struct Contents {
    var lines: [String] = []
    var problems: [String] = []
    var counts: [String: Int] = [:]
  }

  private let contents = Mutex(Contents())
  private let began = ContinuousClock.now

  /// Seconds since it began.
  var seconds: Double {
    let passed = (ContinuousClock.now - began).components
    return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
  }

  func note(_ what: String) {
    let passedMs = Int(seconds * 1000)
    let tenths = "\(passedMs % 1000 / 100)"
    let line = "\(passedMs / 1000).\(tenths) s  \(what)"
    contents.withLock { $0.lines.append(line) }
    // At once, also where the output goes into a file.
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// Something that must not be.
  func problem(_ what: String) {
    note("PROBLEM: \(what)")
    contents.withLock { $0.problems.append(what) }
  }

  /// Counts what is told at the end.
  func count(_ what: String, _ number: Int = 1) { contents.withLock { $0.counts[what, default: 0] += number } }

  func counted(_ what: String) -> Int { contents.withLock { $0.counts[what, default: 0] } }

  var problems: [String] { contents.withLock { $0.problems } }

  var counts: String {
    contents.withLock { $0.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }
  }

  var text: String { contents.withLock { $0.lines.joined(separator: "\n") } }
}
