import Audiences
import Engine
import Events
import Pipeline

/// What is told to people at the end.
struct BacktestText {
  let terminal: Terminal

  /// So many characters a line has at most, where keys are of a usual length.
  private var width: Int { terminal.isTerminal ? min(100, max(60, terminal.width)) : 100 }
  private static let bars = 12...40
  private static let pairs = 30

  func summary(_ backtest: borrowing Backtest, _ sizes: SizeLog?, rejected: Int) -> String {
    table(backtest, sizes) + "\n" + notes(backtest, rejected: rejected)
  }

  private func table(_ backtest: borrowing Backtest, _ sizes: SizeLog?) -> String {
    let tally = backtest.tally
    let hasControls = backtest.plan.hasHoldouts
    var heading: [(String, Columns.Side)] = [
      ("audience", .left), ("members", .right), ("entries", .right), ("exits", .right),
    ]
    if hasControls { heading.append(("in control", .right)) }
    var rows: [[String]] = []
    for (number, audience) in backtest.plan.audiences.enumerated() {
      let definition = audience.definition
      let figures = [tally.members(of: number), tally.entries[number], tally.exits[number]]
      rows.append([definition.key] + figures.map { Figures.grouped($0) })
      guard hasControls else { continue }
      rows[number].append(definition.holdout == nil ? "" : Figures.grouped(tally.controls(of: number)))
    }
    var columns = Columns(heading)
    for row in rows { columns.add(row) }
    guard let sizes, let span = backtest.span, span.to > span.from else { return columns.text(on: terminal) }
    let room = min(Self.bars.upperBound, max(Self.bars.lowerBound, width - columns.width - 2))
    let lines = Sparkline.rows(sizes, from: span.from, to: span.to, width: room)
    columns = Columns(heading + [(Sparkline.heading(from: span.from, to: span.to, width: room), .left)])
    for (row, line) in zip(rows, lines) { columns.add(row + [line]) }
    return columns.text(on: terminal)
  }

  /// What was read, and what of it did not go as usual.
  func notes(_ backtest: borrowing Backtest, rejected: Int) -> String {
    let tally = backtest.tally
    let counts = backtest.counts
    var text = "\(Figures.counted(tally.events, "event")) of \(Figures.counted(backtest.profiles, "profile"))"
    if let span = backtest.span { text += ", \(Self.minute(span.from)) to \(Self.minute(span.to)) UTC" }
    for (count, what) in [
      (counts.duplicates + counts.repeatedEvents, "dropped as duplicates"), (counts.late, "late"),
      (tally.skipped, "skipped"), (tally.afterUntil, "later than --until"), (rejected, "rejected"),
      (backtest.unknownEvents.total, "of unknown events"), (counts.entriesDropped, "entries beyond limits.entries"),
      (backtest.overflows, "numbers too large to be held"), (counts.unmerged, "merges across partitions left undone"),
    ] where count > 0 { text += "; \(Figures.grouped(count)) \(what)" }
    text = Help.words(text, width: width).joined(separator: "\n") + "\n"
    for (property, count) in backtest.wrongTypes {
      text += "\(property): \(Figures.counted(count, "value")) of another type than declared\n"
    }
    return text
  }

  /// `2026-01-01 09:30`.
  static func minute(_ instant: Instant) -> String {
    let text = instant.description
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
  }

  /// Every two audiences that have people in common, the largest overlaps first.
  func overlaps(_ overlaps: Overlaps, _ plan: Plan) -> String {
    guard !overlaps.pairs.isEmpty else { return "Nobody is in two audiences at the end.\n" }
    var columns = Columns([
      ("audience", .left), ("overlaps with", .left), ("people", .right), ("of the first", .right),
      ("of the second", .right),
    ])
    for pair in overlaps.pairs.prefix(Self.pairs) {
      columns.add(
        [pair.first, pair.second].map { plan.audiences[$0].definition.key } + [Figures.grouped(pair.people)]
          + [pair.first, pair.second].map { Self.percent(overlaps.share(pair, of: $0)) })
    }
    var text = columns.text(on: terminal)
    let rest = overlaps.pairs.count - Self.pairs
    if rest > 0 { text += "\(Figures.counted(rest, "smaller overlap")) more: --json tells all\n" }
    return text
  }

  /// `12.5%`.
  static func percent(_ share: Double) -> String {
    let thousandths = Int((share * 1000).rounded())
    return "\(thousandths / 10).\(thousandths % 10)%"
  }
}
