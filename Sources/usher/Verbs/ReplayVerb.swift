import Audiences
import Events
import Kafka
import Pipeline
import Telemetry

extension Verb {
  /// The log again, beside whatever runs.
  static let replay = Verb(ReplayOptions.declaration, run: runReplay)
}

/// What `usher replay` takes.
enum ReplayOptions {
  static let name = Option.text(
    "as", "NAME", default: "1", "the replay's name: its application is replay-NAME, and so its topics begin")
  static let from = Option.instant(
    "from", "INSTANT", "begin with what was recorded then, by the records' own times; without it, at the oldest record")
  static let offset = Option.integer(
    "from-offset", "N", "begin at that offset of every partition")

  static let declaration = VerbDeclaration(
    name: "replay", summary: "the log again, into topics of its own",
    details: [
      "Reads the events again, with the definitions of today, and ends where the log ends. It is an application of its "
        + "own: state and changes go to the topics replay-NAME.usher.profiles and replay-NAME.audience.*, which "
        + "it creates, and what runs beside it is left alone.",
      "The same log and definitions give the same changes, under the same message ids. One that was ended goes on where "
        + "it stood. Delete its topics when you are done with them.",
    ],
    options: Settings.kafkaOptions + [
      name.declaration, from.declaration, offset.declaration, RunOptions.input.declaration,
      RunOptions.state.declaration,
      RunOptions.memory.declaration, RunOptions.lanes.declaration, RunOptions.json.declaration,
    ],
    examples: ["usher replay --as march --from 2026-03-01T00:00:00Z", "usher replay --from-offset 120000 --lanes 2"])

  static func beginning(_ arguments: Arguments) throws(Failure) -> Beginning {
    switch (arguments[from], arguments[offset]) {
    case (nil, nil): return .oldest
    case (let instant?, nil): return .recorded(from: instant)
    case (nil, let offset?): return .offset(offset)
    case (_?, _?):
      throw Failure(message: "--from and --from-offset are given", advice: "say one of them where it is to begin")
    }
  }
}

@Sendable private func runReplay(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  let project = try Project.load(settings.project)
  var lanes = LaneSettings(kafka: try settings.kafkaSettings(), app: "replay-\(arguments[ReplayOptions.name])")
  lanes.input = arguments[RunOptions.input]
  lanes.outputPrefix = "\(lanes.app).audience"
  lanes.rejected = "\(lanes.app).rejected"
  lanes.lanes = Int(arguments[RunOptions.lanes])
  lanes.state = RunOptions.place(arguments)
  lanes.beginning = try ReplayOptions.beginning(arguments)
  lanes.endsAtEnd = true
  lanes.leavesGroup = true
  do throws(KafkaError) {
    try makeTopics(of: lanes)
  } catch {
    throw Failure(error)
  }
  return try RunOptions.run(lanes, project, asJSON: arguments[RunOptions.json])
}

/// Creates the topics of a replay where they are missing, with as many partitions as the events have.
private func makeTopics(of lanes: LaneSettings) throws(KafkaError) {
  let timeoutMs: Int32 = 30_000
  let admin = try Admin(lanes.kafka)
  defer { admin.close(timeoutMs: 5000) }
  let cluster = try admin.cluster(timeoutMs: timeoutMs)
  guard let input = cluster.topic(lanes.input) else { return }
  for topic in lanes.outputs + [lanes.rejected] where cluster.topic(topic) == nil {
    do {
      try admin.create(NewTopic(topic, partitionCount: Int32(input.partitionCount)), timeoutMs: timeoutMs)
    } catch {
      guard error.kind == .topicExists else { throw error }
    }
  }
}
