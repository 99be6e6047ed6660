import Kafka

/// How long after an event is in the log its change can be read, at a steady rate.
struct LatencyRun {
  private let setup: Setup
  private let pacing: Pacing
  private let warmUpMs: Int64
  private let asJSON: Bool

  static let command = Command(
    name: "latency",
    summary: "how long after an event is in the log a reader has its change",
    details: """
      Sends events at a steady rate to a topic of 4 partitions that the broker stamps (LogAppendTime), runs 'usher run',
      and reads what is committed. Each change names the event that brought it: told is the time from the event's stamp
      to the moment at which the reader had the change. Stamps are whole milliseconds, cut off: a latency is told up to
      1 ms too long. All three must share a clock, so the broker is best on this machine. Each event tells the time at
      which it is sent, whatever the file says. No change may be lost: the run fails then.
      """,
    options: [
      .bootstrap,
      .value("rate", "N", "events a second", standard: "20000"),
      .value("for", "DURATION", "how long is measured", standard: "120s"),
      .value("warm-up", "DURATION", "how long is sent before that, at the same rate", standard: "10s"),
      .events, .runOptions, .usher, .project, .json,
    ],
    run: { (arguments) throws(Failure) in try LatencyRun(arguments).run(arguments) })

  private init(_ arguments: Arguments) throws(Failure) {
    let measuredMs = try arguments.durationMs("for")
    warmUpMs = try arguments.durationMs("warm-up")
    guard measuredMs > 0 else { throw Failure("--for wants more than nothing", exitCode: 2) }
    pacing = Pacing(rate: try arguments.count("rate"), forMs: measuredMs + warmUpMs)
    asJSON = arguments.has("json")
    setup = try Setup(arguments, run: "latency")
  }

  private func run(_ arguments: Arguments) throws(Failure) -> Int32 {
    let figures = try TopicKeeper.during(setup) { (keeper) throws(Failure) in
      let file = try setup.events(arguments, count: pacing.total)
      let topics = try keeper.makeOutput(of: "app", from: try keeper.makeInput(stampedByBroker: true))
      return try measure(file, topics)
    }
    print(asJSON ? figures.json : figures.text)
    guard figures.lost == 0 else {
      throw Failure("of \(figures.told) changes \(figures.seen) were read: this is a fault")
    }
    return 0
  }

  private func measure(_ file: EventFile, _ topics: RunTopics) throws(Failure) -> LatencyFigures {
    let usher = try UsherProcess(setup, topics, untilEnd: false)
    var reader = try ChangeReader(setup, topics)
    try usher.waitUntilItReads()
    let feed = SteadyFeed(pacing)
    let feeding = feed.start(file, setup.kafkaSettings, topic: topics.input)
    Report.tell("sending \(Report.grouped(pacing.total)) events")
    var seen: [ChangeReader.Seen] = []
    seen.reserveCapacity(pacing.total)
    while !(try feeding.hasEnded()) {
      try StopAsked.check()
      try usher.child.checkRuns()
      if let change = try reader.next(waitMs: 20) { seen.append(change) }
    }
    try drain(usher, &reader, &seen, topics)
    let totals = try usher.totals()
    let stamps = try TopicFacts(topics.input, setup, keepsStamps: true).stampsMs
    return LatencyFigures(
      seen: seen, stampsMs: stamps, feed: feed.outcome, warmUpMs: warmUpMs, pacing: pacing, totals: totals)
  }

  /// Waits until everything that was sent is done and read, and ends `usher run`: it tells then how many there were.
  private func drain(
    _ usher: UsherProcess, _ reader: inout ChangeReader, _ seen: inout [ChangeReader.Seen], _ topics: RunTopics
  ) throws(Failure) {
    try wait(60_000, reading: &reader, into: &seen, until: try CommittedOffsets(setup, topics).areAtEnd)
    usher.child.ask()
    try usher.child.wait(forMs: 30_000)
    let changes = try usher.totals().changes
    let endNs = Clock.nowNs() + 10_000_000_000
    while seen.count < changes, Clock.nowNs() < endNs {
      if let change = try reader.next(waitMs: 100) { seen.append(change) }
    }
    // One that comes twice would come now.
    while let change = try reader.next(waitMs: 500) { seen.append(change) }
  }

  private func wait(
    _ forMs: Int64, reading reader: inout ChangeReader, into seen: inout [ChangeReader.Seen],
    until isDone: () throws(Failure) -> Bool
  ) throws(Failure) {
    let beganNs = Clock.nowNs()
    var askNs = beganNs
    while true {
      try StopAsked.check()
      if let change = try reader.next(waitMs: 20) { seen.append(change) }
      guard Clock.nowNs() >= askNs else { continue }
      if try isDone() { return }
      askNs = Clock.nowNs() + 200_000_000
      guard askNs < beganNs + forMs * 1_000_000 else {
        throw Failure("not everything that was sent was done \(forMs / 1000) s after the last event")
      }
    }
  }
}
