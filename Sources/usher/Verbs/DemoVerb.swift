import Audiences
import Events
import Glibc
import Kafka
import Pipeline

extension Verb {
  /// Everything in one process, with nothing to set up.
  static let demo = Verb(DemoOptions.declaration, run: runDemo)
}

/// What `usher demo` takes.
enum DemoOptions {
  static let forDuration = Option<DurationMs?>.duration("for", "DURATION", "end by itself after so long")
  static let speed = Option.integer(
    "speed", "N", in: 1...100_000, default: 600, "how many times as fast as time the shop lives")
  static let seed = Option.integer("seed", "S", default: 1, "the same seed gives the same shop")
  static let folder = Option.path("dir", "DIR", default: "demo", "where the warehouse is left; what was there goes")

  static let declaration = VerbDeclaration(
    name: "demo", summary: "a shop, live: its events, who enters and leaves and why, and a warehouse to query",
    details: [
      "Runs everything in one process, on a Kafka that is embedded in it: a sample shop's events, the engine with the "
        + "project's audiences, and delivery into SQLite. Nothing has to be set up, and nothing leaves the machine.",
      "The shop has a past of two months. At the default pace ten of its minutes are a second.",
    ],
    options: [
      Settings.project.declaration, forDuration.declaration, speed.declaration, seed.declaration, folder.declaration,
    ],
    examples: ["usher demo", "usher demo --for 60s --speed 3600"])
}

@Sendable private func runDemo(_ arguments: Arguments) throws(Failure) -> Int32 {
  let project = try Project.load(arguments[Settings.project])
  let demo = DemoPlan(
    speed: Int(arguments[DemoOptions.speed]), forMs: arguments[DemoOptions.forDuration]?.ms,
    seed: UInt64(arguments[DemoOptions.seed]), folder: arguments[DemoOptions.folder], now: WallClock.system.now())
  try prepare(demo)
  let stop = StopFlag()
  StopSignal.raising(stop)
  Terminal.output.write("\(DemoPlan.pastDays) days of the shop's past first, then live.\n\n")
  var run = try DemoRun(project, demo, stop: stop)
  let totals = try run.run()
  let (table, agree) = try DemoSummary.text(project.plan, totals, database: demo.database)
  let line =
    "\(Figures.grouped(totals.records)) events, \(Figures.grouped(totals.changes)) changes, "
    + "\(Figures.counted(totals.profiles, "profile"))"
  Terminal.output.write("\n\(line)\n\n\(table)")
  guard agree else { throw Failure(message: "the warehouse does not say what the engine says: this is a fault") }
  Terminal.output.write(DemoSummary.invitation(database: demo.database))
  return 0
}

/// Makes the folder, and takes away what an earlier demo left there.
private func prepare(_ demo: DemoPlan) throws(Failure) {
  if mkdir(demo.folder, 0o755) != 0, errno != EEXIST {
    throw Failure(Files.Problem(path: demo.folder, code: errno), doing: "make")
  }
  for ending in ["", "-wal", "-shm"] where unlink(demo.database + ending) != 0 && errno != ENOENT {
    throw Failure(Files.Problem(path: demo.database + ending, code: errno), doing: "replace")
  }
}
