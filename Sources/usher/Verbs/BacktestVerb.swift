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
    "events", "FILE|-", "the events, one JSON record a line; - is standard input")
  static let changes = Option<String?>.path("changes", "FILE|-", "where every change goes, in the warehouse's form")
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
      "Files are read as they are: unpack a compressed one into '--events -'.",
    ],
    options: [
      Settings.project.declaration, events.declaration, changes.declaration, until.declaration,
      partitions.declaration, summary.declaration, strict.declaration, time.declaration, json.declaration,
    ],
    examples: [
      "usher backtest --events events.ndjson --summary",
      "usher generate --events 1000000 | usher backtest --events - --changes changes.ndjson",
    ])
}

@Sendable private func runBacktest(_ arguments: Arguments) throws(Failure) -> Int32 {
  guard let path = arguments[BacktestOptions.events] else {
    throw Failure(message: "--events is missing", advice: "name a file, or - for standard input", exitCode: 2)
  }
  if let ending = [".gz", ".zst"].first(where: { path.hasSuffix($0) }) {
    throw Failure(
      message: "\(path): \(ending) files are not supported yet",
      advice: "\(ending == ".gz" ? "zcat" : "zstdcat") \(path) | usher backtest --events -")
  }
  let plan = try Project.load(arguments[Settings.project]).plan
  do throws(Files.Problem) {
    return try BacktestCommand(arguments, path).run(plan)
  } catch {
    throw Failure(error, doing: "use")
  }
}
