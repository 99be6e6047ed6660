// Runs the simulation over many seeds: `usher-sim --seeds 1000 [--from 1]`, or one of them aloud: `usher-sim --seed 17`.

import Glibc
import Simulation

// The order of a dictionary is chance too, and must come from the seed.
if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
  setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
  var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
  execv("/proc/self/exe", &arguments)
}

func number(after word: String) -> UInt64? {
  guard let place = CommandLine.arguments.firstIndex(of: word), place + 1 < CommandLine.arguments.count else {
    return nil
  }
  return UInt64(CommandLine.arguments[place + 1])
}

if let seed = number(after: "--seed") {
  let trial = try Trial(seed: seed, isTracing: true)
  print(trial.options)
  let problem = trial.run()
  print(problem.map { "WRONG: \($0)" } ?? "as the definition says")
  exit(problem == nil ? 0 : 1)
}
exit(try Runs(from: number(after: "--from") ?? 1, count: number(after: "--seeds") ?? 1000).run() ? 0 : 1)
