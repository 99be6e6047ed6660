import Glibc

/// Many seeds, one after the other.
package struct Runs {
  private let seeds: Range<UInt64>

  /// That many seeds, from one on.
  package init(from first: UInt64, count: UInt64) { seeds = first..<first + count }

  /// Runs all, and prints those that fail and what came about in all together.
  /// - Returns: whether all were as the definition says.
  package func run() throws -> Bool {
    var (failed, marks, turns, virtualMs) = ([UInt64](), [String: Int](), 0, Int64(0))
    let startedMs = Self.nowMs()
    for seed in seeds {
      let trial = try Trial(seed: seed)
      let problem = trial.run()
      marks.merge(trial.marks) { $0 + $1 }
      turns += trial.world.schedule.turns
      virtualMs += trial.world.schedule.nowMs
      guard let problem else { continue }
      failed.append(seed)
      print("WRONG \(trial.options)\n\(problem)\nagain: usher-sim --seed \(seed)\n")
      fflush(nil)
    }
    let tookMs = max(1, Self.nowMs() - startedMs)
    for (name, count) in marks.sorted(by: { $0.key < $1.key }) { print("\(name): \(count)") }
    print(
      "\(seeds.count) seeds, \(failed.count) wrong, \(tookMs / 1000) s for \(virtualMs / 1000) s of the lanes' "
        + "(\(virtualMs / tookMs) times as fast), \(turns) turns")
    return failed.isEmpty
  }

  private static func nowMs() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
