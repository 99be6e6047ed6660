import Audiences
import Engine
import Events
import Pipeline

/// What is told at the end: the seconds it took, and the summary for programs.
enum BacktestReport {
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
        "state_bytes":\(backtest.memoryBytes),"median_profile_bytes":\(backtest.medianProfileBytes)}

        """
    }
    let rate = seconds > 0 ? Int(Double(events) / seconds) : events
    return "\(Figures.counted(events, "event")) in \(seconds) s: \(Figures.grouped(rate)) a second, "
      + "\(Figures.counted(backtest.tally.changes, "change")), \(Figures.counted(backtest.profiles, "profile")) in "
      + "\(Figures.bytes(backtest.memoryBytes))\n"
  }

  static func json(_ backtest: borrowing Backtest, rejected: Int, _ overlaps: Overlaps?) -> String {
    let tally = backtest.tally
    let counts = backtest.counts
    var json = JSONWriter()
    json.raw("{\"audiences\":{")
    for (number, audience) in backtest.plan.audiences.enumerated() {
      if number > 0 { json.raw(",") }
      json.string(audience.definition.key)
      json.text(
        ":{\"members\":\(tally.members(of: number)),\"entries\":\(tally.entries[number]),"
          + "\"exits\":\(tally.exits[number]),\"controls\":\(tally.controls(of: number)),"
          + "\"held_out\":\(tally.heldOut[number]),\"holdouts_ended\":\(tally.holdoutsEnded[number])}")
    }
    json.raw("}")
    if let overlaps { write(overlaps, backtest.plan, to: &json) }
    write(backtest.span, to: &json)
    json.text(
      ",\"events\":\(tally.events),\"profiles\":\(backtest.profiles),\"duplicates\":\(counts.duplicates),"
        + "\"repeated_events\":\(counts.repeatedEvents),\"late\":\(counts.late),\"skipped\":\(tally.skipped),"
        + "\"rejected\":\(rejected),\"unknown_events\":\(backtest.unknownEvents.total),"
        + "\"entries_dropped\":\(counts.entriesDropped),\"overflows\":\(backtest.overflows),"
        + "\"unmerged\":\(counts.unmerged)}\n")
    return json.text
  }

  /// From the first event to where the clock stands.
  static func write(_ span: (from: Instant, to: Instant)?, to json: inout JSONWriter) {
    guard let span else { return }
    json.text(",\"from\":\"\(span.from)\",\"to\":\"\(span.to)\"")
  }

  /// Two audiences that nobody is in both of are left out.
  private static func write(_ overlaps: Overlaps, _ plan: Plan, to json: inout JSONWriter) {
    json.raw(",\"overlaps\":[")
    for (index, pair) in overlaps.pairs.enumerated() {
      json.raw(index > 0 ? ",{\"audiences\":[" : "{\"audiences\":[")
      json.string(plan.audiences[pair.first].definition.key)
      json.raw(",")
      json.string(plan.audiences[pair.second].definition.key)
      json.text(
        "],\"people\":\(pair.people),\"share_of_first\":\(share(pair, pair.first, overlaps)),"
          + "\"share_of_second\":\(share(pair, pair.second, overlaps))}")
    }
    json.raw("]")
  }

  /// To four digits.
  private static func share(_ pair: Overlaps.Pair, _ audience: Int, _ overlaps: Overlaps) -> Double {
    (overlaps.share(pair, of: audience) * 10_000).rounded() / 10_000
  }
}
