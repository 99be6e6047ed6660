/// What a latency run has measured.
struct LatencyFigures {
  /// Latencies after the warm-up, in microseconds.
  let latenciesUs: Distribution
  /// How many changes there are, by the word of `usher run`, and how many were read.
  let told: Int
  let seen: Int
  /// Events that the log took in after the warm-up, and in how much time.
  let events: Int
  let seconds: Double
  let feed: SteadyFeed.Outcome
  let totals: UsherProcess.Totals

  init(
    seen: [ChangeReader.Seen], stampsMs: [[Int64]], feed: SteadyFeed.Outcome, warmUpMs: Int64, pacing: Pacing,
    totals: UsherProcess.Totals
  ) {
    let fromMs = feed.beganMs + warmUpMs
    var latencies: [Int64] = []
    for change in seen {
      let stampMs = stampsMs[change.partition][change.offset]
      if stampMs >= fromMs { latencies.append(change.atUs - stampMs * 1000) }
    }
    latenciesUs = Distribution(latencies)
    let counted = stampsMs.joined().filter { $0 >= fromMs }
    events = counted.count
    seconds = Double((counted.max() ?? fromMs) - fromMs) / 1000
    told = totals.changes
    self.seen = seen.count
    self.feed = feed
    self.totals = totals
  }

  /// Changes that were told and not read; below 0 where some were read twice.
  var lost: Int { told - seen }

  private var rate: Double { seconds > 0 ? Double(events) / seconds : 0 }
  private var shares: [(name: String, us: Int64?)] {
    [
      ("median", latenciesUs.median), ("p99", latenciesUs.permille(990)), ("p99.9", latenciesUs.permille(999)),
      ("max", latenciesUs.most),
    ]
  }

  var text: String {
    func ms(_ us: Int64?) -> String { us.map { Report.fixed(Double($0) / 1000, 1) } ?? "-" }
    let rows = [
      ["from event to change"] + shares.map(\.name) + ["changes"],
      ["ms"] + shares.map { ms($0.us) } + [Report.grouped(latenciesUs.count)],
    ]
    return """
      \(Report.table(rows))

      rate reached: \(Report.grouped(Int(rate))) events/s over \(Report.fixed(seconds, 1)) s, at worst \
      \(Report.fixed(Double(feed.behindNs) / 1e6, 1)) ms behind
      changes lost: \(lost) of \(Report.grouped(told)), the warm-up's included
      usher run: \(Report.fixed(totals.processorSeconds, 1)) processor seconds, \(totals.peakMebibytes) MiB at its peak, \
      \(Report.grouped(totals.commits)) commits
      """
  }

  var json: String {
    func ms(_ us: Int64?) -> String { us.map { Report.fixed(Double($0) / 1000, 3) } ?? "null" }
    return "{\"changes\":\(latenciesUs.count),\"median_ms\":\(ms(latenciesUs.median)),"
      + "\"p99_ms\":\(ms(latenciesUs.permille(990))),\"p99_9_ms\":\(ms(latenciesUs.permille(999))),"
      + "\"max_ms\":\(ms(latenciesUs.most)),\"events\":\(events),\"events_per_second\":\(Report.fixed(rate, 0)),"
      + "\"behind_ms\":\(Report.fixed(Double(feed.behindNs) / 1e6, 1)),\"changes_told\":\(told),"
      + "\"changes_seen\":\(seen),\"lost\":\(lost),\"cpu_seconds\":\(Report.fixed(totals.processorSeconds, 2)),"
      + "\"peak_rss_mib\":\(totals.peakMebibytes),\"commits\":\(totals.commits)}"
  }
}
