import Audiences
import Engine
import Events
import Judge
import Pipeline
import Testing
import YAML

/// What Usher makes of a project's files and a log, in the judge's words.
struct ProjectRun {
  var changes: [Judge.Change] = []
  var rejected: [String: Int] = [:]
  var counts = EngineCounts()
  var skipped = 0

  /// A project that does not compile.
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  init(files: [String: String], lines: [String], partitions: Int, untilMs: Int64?) throws {
    let (project, diagnostics) = Project.read(texts: files)
    guard let project, !diagnostics.hasErrors else {
      throw Unreadable(description: diagnostics.map(\.description).joined(separator: "\n"))
    }
    let plan = Plan(project)
    var backtest = Backtest(plan, partitions: partitions, until: untilMs.map(Instant.init(ms:)), tellsUpdates: true)
    var taken: [Judge.Change] = []
    let log = ReadableLines(lines)
    for (number, line) in log.lines.enumerated() {
      do throws(Rejection) {
        try backtest.apply(line, number: Int64(number + 1)) { change, _, cause in
          taken.append(Judge.Change(change, plan, cause: cause))
        }
      } catch {
        rejected[error.rawValue, default: 0] += 1
      }
    }
    backtest.finish(after: Int64(lines.count)) { change, _, cause in
      taken.append(Judge.Change(change, plan, cause: cause))
    }
    withExtendedLifetime(log) {}
    changes = taken
    counts = backtest.counts
    skipped = backtest.tally.skipped
  }
}

/// Lines as a reader wants them: all there at a time, with room behind each.
final class ReadableLines {
  private(set) var lines: [Bytes] = []
  private let buffer: UnsafeMutablePointer<UInt8>

  init(_ texts: [String]) {
    let bytes = texts.reduce(0) { $0 + $1.utf8.count } + RecordReader.padding
    buffer = .allocate(capacity: bytes)
    buffer.initialize(repeating: 0, count: bytes)
    var at = 0
    for text in texts {
      for (index, byte) in text.utf8.enumerated() { buffer[at + index] = byte }
      lines.append(Bytes(buffer + at, count: text.utf8.count))
      at += text.utf8.count
    }
  }

  deinit { buffer.deallocate() }
}

extension Judge.Change {
  fileprivate init(_ change: Engine.Change, _ plan: Plan, cause: Bytes) {
    func key(_ number: Int) -> String { plan.audiences[number].definition.key }
    let reason: Judge.Reason =
      switch change.reason {
      case .deleted: .deleted
      case .merged: .merged
      case .definition: .definition
      case .stay: .stay
      case .expired: .expired
      case .trait: .trait
      case .event(let number): .event(number == Record.unknownEvent ? cause.text : plan.eventNames[Int(number)])
      case .suppressed(let other): .suppressed(by: key(other))
      case .outranked(let other): .outranked(by: key(other))
      case .heldOut: .heldOut
      }
    let kind: Judge.ChangeKind =
      switch change.kind {
      case .entered: .entered
      case .exited: .exited
      case .heldOut: .heldOut
      case .holdoutEnded: .holdoutEnded
      case .updated: .updated
      }
    self.init(
      atMs: change.at.ms, profile: change.profile.text, audience: key(change.audience), kind: kind, reason: reason)
  }
}

/// Expects that a log brings about just these changes, each as `Change.description` tells it: the form in which a
/// shrunk case is printed.
func expectChanges(
  files: [String: String], events: String, partitions: Int = 1, untilMs: Int64? = nil, are expected: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let lines = events.split(separator: "\n").map(String.init)
  let run = try ProjectRun(files: files, lines: lines, partitions: partitions, untilMs: untilMs)
  #expect(run.changes.map(\.description) == expected, sourceLocation: sourceLocation)
}
