import Glibc
import Kafka

/// How near Usher comes to a loop that only moves the bytes.
struct TransportRun {
  private let setup: Setup
  private let rounds: Int
  private let events: Int
  private let loop: String
  private let asJSON: Bool

  static let command = Command(
    name: "transport",
    summary: "Usher's rate beside that of a C loop that does the same transport and nothing else",
    details: """
      Loads events into a topic of 4 partitions. In each round 'usher run --until-end' goes through them, and then a C
      loop on the same librdkafka with the same settings: it consumes the same topic and writes, into as many topics, as
      many records and bytes as Usher has written into its changes and its changelog, in transactions of 100 ms with the
      offsets. Rates count from the first record read to the last commit.
      """,
    options: [
      .bootstrap,
      .value("rounds", "N", "how often each runs, in turn", standard: "3"),
      .value("count", "N", "how many events are told, where --events gives none", standard: "2000000"),
      .value("loop", "FILE", "the compiled loop", standard: ".build/bench-transport"),
      .events, .runOptions, .usher, .project, .json,
    ],
    run: { (arguments) throws(Failure) in try TransportRun(arguments).run(arguments) })

  private init(_ arguments: Arguments) throws(Failure) {
    rounds = try arguments.count("rounds")
    events = try arguments.count("count")
    loop = arguments.text("loop") ?? ""
    asJSON = arguments.has("json")
    guard access(loop, X_OK) == 0 else {
      throw Failure("there is no command \(loop)", advice: "bench/transport compiles it")
    }
    setup = try Setup(arguments, run: "transport")
  }

  private func run(_ arguments: Arguments) throws(Failure) -> Int32 {
    let figures = try TopicKeeper.during(setup) { (keeper) throws(Failure) in
      try measure(try setup.events(arguments, count: events), keeper)
    }
    print(asJSON ? figures.json : figures.text)
    return 0
  }

  private func measure(_ file: EventFile, _ keeper: TopicKeeper) throws(Failure) -> TransportFigures {
    let input = try keeper.makeInput(stampedByBroker: false)
    let records = try EventSender.load(file, setup.kafkaSettings, into: input)
    var figures = TransportFigures(records: records)
    for number in 1...rounds {
      let topics = try keeper.makeOutput(of: "round\(number)", from: input)
      let usher = try UsherProcess(setup, topics, untilEnd: true)
      try usher.child.wait(forMs: 3_600_000)
      let totals = try usher.totals()
      guard totals.records == records else {
        throw Failure("usher run has read \(totals.records) records, but there are \(records): this is a fault")
      }
      figures.add(usher: totals)
      let written = [try TopicFacts(topics.changes, setup), try TopicFacts(topics.profiles, setup)]
      keeper.delete(beginningWith: topics.app)
      figures.add(loop: try runLoop(number, input, records, written, keeper), bytes: written.map(\.bytes).reduce(0, +))
    }
    return figures
  }

  private func runLoop(
    _ number: Int, _ input: String, _ records: Int, _ written: [TopicFacts], _ keeper: TopicKeeper
  ) throws(Failure) -> TransportFigures.Loop {
    let name = "\(setup.name)-loop\(number)"
    var words = ["--bootstrap", setup.bootstrap, "--in", input, "--in-records", "\(records)", "--name", name]
    for (place, facts) in written.enumerated() {
      let topic = "\(name).\(place)"
      try keeper.make(topic)
      words += ["--out", "\(topic):\(facts.records):\(facts.bytes)"]
    }
    let child = try Child(
      loop, words, output: setup.scratch.file("\(name).json"), log: setup.scratch.file("\(name).log"))
    try child.wait(forMs: 3_600_000)
    keeper.delete(beginningWith: name)
    let text = try Files.text(child.output)
    guard let seconds = UsherProcess.figure("seconds_after_start", in: text),
      let bytes = UsherProcess.figure("bytes", in: text), let commits = UsherProcess.figure("commits", in: text)
    else { throw Failure("the loop has not told its figures") }
    return TransportFigures.Loop(
      seconds: seconds, bytes: Int(bytes), commits: Int(commits), processorSeconds: child.cost.processorSeconds)
  }
}
