import Kafka

/// How long a crash holds the changes up.
struct RecoveryRun {
  private let setup: Setup
  private let rounds: Int
  private let events: Int
  private let asJSON: Bool

  /// What one crash has cost, in milliseconds.
  private struct Round {
    /// From the restart to the first new change.
    let totalMs: Int64
    /// How much of it went into reading the state, by the word of `usher run`.
    let stateMs: Int64
  }

  static let command = Command(
    name: "recovery",
    summary: "from the restart after a SIGKILL to the first new change that can be read",
    details: """
      Loads events into a topic of 4 partitions. A first run of 'usher run --until-end' goes through them undisturbed.
      In each round another one, with names of its own, is killed when half of the changes are committed, and started
      again at once with the same arguments. Told is the time from there to the moment at which a reader of what is
      committed has the first change that the new process wrote. Then the round goes on to its end: it must have made
      as many changes as the undisturbed run.
      """,
    options: [
      .bootstrap,
      .value("rounds", "N", "how often is killed", standard: "5"),
      .value("count", "N", "how many events are told, where --events gives none", standard: "2000000"),
      .events, .runOptions, .usher, .project, .json,
    ],
    run: { (arguments) throws(Failure) in try RecoveryRun(arguments).run(arguments) })

  private init(_ arguments: Arguments) throws(Failure) {
    rounds = try arguments.count("rounds")
    events = try arguments.count("count")
    asJSON = arguments.has("json")
    setup = try Setup(arguments, run: "recovery")
  }

  private func run(_ arguments: Arguments) throws(Failure) -> Int32 {
    let rounds = try TopicKeeper.during(setup) { (keeper) throws(Failure) in
      try measure(try setup.events(arguments, count: events), keeper)
    }
    print(asJSON ? json(rounds) : text(rounds))
    return 0
  }

  private func measure(_ file: EventFile, _ keeper: TopicKeeper) throws(Failure) -> [Round] {
    let input = try keeper.makeInput(stampedByBroker: false)
    _ = try EventSender.load(file, setup.kafkaSettings, into: input)
    let whole = try keeper.makeOutput(of: "whole", from: input)
    let undisturbed = try UsherProcess(setup, whole, untilEnd: true)
    try undisturbed.child.wait(forMs: 3_600_000)
    let totals = try undisturbed.totals()
    keeper.delete(beginningWith: whole.app)
    Report.tell("undisturbed: \(Report.grouped(totals.changes)) changes in \(Report.fixed(totals.seconds, 2)) s")
    var done: [Round] = []
    for number in 1...rounds {
      let topics = try keeper.makeOutput(of: "round\(number)", from: input)
      let round = try round(topics, changes: totals.changes)
      keeper.delete(beginningWith: topics.app)
      Report.tell("round \(number): \(round.totalMs) ms, of which \(round.stateMs) ms for the state")
      done.append(round)
    }
    return done
  }

  /// One crash, and how long after the restart the first change came.
  private func round(_ topics: RunTopics, changes: Int) throws(Failure) -> Round {
    var reader = try ChangeReader(setup, topics)
    var seen = 0
    let first = try UsherProcess(setup, topics, untilEnd: true)
    while seen < changes / 2 {
      try StopAsked.check()
      if try reader.next(waitMs: 5) != nil { seen += 1 }
      guard first.child.runs else {
        throw Failure(
          "the run was over, or had failed, before it could be killed", advice: "give it more events with --count")
      }
    }
    first.child.kill()
    let restartedUs = Clock.wallUs()
    let second = try UsherProcess(setup, topics, untilEnd: true)
    var firstNewUs: Int64?
    while second.child.runs || firstNewUs == nil {
      try StopAsked.check()
      guard let change = try reader.next(waitMs: 2) else {
        if !second.child.runs { try second.child.wait(forMs: 0) }
        guard Clock.wallUs() < restartedUs + 600_000_000 else {
          throw Failure("no change came 600 s after the restart")
        }
        continue
      }
      seen += 1
      // What the first process had committed may come to be read only now: when it was written tells them apart.
      if firstNewUs == nil, change.writtenMs * 1000 >= restartedUs { firstNewUs = change.atUs }
    }
    try second.child.wait(forMs: 0)
    while try reader.next(waitMs: 500) != nil { seen += 1 }
    guard seen == changes else {
      throw Failure("\(seen) changes were read, but an undisturbed run makes \(changes): this is a fault")
    }
    return Round(totalMs: ((firstNewUs ?? restartedUs) - restartedUs) / 1000, stateMs: try second.restoringMs())
  }

  private func text(_ rounds: [Round]) -> String {
    func row(_ name: String, _ values: [Int64]) -> [String] {
      let ms = Distribution(values)
      return [name] + [ms.least, ms.median, ms.most].map { Report.grouped(Int($0 ?? 0)) } + ["\(ms.count)"]
    }
    return Report.table([
      ["ms", "min", "median", "max", "rounds"], row("from restart to first new change", rounds.map(\.totalMs)),
      row("of it, reading the state", rounds.map(\.stateMs)),
    ])
  }

  private func json(_ rounds: [Round]) -> String {
    let ms = Distribution(rounds.map(\.totalMs))
    func list(_ values: [Int64]) -> String { "[\(values.map(String.init).joined(separator: ","))]" }
    return "{\"rounds\":\(ms.count),\"min_ms\":\(ms.least ?? 0),\"median_ms\":\(ms.median ?? 0),"
      + "\"max_ms\":\(ms.most ?? 0),\"all_ms\":\(list(rounds.map(\.totalMs))),"
      + "\"state_ms\":\(list(rounds.map(\.stateMs)))}"
  }
}
