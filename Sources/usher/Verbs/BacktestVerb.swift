import Audiences
import Engine
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
    throw Failure(message: "--events is missing", advice: "name a file, or - for standard input")
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

/// One run of the verb.
private struct BacktestCommand {
  let path: String
  let changes: String?
  let until: Instant?
  let partitions: Int
  let isTimed: Bool
  let isStrict: Bool
  let asJSON: Bool
  let wantsSummary: Bool

  init(_ arguments: Arguments, _ path: String) {
    self.path = path
    changes = arguments[BacktestOptions.changes]
    until = arguments[BacktestOptions.until]
    partitions = Int(arguments[BacktestOptions.partitions])
    isTimed = arguments[BacktestOptions.time]
    isStrict = arguments[BacktestOptions.strict]
    asJSON = arguments[BacktestOptions.json]
    wantsSummary = arguments[BacktestOptions.summary] || (changes == nil && !isTimed)
  }

  func run(_ plan: Plan) throws(Files.Problem) -> Int32 {
    var lines = try LineReader(path: path)
    var backtest = Backtest(plan, partitions: partitions, until: until)
    var problems = LineProblems(path: path)
    var output = BacktestOutput(plan)
    if let changes { output.file = try OutputFile(path: changes) }
    if isTimed { try lines.readAll() }
    let started = Progress.nowMs()
    let before = ProcessFigures.now()
    try apply(&lines, &backtest, &problems, &output)
    let after = ProcessFigures.now()
    let seconds = Double(Progress.nowMs() - started) / 1000
    try output.finish()
    problems.tellRest()
    // Where changes go to standard output, the words for people go beside them.
    let words = changes == "-" ? Terminal.error : Terminal.output
    if isTimed {
      words.write(BacktestReport.time(backtest, seconds: seconds, from: before, to: after, asJSON: asJSON))
    }
    if wantsSummary { words.write(BacktestReport.summary(backtest, rejected: problems.count, asJSON: asJSON)) }
    return isStrict && problems.count > 0 ? 1 : 0
  }

  private func apply(
    _ lines: inout LineReader, _ backtest: inout Backtest, _ problems: inout LineProblems,
    _ output: inout BacktestOutput
  ) throws(Files.Problem) {
    var progress = Progress()
    var number: Int64 = 0
    while let line = try lines.next() {
      number += 1
      if line.isEmpty { continue }
      do throws(Rejection) {
        try backtest.apply(line, number: number) { output.write($0, $1, $2) }
      } catch {
        problems.add(error, line: number)
      }
      if number & 0xFFFF == 0 {
        progress.update { "\(Figures.grouped(number)) lines, \(Figures.grouped(backtest.tally.changes)) changes" }
        try output.flushIfLarge()
      }
    }
    backtest.finish(after: number) { output.write($0, $1, $2) }
    progress.finish()
  }
}

/// Where the changes go, if anywhere.
private struct BacktestOutput: ~Copyable {
  var file: OutputFile?
  private var record: WarehouseRecord
  private var pending: [UInt8] = []

  init(_ plan: Plan) { record = WarehouseRecord(plan) }

  mutating func write(_ change: Change, _ origin: ChangeOrigin, _ cause: Bytes) {
    if file == nil { return }
    let bytes = record.write(change, from: origin, cause: cause)
    pending.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: bytes.count))
    pending.append(0x0A)
  }

  mutating func flushIfLarge() throws(Files.Problem) {
    if pending.count > 1 << 20 { try flush() }
  }

  private mutating func flush() throws(Files.Problem) {
    try file?.add(bytes: pending)
    pending.removeAll(keepingCapacity: true)
  }

  mutating func finish() throws(Files.Problem) {
    try flush()
    try file?.flush()
  }
}

/// Lines that were rejected: each is told, the first hundred one by one.
private struct LineProblems {
  let path: String
  private(set) var count = 0
  private static let told = 100

  init(path: String) { self.path = path }

