import Audiences
import Engine
import Glibc
import Judge
import Testing

/// Definitions change while a task runs, at any record of any log, and processes end at any time.
@Suite("Changed definitions on living state")
struct SuccessionTests {
  /// How many cases are drawn, and from which seed on; `USHER_CASES` and `USHER_SEED` say otherwise.
  private static let count = number("USHER_CASES") ?? 200
  private static let first = number("USHER_SEED") ?? 1

  @Test("give what each would have given from the start, and at the change the differences", arguments: 0..<4)
  func random(part: Int) throws {
    for seed in Self.first..<(Self.first + Self.count) where seed % 4 == part {
      let run = try SuccessionRun(seed: UInt64(seed), isLogWhole: true)
      let faults = try run.faults + run.faultsAgainstReferences + run.faultsAgainstJudge
      if faults.isEmpty { continue }
      Issue.record(
        """
        seed \(seed) (USHER_SEED=\(seed) USHER_CASES=1): \(faults.joined(separator: "\n"))
        \(run.story)
        """)
      return
    }
  }

  @Test("leave undisturbed what did not change, even where the log's begin is gone", arguments: 0..<4)
  func cut(part: Int) throws {
    for seed in Self.first..<(Self.first + Self.count) where seed % 4 == part {
      let run = try SuccessionRun(seed: UInt64(seed), isLogWhole: false)
      let faults = run.faults + run.faultsOfUnchanged
      if faults.isEmpty { continue }
      Issue.record(
        """
        seed \(seed) (USHER_SEED=\(seed) USHER_CASES=1): \(faults.joined(separator: "\n"))
        \(run.story)
        """)
      return
    }
  }

  @Test("are drawn so that all kinds of changes come up")
  func kinds() throws {
    var (idle, quiet, needing, kept, crashes, deferred, told) = (0, 0, 0, 0, 0, 0, 0)
    for seed in 1...100 {
      let run = try SuccessionRun(seed: UInt64(seed), isLogWhole: true)
      for adoption in run.task.committed.adoptions {
        if adoption.isIdle { idle += 1 } else if adoption.needsLog { needing += 1 } else { quiet += 1 }
        kept += run.unchanged(from: adoption.from, to: adoption.to).count
        deferred += run.deferred(adoption).count
        told += adoption.changes.count
      }
      crashes += run.task.crashes
    }
    #expect(
      idle > 10 && quiet > 10 && needing > 50 && kept > 100 && crashes > 100 && deferred > 20 && told > 100,
      "\(idle) \(quiet) \(needing) \(kept) \(crashes) \(deferred) \(told)")
  }

  private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
