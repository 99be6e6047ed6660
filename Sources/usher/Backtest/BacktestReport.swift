import Audiences
import Engine
import Events
import Pipeline

/// What is told at the end.
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
      (backtest.overflows, "numbers too large to be held"), (counts.unmerged, "merges across partitions left undone"),
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
        + "\"entries_dropped\":\(counts.entriesDropped),\"overflows\":\(backtest.overflows),"
        + "\"unmerged\":\(counts.unmerged)}\n")
    return json.text
  }
}
