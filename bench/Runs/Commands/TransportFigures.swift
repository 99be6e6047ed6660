/// What a transport run has measured.
struct TransportFigures {
  /// One run of the loop.
  struct Loop {
    let seconds: Double
    let bytes: Int
    let commits: Int
    let processorSeconds: Double
  }

  /// Events in the topic.
  let records: Int
  private var usher: [UsherProcess.Totals] = []
  private var loops: [Loop] = []
  private var bytes: [Int] = []

  init(records: Int) { self.records = records }

  mutating func add(usher totals: UsherProcess.Totals) {
    usher.append(totals)
    tell("usher", seconds: totals.secondsAfterStart)
  }

  mutating func add(loop: Loop, bytes written: Int) {
    loops.append(loop)
    bytes.append(written)
    tell("loop", seconds: loop.seconds)
  }

  private func tell(_ who: String, seconds: Double) {
    Report.tell("\(who): \(Report.grouped(Int(Double(records) / seconds))) records/s")
  }

  /// Records a second, of all rounds.
  private func rates(_ seconds: [Double]) -> Distribution {
    Distribution(seconds.map { Int64((Double(records) / $0).rounded()) })
  }

  private var usherRates: Distribution { rates(usher.map(\.secondsAfterStart)) }
  private var loopRates: Distribution { rates(loops.map(\.seconds)) }
  private var ratio: Double { Double(usherRates.median ?? 0) / Double(max(1, loopRates.median ?? 1)) }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  var text: String {
    func row(_ name: String, _ rates: Distribution, _ written: [Int], _ commits: [Int], _ cpu: [Double]) -> [String] {
      let perMillion = Self.mean(cpu) * 1_000_000 / Double(records)
      return [
        name, "\(Report.grouped(Int(rates.median ?? 0)))",
        "\(Report.grouped(Int(rates.least ?? 0)))-\(Report.grouped(Int(rates.most ?? 0)))",
        Report.fixed(Self.mean(written.map(Double.init)) / Double(records), 1),
        Report.fixed(Self.mean(commits.map(Double.init)), 0), Report.fixed(perMillion, 2),
      ]
    }
    let rows = [
      ["what", "records/s", "lowest-highest", "bytes out/record", "commits", "processor s/M"],
      row("usher", usherRates, bytes, usher.map(\.commits), usher.map(\.processorSeconds)),
      row("loop", loopRates, loops.map(\.bytes), loops.map(\.commits), loops.map(\.processorSeconds)),
    ]
    return Report.table(rows)
      + "\n\nmedians of \(usher.count): usher has \(Report.fixed(ratio * 100, 1)) % of the loop's rate"
  }

  var json: String {
    "{\"records\":\(records),\"rounds\":\(usher.count),\"usher_per_second\":\(usherRates.median ?? 0),"
      + "\"loop_per_second\":\(loopRates.median ?? 0),\"ratio\":\(Report.fixed(ratio, 3)),"
      + "\"bytes_out\":\(Int(Self.mean(bytes.map(Double.init))))}"
  }
}
