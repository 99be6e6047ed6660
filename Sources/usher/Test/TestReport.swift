import Audiences
import Events
import Pipeline
import YAML

/// What a run of tests came to.
struct TestReport {
  /// The files, in alphabetical order.
  let files: [File]
  /// What is likely not meant in them.
  let warnings: [Diagnostic]
  /// How long the profiles took, in milliseconds.
  let ms: Int64

  /// One file and its profiles.
  struct File {
    let path: String
    let key: String
    let outcomes: [ProfileOutcome]
  }

  private var outcomes: [ProfileOutcome] { files.flatMap(\.outcomes) }

  /// How many profiles did not come out as they had to.
  var failures: Int { outcomes.count { !$0.passed } }

  /// How many profiles there are.
  var profiles: Int { outcomes.count }

  /// How many expectations there are.
  var expectations: Int { outcomes.reduce(0) { $0 + $1.verdicts.count } }

  /// 1 where a profile failed.
  var exitCode: Int32 { failures > 0 ? 1 : 0 }

  /// A line for each profile, what differs below it, and a last line with the counts.
  func text(on terminal: Terminal) -> String {
    var text = warnings.map { "\($0)\n\n" }.joined()
    for file in files {
      text += terminal.styled(file.key, .bold) + "\n"
      for outcome in file.outcomes {
        let mark = outcome.passed ? terminal.styled("ok  ", .green) : terminal.styled("FAIL", .red)
        text += "  \(mark)  \(outcome.profile.name)\n"
        for line in OutcomeWords.lines(outcome, of: file.path) { text += "        \(line)\n" }
      }
    }
    return text + "\n\(summary)\n"
  }

  /// `2 of 90 profiles failed (341 expectations, 14 ms)`
  private var summary: String {
    let counts = "(\(Figures.counted(expectations, "expectation")), \(ms) ms)"
    let all = Figures.counted(profiles, "profile")
    return failures == 0 ? "\(all) passed \(counts)" : "\(Figures.grouped(failures)) of \(all) failed \(counts)"
  }
}