  mutating func add(_ code: Rejection, line: Int64) {
    count += 1
    if count > Self.told { return }
    Terminal.error.write("\(path == "-" ? "stdin" : path):\(line): rejected [\(code.rawValue)]: \(code.sentence)\n")
  }

  func tellRest() {
    if count > Self.told { Terminal.error.write("and \(Figures.grouped(count - Self.told)) more rejected lines\n") }
  }
}

/// What is told at the end.
private enum BacktestReport {
  static func time(
    _ backtest: borrowing Backtest, seconds: Double, from before: ProcessFigures, to after: ProcessFigures,
    asJSON: Bool
  ) -> String {
    let events = backtest.tally.events
    let user = after.userSeconds - before.userSeconds
    let system = after.systemSeconds - before.systemSeconds
    if asJSON {
      return """
        {"events":\(events),"changes":\(backtest.tally.changes),"seconds":\(seconds),"cpu_user":\(user),\
        "cpu_system":\(system),"peak_rss_mib":\(after.peakMebibytes),"profiles":\(backtest.profiles),\
        "state_bytes":\(backtest.memoryBytes)}

        """
    }
    let rate = seconds > 0 ? Int(Double(events) / seconds) : events
    return "\(Figures.grouped(events)) events in \(seconds) s: \(Figures.grouped(rate)) a second, "
      + "\(Figures.grouped(backtest.tally.changes)) changes, \(Figures.grouped(backtest.profiles)) profiles in "
      + "\(Figures.bytes(backtest.memoryBytes))\n"
  }

  static func summary(_ backtest: borrowing Backtest, rejected: Int, asJSON: Bool) -> String {
    asJSON ? json(backtest, rejected: rejected) : table(backtest, rejected: rejected)
  }

  private static func table(_ backtest: borrowing Backtest, rejected: Int) -> String {
    let tally = backtest.tally
    var rows: [[String]] = []
    for (number, audience) in backtest.plan.audiences.enumerated() {
      rows.append([
        audience.definition.key, Figures.grouped(tally.members(of: number)), Figures.grouped(tally.entries[number]),
        Figures.grouped(tally.exits[number]),
      ])
    }
    let counts = backtest.counts
    var text = Table.text(heading: ["audience", "members", "entries", "exits"], rows: rows)
    text += "\n\(Figures.counted(tally.events, "event")) of \(Figures.counted(backtest.profiles, "profile"))"
    for (count, what) in [
      (counts.duplicates + counts.repeatedEvents, "dropped as duplicates"), (counts.late, "late"),
      (tally.skipped, "skipped"), (tally.afterUntil, "later than --until"), (rejected, "rejected"),
      (backtest.unknownEvents.total, "of unknown events"), (counts.entriesDropped, "entries beyond limits.entries"),
    ] where count > 0 { text += "; \(Figures.grouped(count)) \(what)" }
    text += "\n"
    for (property, count) in backtest.wrongTypes {
      text += "\(property): \(Figures.counted(count, "value")) of another type than declared\n"
    }
    return text
  }

  private static func json(_ backtest: borrowing Backtest, rejected: Int) -> String {
    let tally = backtest.tally
    let counts = backtest.counts
    var json = JSONWriter()
    json.raw("{\"audiences\":{")
    for (number, audience) in backtest.plan.audiences.enumerated() {
      if number > 0 { json.raw(",") }
      json.string(audience.definition.key)
      json.text(
        ":{\"members\":\(tally.members(of: number)),\"entries\":\(tally.entries[number]),"
          + "\"exits\":\(tally.exits[number])}")
    }
    json.text(
      "},\"events\":\(tally.events),\"profiles\":\(backtest.profiles),\"duplicates\":\(counts.duplicates),"
        + "\"repeated_events\":\(counts.repeatedEvents),\"late\":\(counts.late),\"skipped\":\(tally.skipped),"
        + "\"rejected\":\(rejected),\"unknown_events\":\(backtest.unknownEvents.total),"
        + "\"entries_dropped\":\(counts.entriesDropped)}\n")
    return json.text
  }
}
