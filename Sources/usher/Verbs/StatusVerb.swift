import Audiences
import Events
import Glibc
import Kafka
import Pipeline

extension Verb {
  /// How an application stands.
  static let status = Verb(StatusOptions.declaration, run: runStatus)
}

/// What `usher status` takes.
enum StatusOptions {
  static let watch = Option.flag("watch", "tell it again each second, until Ctrl-C")
  static let json = Option.flag("json", "tell it as JSON")

  static let declaration = VerbDeclaration(
    name: "status", summary: "how a running application stands, partition by partition",
    details: [
      "Tells for each partition how many events wait, where its clock stands, how many profiles it has, which lane "
        + "wrote last, and which definitions are in force: the same name stands for the same meaning. Where others are "
        + "to follow, it tells how much of the log was read for them.",
      "It reads the application's topics, and disturbs nothing.",
    ],
    options: Settings.kafkaOptions + [
      RunOptions.app.declaration, RunOptions.input.declaration, watch.declaration, json.declaration,
    ],
    examples: ["usher status --bootstrap kafka:9092", "usher status --watch"])
}

@Sendable private func runStatus(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  // Without definitions it is told which are in force all the same.
  let own = Project.read(folder: settings.project).project.map { ApplicationStatus.name(of: $0) }
  let stop = StopFlag()
  if arguments[StatusOptions.watch] { StopSignal.raising(stop) }
  while true {
    let status = try ApplicationStatus.read(settings, arguments)
    let text = arguments[StatusOptions.json] ? StatusText.json(status, own).text : StatusText.table(status, own)
    guard arguments[StatusOptions.watch] else {
      Terminal.output.write(text)
      return 0
    }
    Terminal.output.write("\u{1B}[H\u{1B}[2J" + text)
    stop.wait(ms: 1000)
    if stop.isRaised { return 0 }
  }
}

extension ApplicationStatus {
  /// Reads how the application stands that the arguments name.
  static func read(_ settings: Settings, _ arguments: Arguments) throws(Failure) -> ApplicationStatus {
    var lanes = LaneSettings(kafka: try settings.kafkaSettings(), app: arguments[RunOptions.app])
    lanes.input = arguments[RunOptions.input]
    do throws(LaneError) {
      return try read(lanes)
    } catch {
      throw Failure(message: error.description, advice: error.advice)
    }
  }
}

/// The words of `usher status`.
enum StatusText {
  /// - Parameter own: what the definitions of the project's folder are called; nil where there are none.
  static func table(_ status: ApplicationStatus, _ own: String?) -> String {
    let rows = status.partitions.map { partition in
      [
        "\(partition.partition)", Figures.grouped(partition.lag), partition.clock.map { "\($0)" } ?? "",
        partition.profiles.map { Figures.grouped($0) } ?? "", partition.writer ?? "",
        definitions(of: partition, own),
      ]
    }
    let heading = ["partition", "events waiting", "clock", "profiles", "written by", "definitions"]
    let total = status.partitions.reduce(0) { $0 + $1.lag }
    let profiles = status.partitions.reduce(0) { $0 + ($1.profiles ?? 0) }
    return Table.text(heading: heading, rows: rows)
      + "\n\(Figures.counted(profiles, "profile")), \(Figures.grouped(total)) events waiting\n"
  }

  private static func definitions(of partition: PartitionStatus, _ own: String?) -> String {
    guard let name = partition.definitions else { return partition.nextOffset == nil ? "nothing read yet" : "" }
    var text = name
    if let own { text += name == own ? " (this folder's)" : " (not this folder's)" }
    if partition.isAdopting { text += ", being put in force" }
    if let next = partition.next { text += ", then \(next.definitions): \(next.percent) % of the log read for them" }
    return text
  }

  static func json(_ status: ApplicationStatus, _ own: String?) -> JSONValue {
    let partitions = status.partitions.map { partition in
      JSONValue.object([
        ("partition", .integer(Int(partition.partition))), ("end", .integer(Int(partition.end))),
        ("next_offset", partition.nextOffset.map { .integer(Int($0)) }), ("lag", .integer(Int(partition.lag))),
        ("clock", partition.clock.map { .string("\($0)") }), ("profiles", partition.profiles.map { .integer($0) }),
        ("written_by", partition.writer.map { .string($0) }),
        ("definitions", partition.definitions.map { .string($0) }),
        ("next_definitions", partition.next.map { .string($0.definitions) }),
        ("next_definitions_percent", partition.next.map { .integer($0.percent) }),
      ])
    }
    return .object([("own_definitions", own.map { .string($0) }), ("partitions", .array(partitions))])
  }
}
