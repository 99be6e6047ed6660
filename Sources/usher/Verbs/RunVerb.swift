import Audiences
import Engine
import Events
import Kafka
import Pipeline
import Telemetry

extension Verb {
  /// The engine beside Kafka.
  static let run = Verb(RunOptions.declaration, run: runLane)
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
  static let lanes = Option.integer("lanes", "N", in: 1...1024, default: 1, "how many lanes")
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

@Sendable private func runLane(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  guard arguments[RunOptions.state] == "memory" else {
    throw Failure(message: "--state with a folder is not supported yet", advice: "leave it out: state is in memory")
  }
  guard arguments[RunOptions.lanes] == 1 else {
    throw Failure(
      message: "more than one lane is not supported yet",
      advice: "start further processes, each with an --instance of its own: they share the partitions")
  }
  let plan = try Project.load(settings.project).plan
  let log = Log { Terminal.error.write($0) }
  var lane = LaneSettings(kafka: try settings.kafkaSettings(), app: arguments[RunOptions.app])
  lane.instance = arguments[RunOptions.instance]
  lane.input = arguments[RunOptions.input]
  lane.outputPrefix = arguments[RunOptions.output]
  lane.rejected = arguments[RunOptions.rejected]
  lane.commitIntervalMs = arguments[RunOptions.interval].ms
  lane.endsAtEnd = arguments[RunOptions.untilEnd]
  let stop = StopFlag()
  StopSignal.raising(stop)
  let report = RunReport(plan, log, asJSON: arguments[RunOptions.json])
  do throws(LaneError) {
    try Lane(lane, plan: plan, stop: stop, observe: report.observe).run()
  } catch {
    throw Failure(message: error.description, advice: error.advice)
  }
  return 0
}

/// Tells what happens in the lane: a line on the terminal that is drawn again, and the log.
private final class RunReport {
  private let plan: Plan
  private let log: Log
  private let asJSON: Bool
  private var progress = Progress()
  private var first: (ms: Int64, cost: ProcessFigures)?
  private var troubleToldMs: Int64?
  private static let troublePauseMs: Int64 = 10_000

  init(_ plan: Plan, _ log: Log, asJSON: Bool) {
    self.plan = plan
    self.log = log
    self.asJSON = asJSON
  }

  func observe(_ event: LaneEvent) {
    switch event {
    case .restoring(let partitions): log(.info, "restoring", ["partitions": Self.list(partitions)])
    case .restored(let partitions, let profiles, let records, let tookMs):
      log(
        .info, "restored",
        [
          "partitions": Self.list(partitions), "profiles": "\(profiles)", "records": "\(records)",
          "took_ms": "\(tookMs)",
        ])
    case .firstRecord: first = (Progress.nowMs(), ProcessFigures.now())
    case .committed(let totals):
      progress.update { Self.line(totals) }
    case .aborted(let error): log(.warning, "aborted", ["because": "\(error)"])
    case .rejected(let code, let partition, let offset, let isKept):
      log(
        .warning, "rejected",
        ["code": code.rawValue, "partition": "\(partition)", "offset": "\(offset)", "kept": "\(isKept)"])
    case .rejectedTopicMissing(let topic):
      log(
        .warning, "rejected topic missing",
        ["topic": topic, "so": "records that cannot be read are counted and stay where they are in the input"])
    case .released(let partitions, let lost):
      log(.info, "released", ["partitions": Self.list(partitions), "lost": "\(lost)"])
    case .trouble(let error):
      if troubleToldMs.map({ Progress.nowMs() - $0 >= Self.troublePauseMs }) ?? true {
        log(.warning, "trouble", ["because": "\(error)"])
        troubleToldMs = Progress.nowMs()
      }
    case .ended(let totals): end(totals)
    }
  }

  private func end(_ totals: LaneTotals) {
    log(
      .info, "ended",
      [
        "records": "\(totals.records)", "changes": "\(totals.changes)", "profiles": "\(totals.profiles)",
        "rejected": "\(totals.rejected)", "skipped": "\(totals.skipped)", "future": "\(totals.future)",
        "other_keys": "\(totals.otherKeys)", "duplicates": "\(totals.engines.duplicates)",
        "repeated_events": "\(totals.engines.repeatedEvents)", "late": "\(totals.engines.late)",
        "unknown_events": "\(totals.unknownEvents)", "wrong_types": "\(totals.wrongTypes)",
        "overflows": "\(totals.overflows)", "unmerged": "\(totals.engines.unmerged)",
        "entries_dropped": "\(totals.engines.entriesDropped)", "commits": "\(totals.commits)",
      ])
    if asJSON { Terminal.output.write(cost(totals)) }
  }

  /// What the run cost, whole and from the first record on.
  private func cost(_ totals: LaneTotals) -> String {
    let now = ProcessFigures.now()
    let nowMs = Progress.nowMs()
    var json = "{\"records\":\(totals.records),\"changes\":\(totals.changes),\"commits\":\(totals.commits)"
    json += ",\"seconds\":\(Double(nowMs - ProcessFigures.beganMs) / 1000)"
    json += ",\"cpu_user\":\(now.userSeconds),\"cpu_system\":\(now.systemSeconds)"
    if let first {
      let before = first.cost.userSeconds + first.cost.systemSeconds
      json += ",\"seconds_after_start\":\(Double(nowMs - first.ms) / 1000)"
      json += ",\"cpu_after_start\":\(now.userSeconds + now.systemSeconds - before)"
    }
    return json + ",\"peak_rss_mib\":\(now.peakMebibytes)}\n"
  }

  private static func line(_ totals: LaneTotals) -> String {
    "\(Figures.grouped(totals.records)) records, \(Figures.grouped(totals.changes)) changes, "
      + "\(Figures.grouped(totals.profiles)) profiles, clock at \(totals.clock)"
  }

  private static func list(_ partitions: [Int32]) -> String { partitions.map(String.init).joined(separator: ",") }
}
