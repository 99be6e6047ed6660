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
  var here: Backtest
  var there: Backtest
  let audiences: ComparedAudiences
  var differences: Differences
  private var records: WarehouseRecord
  private var otherRecords: WarehouseRecord

  init(_ plan: Plan, _ other: Plan, _ settings: BacktestSettings) {
    here = Backtest(plan, partitions: settings.partitions, until: settings.until)
    there = Backtest(other, partitions: settings.partitions, until: settings.until)
    audiences = ComparedAudiences(plan, other)
    differences = Differences(audiences, asJSON: settings.asJSON)
    records = WarehouseRecord(plan)
    otherRecords = WarehouseRecord(other)
  }

  /// Takes the next line.
  /// - Returns: why it was rejected, if it was; what is rejected does not depend on definitions.
  mutating func apply(_ line: Bytes, number: Int64) throws(Failure) -> Rejection? {
    var code: Rejection?
    do throws(Rejection) {
      try here.apply(line, number: number) { change, origin, cause in
        differences.hold(change, of: .here) { records.write(change, from: origin, cause: cause) }
      }
    } catch {
      code = error
    }
    do throws(Rejection) {
      try there.apply(line, number: number) { change, origin, cause in
        differences.hold(change, of: .there) { otherRecords.write(change, from: origin, cause: cause) }
      }
    } catch {
      code = error
    }
    try settle()
    return code
  }

  /// Applies the lines that wait.
  mutating func catchUp() throws(Failure) {
    here.catchUp { change, origin, cause in
      differences.hold(change, of: .here) { records.write(change, from: origin, cause: cause) }
    }
    there.catchUp { change, origin, cause in
      differences.hold(change, of: .there) { otherRecords.write(change, from: origin, cause: cause) }
    }
    try settle()
  }

  /// Ends both runs.
  mutating func finish(after number: Int64) throws(Failure) {
    here.finish(after: number) { change, origin, cause in
      differences.hold(change, of: .here) { records.write(change, from: origin, cause: cause) }
    }
    there.finish(after: number) { change, origin, cause in
      differences.hold(change, of: .there) { otherRecords.write(change, from: origin, cause: cause) }
    }
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
