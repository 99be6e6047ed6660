import Audiences
import Events
import Pipeline

/// One run of the verb over two sets of definitions: both are asked of the same events, in one pass.
struct ComparisonCommand {
  let settings: BacktestSettings
  /// The folders of the two sets.
  let here: String
  let there: String

  func run(_ plan: Plan, _ other: Plan) throws(Failure) -> Int32 {
    var lines = try settings.lines()
    var pair = BacktestPair(plan, other, settings)
    pair.differences.file = try settings.outputFile(settings.changes)
    var problems = LineProblems(path: settings.path)
    try apply(&lines, &pair, &problems)
    problems.tellRest()
    if settings.wantsSummary {
      let report = ComparisonReport(folders: [here, there], terminal: settings.words)
      settings.words.write(
        settings.asJSON ? report.json(pair, rejected: problems.count) : report.text(pair, rejected: problems.count))
    }
    return settings.isStrict && problems.count > 0 ? 1 : 0
  }

  private func apply(
    _ lines: inout LineReader, _ pair: inout BacktestPair, _ problems: inout LineProblems
  ) throws(Failure) {
    var progress = Progress()
    var number: Int64 = 0
    while true {
      if !lines.hasLine { try pair.catchUp() }
      guard let line = try settings.next(of: &lines) else { break }
      number += 1
      if line.isEmpty { continue }
      if let code = try pair.apply(line, number: number) { problems.add(code, line: number) }
      if number & 0xFFFF == 0 { progress.update { "\(Figures.grouped(number)) lines" } }
    }
    try pair.finish(after: number)
    progress.finish()
  }
}

/// Two runs over the same lines, in step.
struct BacktestPair: ~Copyable {
  private(set) var here: ComparedRun
  private(set) var there: ComparedRun
  let audiences: ComparedAudiences
  var differences: Differences

  init(_ plan: Plan, _ other: Plan, _ settings: BacktestSettings) {
    here = ComparedRun(plan, .here, settings)
    there = ComparedRun(other, .there, settings)
    audiences = ComparedAudiences(plan, other)
    differences = Differences(audiences, asJSON: settings.asJSON)
  }

  /// Takes the next line.
  /// - Returns: why it was rejected, if it was; what is rejected does not depend on definitions.
  mutating func apply(_ line: Bytes, number: Int64) throws(Failure) -> Rejection? {
    let code = here.apply(line, number: number, into: &differences)
    let other = there.apply(line, number: number, into: &differences)
    try settle()
    return other ?? code
  }

  /// Applies the lines that wait.
  mutating func catchUp() throws(Failure) {
    here.catchUp(into: &differences)
    there.catchUp(into: &differences)
    try settle()
  }

  /// Ends both runs.
  mutating func finish(after number: Int64) throws(Failure) {
    here.finish(after: number, into: &differences)
    there.finish(after: number, into: &differences)
    try settle(isLast: true)
  }

  private mutating func settle(isLast: Bool = false) throws(Failure) {
    do throws(Files.Problem) {
      try differences.settle()
      if isLast { try differences.file?.flush() }
    } catch {
      throw Failure(error, doing: "write")
    }
  }
}

/// One of the two runs, and where its changes are put to be compared.
struct ComparedRun: ~Copyable {
  private(set) var backtest: Backtest
  private var records: TrackRecord
  private let side: ComparedAudiences.Side

  init(_ plan: Plan, _ side: ComparedAudiences.Side, _ settings: BacktestSettings) {
    backtest = Backtest(plan, partitions: settings.partitions, until: settings.until)
    records = TrackRecord(plan)
    self.side = side
  }

  mutating func apply(_ line: Bytes, number: Int64, into differences: inout Differences) -> Rejection? {
    do throws(Rejection) {
      try backtest.apply(line, number: number) { change, origin, cause in
        differences.hold(change, of: side) { records.write(change, from: origin, cause: cause) }
      }
      return nil
    } catch {
      return error
    }
  }

  mutating func catchUp(into differences: inout Differences) {
    backtest.catchUp { change, origin, cause in
      differences.hold(change, of: side) { records.write(change, from: origin, cause: cause) }
    }
  }

  mutating func finish(after number: Int64, into differences: inout Differences) {
    backtest.finish(after: number) { change, origin, cause in
      differences.hold(change, of: side) { records.write(change, from: origin, cause: cause) }
    }
  }
}
