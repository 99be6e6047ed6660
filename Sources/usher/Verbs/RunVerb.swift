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
    "instance", "NAME", default: "0",
    "which of the application's processes this is; one name, one process. With --assign static it ends in a number")
  static let input = Option.text("in", "TOPIC", default: "retention.events", "the topic of the events")
  static let output = Option.text("out", "PREFIX", default: "audience", "what the output topics' names begin with")
  static let rejected = Option.text(
    "rejected", "TOPIC", default: "retention.rejected", "where records go that cannot be read")
  static let state = Option.path(
    "state", "DIR|memory", default: "memory",
    "where profiles are kept besides the changelog: in a folder of this process's own, or all in memory")
  static let memory = Option.size(
    "memory", "SIZE", default: 1 << 30, shown: "1GiB",
    "with --state DIR: how much memory profiles and the store's caches may take together")
  static let lanes = Option.integer(
    "lanes", "N", in: 1...1024, default: 1,
    "how many threads share the process's partitions, each with transactions of its own")
  static let assign = Option.choice(
    "assign", ["group", "static"], default: "group",
    "who decides which partitions are whose: the consumer group, or arithmetic over a fixed number of processes")
  static let processes = Option.integer(
    "processes", "N", in: 1...100_000, "with --assign static: how many processes there are, each with as many lanes")
  static let interval = Option.duration(
    "commit-interval", "DURATION", default: DurationMs(ms: 100), "how long a transaction is kept open")
  static let size = Option.integer(
    "commit-size", "N", in: 1...10_000_000, default: 50_000,
    "commit a transaction before its time once it holds so many records and changes")
  static let leave = Option.flag(
    "leave", "at the end leave the group for good: others get the partitions at once, not after the session time-out")
  static let watchdog = Option.duration(
    "watchdog", "DURATION", default: DurationMs(ms: 60_000),
    "end with exit code 75 when a lane has stood still for so long")
  static let untilEnd = Option.flag("until-end", "end once all that is there is done; no wall clock takes part")
  static let json = Option.flag("json", "with --until-end: tell at the end what the run cost, as one JSON line")

  static let declaration = VerbDeclaration(
    name: "run", summary: "the engine: events in, audience changes out, exactly once",
    details: [
      "Reads events from Kafka, keeps what it needs to know about each person, and writes who enters and leaves. "
        + "Changes, state and offsets are committed in one transaction.",
      "It creates its changelog topic and no other: 'usher topics apply' creates those. State is in the changelog, "
        + "and in memory or in the folder of --state, so that a start reads only what is new.",
      "Several lanes, and several processes, share the partitions: as members of a consumer group, or by arithmetic "
        + "(--assign static) where their number is fixed.",
      "SIGTERM and Ctrl-C commit what is done and end; a second one ends at once, which is safe.",
    ],
    options: Settings.kafkaOptions + [
      app.declaration, instance.declaration, input.declaration, output.declaration, rejected.declaration,
      state.declaration, memory.declaration, lanes.declaration, assign.declaration, processes.declaration,
      leave.declaration, interval.declaration, size.declaration, watchdog.declaration, untilEnd.declaration,
      json.declaration,
    ],
    examples: [
      "usher run --bootstrap kafka:9092 --state /var/lib/usher", "usher run --app trial --until-end",
      "usher run --assign static --instance usher-2 --processes 3 --lanes 4",
    ])

  /// Where profiles are kept.
  static func place(_ arguments: Arguments) -> StatePlace {
    let place = arguments[state]
    return place == "memory" ? .memory : .disk(folder: place, memoryBytes: arguments[memory])
  }

  /// How partitions come to the lanes.
  static func sharing(_ arguments: Arguments) throws(Failure) -> PartitionSharing {
    guard arguments[assign] == "static" else {
      guard arguments[processes] == nil else {
        throw Failure(message: "--processes is for --assign static", advice: "a group takes any number of processes")
      }
      return .group
    }
    guard !arguments[leave] else {
      throw Failure(message: "--leave is for --assign group", advice: "without a group there is nothing to leave")
    }
    guard let count = arguments[processes] else {
      throw Failure(message: "--assign static needs --processes N", advice: "say how many processes there are")
    }
    let instance = arguments[instance]
    let digits = String(instance.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    guard let process = Int(digits), process < count else {
      throw Failure(
        message: "--instance \(instance) does not end in a number below \(count), as --assign static wants it",
        advice: "name the processes NAME-0 to NAME-\(count - 1), as the pods of a StatefulSet are called")
    }
    return .fixed(process: process, processes: Int(count))
  }
}

extension RunOptions {
  /// Runs lanes until they end, or a signal ends them.
  static func run(_ lanes: LaneSettings, _ project: Project, asJSON: Bool) throws(Failure) -> Int32 {
    let stop = StopFlag()
    StopSignal.raising(stop)
    let report = RunReport(Log { Terminal.error.write($0) }, asJSON: asJSON)
    do throws(LaneError) {
      try Lanes(lanes, Definitions(project), stop: stop, observe: report.observe).run()
    } catch {
      throw Failure(message: error.description, advice: error.advice)
    }
    return 0
  }
}

@Sendable private func runLanes(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  let project = try Project.load(settings.project)
  var lanes = LaneSettings(kafka: try settings.kafkaSettings(), app: arguments[RunOptions.app])
  lanes.instance = arguments[RunOptions.instance]
  lanes.lanes = Int(arguments[RunOptions.lanes])
  lanes.sharing = try RunOptions.sharing(arguments)
  lanes.state = RunOptions.place(arguments)
  lanes.input = arguments[RunOptions.input]
  lanes.outputPrefix = arguments[RunOptions.output]
  lanes.rejected = arguments[RunOptions.rejected]
  lanes.commitIntervalMs = arguments[RunOptions.interval].ms
  lanes.commitSize = Int(arguments[RunOptions.size])
  lanes.leavesGroup = arguments[RunOptions.leave]
  lanes.stillLimitMs = arguments[RunOptions.watchdog].ms
  lanes.endsAtEnd = arguments[RunOptions.untilEnd]
  return try RunOptions.run(lanes, project, asJSON: arguments[RunOptions.json])
}
