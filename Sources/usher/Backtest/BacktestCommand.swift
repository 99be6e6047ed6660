import Audiences
import Events
import Pipeline

/// One run of the verb.
struct BacktestCommand {
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
    while true {
      // Reading on moves the lines that wait.
      if !lines.hasLine { backtest.catchUp { output.write($0, $1, $2) } }
      guard let line = try lines.next() else { break }
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
