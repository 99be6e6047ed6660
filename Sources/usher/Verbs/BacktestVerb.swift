import Audiences
import Events
import Pipeline

extension Verb {
  /// Definitions over a file, without writing to Kafka.
  static let backtest = Verb(BacktestOptions.declaration, run: runBacktest)
}

/// What `usher backtest` takes.
enum BacktestOptions {
  static let events = Option<String?>.path(
    "events", "FILE|-", "the events, one JSON record a line, packed by gzip or zstd or not; - is standard input")
  static let changes = Option<String?>.path(
    "changes", "FILE|-", "where every change goes, in the warehouse's form; with --against, every one that differs")
  static let sizes = Option<String?>.path(
    "sizes", "FILE|-", "where the sizes over time go, as CSV: instant, audience, members, controls")
  static let step = Option<DurationMs?>.duration(
    "step", "DURATION", "how far the instants of --sizes lie apart, such as 1h or 1d; without it there are about 100")
  static let overlaps = Option.flag("overlaps", "tell in the summary how many are in two audiences at the end")
  static let against = Option<String?>.path(
    "against", "DIR", "compare with the definitions of another project folder, over the same events")
  static let until = Option<Instant?>.instant(
    "until", "INSTANT", "leave later events out, and let time pass up to this instant")
  static let partitions = Option.integer(
    "partitions", "N", in: 1...4096, default: 1, "spread profiles over so many partitions, each with its own clock")
  static let summary = Option.flag(
    "summary", "tell the sizes of the audiences at the end, even where changes are written")
  static let strict = Option.flag("strict", "exit with 1 where a line was rejected")
  static let time = Option.flag(
    "time", "read the events into memory first, and tell the seconds that parsing and evaluating them took")
  static let json = Option.flag("json", "tell the summary, or the time, as JSON")

  static let declaration = VerbDeclaration(
    name: "backtest", summary: "definitions over a file: changes and sizes, without writing to Kafka",
    details: [
      "Reads newline-delimited events in the order of one partition and evaluates them as 'run' would. No wall clock "
        + "takes part: at the end the clock stands at the latest event, or goes on to --until. A line that cannot be "
        + "read is told with its number, and skipped.",
      "The summary shows how many are in each audience at the end, and how that came about from the first event on. "
        + "Where an audience has a holdout, those whom it keeps out stand apart, in control.",
      "With --against, both sets of definitions are asked of the same events: the summary tells for each audience who is "
        + "in by one of them only, and --changes writes each change that one of them makes and the other does not, "
        + "behind a + (this project alone) or a - (the other alone). Changes are the same where audience, profile, "
        + "kind and instant are.",
    ],
    options: [
      Settings.project.declaration, events.declaration, changes.declaration, sizes.declaration,
      step.declaration, overlaps.declaration, against.declaration, until.declaration, partitions.declaration,
      summary.declaration, strict.declaration, time.declaration, json.declaration,
    ],
    examples: [
      "usher backtest --events events.ndjson --summary",
      "usher generate --events 1000000 | usher backtest --events - --changes changes.ndjson",
      "usher backtest --events events.ndjson.zst --overlaps --sizes sizes.csv --step 1d",
      "usher backtest --events events.ndjson.gz --against ../shop-main --changes differing.txt --summary",
    ])
}

@Sendable private func runBacktest(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try BacktestSettings(arguments)
  let plan = try Project.load(arguments[Settings.project]).plan
  guard let folder = settings.against else { return try BacktestCommand(settings: settings).run(plan) }
  let other = try Project.load(folder).plan
  return try ComparisonCommand(settings: settings, here: arguments[Settings.project], there: folder).run(plan, other)
}
