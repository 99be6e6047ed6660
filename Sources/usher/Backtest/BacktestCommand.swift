import Audiences
import Events
import Pipeline

/// One run of the verb over one set of definitions.
struct BacktestCommand {
  let settings: BacktestSettings

  func run(_ plan: Plan) throws(Failure) -> Int32 {
    var lines = try settings.lines()
    var backtest = Backtest(plan, partitions: settings.partitions, until: settings.until)
    var problems = LineProblems(path: settings.path)
    var output = BacktestOutput(plan)
    output.file = try settings.outputFile(settings.changes)
    var sizesFile = try settings.outputFile(settings.sizes)
    if settings.wantsSummary || settings.sizes != nil { output.sizes = SizeLog(audiences: plan.audiences.count) }
    if let step = settings.step { output.steps = SizeLog(audiences: plan.audiences.count, stepMs: step.ms) }
    if settings.wantsOverlaps { output.people = PeopleBook(words: plan.audienceWords) }
    if settings.isTimed { try settings.readAll(&lines) }
    let started = Progress.nowMs()
    let before = ProcessFigures.now()
    try apply(&lines, &backtest, &problems, &output)
    let after = ProcessFigures.now()
    let seconds = Double(Progress.nowMs() - started) / 1000
    do throws(Files.Problem) {
      try output.finish()
      if sizesFile != nil { try writeSizes(backtest, output, into: &sizesFile) }
    } catch {
      throw Failure(error, doing: "write")
    }
    problems.tellRest()
    if settings.isTimed {
      settings.words.write(
        BacktestReport.time(backtest, seconds: seconds, from: before, to: after, asJSON: settings.asJSON))
    }
    if settings.wantsSummary { tell(backtest, output, rejected: problems.count) }
    return settings.isStrict && problems.count > 0 ? 1 : 0
  }

  private func apply(
    _ lines: inout LineReader, _ backtest: inout Backtest, _ problems: inout LineProblems,
    _ output: inout BacktestOutput
  ) throws(Failure) {
    var progress = Progress()
    var number: Int64 = 0
    while true {
      // Reading on moves the lines that wait.
      if !lines.hasLine { backtest.catchUp { output.take($0, $1, $2) } }
      guard let line = try settings.next(of: &lines) else { break }
      number += 1
      if line.isEmpty { continue }
      do throws(Rejection) {
        try backtest.apply(line, number: number) { output.take($0, $1, $2) }
      } catch {
        problems.add(error, line: number)
      }
      if number & 0xFFFF == 0 {
        progress.update { "\(Figures.grouped(number)) lines, \(Figures.grouped(backtest.tally.changes)) changes" }
        do throws(Files.Problem) {
          try output.flushIfLarge()
        } catch {
          throw Failure(error, doing: "write")
        }
      }
    }
    backtest.finish(after: number) { output.take($0, $1, $2) }
    progress.finish()
  }

  private func writeSizes(
    _ backtest: borrowing Backtest, _ output: borrowing BacktestOutput, into file: inout OutputFile?
  ) throws(Files.Problem) {
    guard let sizes = output.sizes, var open = file.take() else { return }
    let (from, to) = backtest.span ?? (Instant(ms: 0), Instant(ms: 0))
    let stepMs = settings.step?.ms ?? SizeStep.usual(forMs: to.ms - from.ms)
    try SizesFile.write(
      output.steps ?? sizes, keys: backtest.plan.audiences.map(\.definition.key), from: from, to: to, stepMs: stepMs,
      into: &open)
  }

  private func tell(_ backtest: borrowing Backtest, _ output: borrowing BacktestOutput, rejected: Int) {
    let overlaps = output.people.map { Overlaps($0, audiences: backtest.plan.audiences.count) }
    if settings.asJSON {
      settings.words.write(BacktestReport.json(backtest, rejected: rejected, overlaps))
    } else {
      let text = BacktestText(terminal: settings.words)
      settings.words.write(text.summary(backtest, output.sizes, rejected: rejected))
      if let overlaps { settings.words.write("\n" + text.overlaps(overlaps, backtest.plan)) }
    }
  }
}

extension Backtest {
  /// From the first event to where the clock stands; `nil` where there was no event.
  var span: (from: Instant, to: Instant)? {
    guard let began, let clock else { return nil }
    return (min(began, clock), clock)
  }
}
