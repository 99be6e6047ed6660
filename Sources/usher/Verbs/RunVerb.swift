import Audiences
import Events
import Kafka
import Pipeline
import Telemetry

extension Verb {
  /// The engine beside Kafka.
  static let run = Verb(RunOptions.declaration, run: runLanes)
}

/// What `usher run` takes.
enum RunOptions {
  static let app = Option.text(
    "app", "ID", default: "shop", "the application: it names the changelog, the group and the transactions")
  static let instance = Option.text(
    "instance", "NAME", default: "0", "which of the application's processes this is; one name, one process")
  static let input = Option.text("in", "TOPIC", default: "retention.events", "the topic of the events")
  static let output = Option.text("out", "PREFIX", default: "audience", "what the output topics' names begin with")
  static let rejected = Option.text(
    "rejected", "TOPIC", default: "retention.rejected", "where records go that cannot be read")
  static let state = Option.text("state", "memory", default: "memory", "where profiles are kept besides the changelog")
  static let lanes = Option.integer(
    "lanes", "N", in: 1...1024, default: 1,
    "how many threads share the process's partitions, each with transactions of its own")
  static let interval = Option.duration(
    "commit-interval", "DURATION", default: DurationMs(ms: 100), "how long a transaction is kept open")
  static let untilEnd = Option.flag("until-end", "end once all that is there is done; no wall clock takes part")
  static let json = Option.flag("json", "with --until-end: tell at the end what the run cost, as one JSON line")

  static let declaration = VerbDeclaration(
    name: "run", summary: "the engine: events in, audience changes out, exactly once",
    details: [
      "Reads events from Kafka, keeps what it needs to know about each person, and writes who enters and leaves. "
        + "Changes, state and offsets are committed in one transaction.",
      "It creates its changelog topic and no other: 'usher topics apply' creates those. State is in memory, and read "
        + "from the changelog at a start.",
      "SIGTERM and Ctrl-C commit what is done and end; a second one ends at once, which is safe.",
    ],
    options: Settings.kafkaOptions + [
      app.declaration, instance.declaration, input.declaration, output.declaration, rejected.declaration,
      state.declaration, lanes.declaration, interval.declaration, untilEnd.declaration, json.declaration,
    ],
    examples: ["usher run --bootstrap kafka:9092", "usher run --app trial --until-end"])
}

@Sendable private func runLanes(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  guard arguments[RunOptions.state] == "memory" else {
    throw Failure(message: "--state with a folder is not supported yet", advice: "leave it out: state is in memory")
  }
  let plan = try Project.load(settings.project).plan
  let log = Log { Terminal.error.write($0) }
  var lanes = LaneSettings(kafka: try settings.kafkaSettings(), app: arguments[RunOptions.app])
  lanes.instance = arguments[RunOptions.instance]
  lanes.lanes = Int(arguments[RunOptions.lanes])
  lanes.input = arguments[RunOptions.input]
  lanes.outputPrefix = arguments[RunOptions.output]
  lanes.rejected = arguments[RunOptions.rejected]
  lanes.commitIntervalMs = arguments[RunOptions.interval].ms
  lanes.endsAtEnd = arguments[RunOptions.untilEnd]
  let stop = StopFlag()
  StopSignal.raising(stop)
  let report = RunReport(log, asJSON: arguments[RunOptions.json])
  do throws(LaneError) {
    try Lanes(lanes, plan: plan, stop: stop, observe: report.observe).run()
  } catch {
    throw Failure(message: error.description, advice: error.advice)
  }
  return 0
}
