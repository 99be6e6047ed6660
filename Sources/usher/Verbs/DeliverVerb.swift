import Delivery
import Events
import Kafka
import Pipeline
import Telemetry
import YAML

extension Verb {
  /// One destination's worker.
  static let deliver = Verb(DeliverOptions.declaration, run: runDeliver)
}

/// What `usher deliver` takes.
enum DeliverOptions {
  static let app = Option.text(
    "app", "ID", default: "shop", "the application id, which begins the consumer group's name")
  static let instance = Option.text(
    "instance", "NAME", default: "0", "which of the destination's workers this is; one name, one process")
  static let out = Option<String?>.text(
    "out", "PREFIX", "read PREFIX.warehouse, as 'run --out PREFIX' writes it, and not the file's topic")
  static let database = Option<String?>.path(
    "database", "FILE", "the embedded warehouse's file, instead of the one declared")
  static let untilEnd = Option.flag("until-end", "stop once all is delivered that is there now")
  static let json = Option.flag("json", "tell the last line as JSON")

  static let declaration = VerbDeclaration(
    name: "deliver", summary: "one destination's worker, from ops/destinations/NAME.yaml",
    details: [
      "Reads changes from the destination's topic and writes them to it, batch by batch, until it is stopped (SIGINT or "
        + "SIGTERM: the current batch is finished). Warehouses (kind: sqlite, a file; kind: postgres, a schema of a "
        + "database) keep the offsets beside the changes, in the same transactions: the worker goes on exactly where they "
        + "stand, and what is delivered again changes nothing.",
      "A record that is no change is put aside in the table rejected_records, told with its partition and offset, and "
        + "stops nothing.",
    ],
    operands: [Operand(placeholder: "NAME", kind: .text, help: "the destination's name: its file without .yaml")],
    options: Settings.kafkaOptions + [
      app.declaration, instance.declaration, out.declaration, database.declaration, untilEnd.declaration,
      json.declaration,
    ],
    examples: [
      "usher deliver warehouse --bootstrap kafka:9092",
      "usher deliver warehouse --until-end --database today.db",
    ])
}

@Sendable private func runDeliver(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  let name = arguments.operand(0) ?? ""
  let file = try DestinationFile.load(name, settings)
  let brokers = try settings.kafkaSettings()
  let group = DeliverySettings.group(app: arguments[DeliverOptions.app], destination: name)
  let topic = arguments[DeliverOptions.out].map { "\($0).warehouse" } ?? file.topic
  var delivery = DeliverySettings(group: group, topic: topic)
  delivery.instance = arguments[DeliverOptions.instance]
  delivery.batchRecords = file.batchRecords ?? delivery.batchRecords
  delivery.batchMs = file.batchMs ?? delivery.batchMs
  delivery.untilEnd = arguments[DeliverOptions.untilEnd]
  // Whoever waits for the end is told of trouble that lasts; a worker that runs on sits it out.
  delivery.retryForMs = delivery.untilEnd ? 120_000 : nil
  let run = DeliveryRun(delivery, brokers, asJSON: arguments[DeliverOptions.json])
  switch file.kind {
  case .sqlite(let declared):
    let path = arguments[DeliverOptions.database] ?? (declared.hasPrefix("/") ? declared : settings.path(declared))
    try run(into: path) { () throws(DeliveryError) in try openWarehouse(path) }
  case .postgres(let conninfo, let schema):
    if arguments[DeliverOptions.database] != nil {
      throw Failure(
        message: "--database names the file of an embedded warehouse, and '\(name)' is in PostgreSQL",
        advice: "Change 'url' or 'schema' in \(settings.path("ops/destinations"))/\(name).yaml.")
    }
    try run(into: "schema \(schema)") { () throws(DeliveryError) in PostgresWarehouse(conninfo, schema: schema) }
  }
  return 0
}

/// A worker's run, whatever the destination.
private struct DeliveryRun {
  private let delivery: DeliverySettings
  private let brokers: KafkaSettings
  private let asJSON: Bool

  init(_ delivery: DeliverySettings, _ brokers: KafkaSettings, asJSON: Bool) {
    self.delivery = delivery
    self.brokers = brokers
    self.asJSON = asJSON
  }

  /// Delivers until it is to stop.
  /// - Parameter place: where that is, in words for people.
  func callAsFunction<Target: Destination & ~Copyable>(
    into place: String, _ open: () throws(DeliveryError) -> Target
  ) throws(Failure) {
    let report = DeliveryReport(place: place)
    let stop = StopFlag()
    StopSignal.raising(stop)
    let counts: DeliveryCounts
    do throws(DeliveryError) {
      let loop = try DeliveryLoop(
        to: try open(), delivery, kafka: brokers, shouldStop: { stop.isRaised }, tell: { report.note($0) })
      counts = try loop.run()
    } catch {
      report.finish()
      throw Failure(message: error.description)
    }
    report.finish()
    Terminal.output.write(report.lastLine(counts, asJSON: asJSON))
  }
}

/// Opens the warehouse, for a loop that delivers into it.
func openWarehouse(_ path: String) throws(DeliveryError) -> SQLiteWarehouse {
  do throws(DestinationError) {
    return try SQLiteWarehouse(path: path)
  } catch {
    throw .destination(error)
  }
}

extension DestinationFile {
  /// Reads the file of a destination, or tells every mistake in it, or which destinations there are.
  fileprivate static func load(_ name: String, _ settings: Settings) throws(Failure) -> DestinationFile {
    let folder = settings.path("ops/destinations")
    let path = "\(folder)/\(name).yaml"
    guard !name.contains("/"), Files.exists(path) else { throw unknown(name, path, in: folder) }
    let document: Document
    do throws(Files.Problem) {
      document = Document(bytes: try Files.read(path), file: path)
    } catch {
      throw Failure(error, doing: "read the destination")
    }
    let (destination, diagnostics) = read(document)
    guard let destination else {
      let text = diagnostics.sorted().map(\.description).joined(separator: "\n")
      throw Failure(message: "the destination '\(name)' cannot be used\n\(text)")
    }
    return destination
  }

  private static func unknown(_ name: String, _ path: String, in folder: String) -> Failure {
    let files = (try? Files.names(in: folder, ending: ".yaml")) ?? []
    let names = files.map { String($0.dropLast(5)) }
    var advice = "There are: \(names.joined(separator: ", "))."
    if names.isEmpty { advice = "Give --project, the folder that holds ops/destinations." }
    if let nearest = NearestWord.of(name, among: names) { advice = "Did you mean '\(nearest)'? " + advice }
    return Failure(message: "there is no destination '\(name)': \(path) does not exist", advice: advice)
  }
}

/// Tells what happens while records are delivered.
private final class DeliveryReport {
  private let place: String
  private let log = Log { Terminal.error.write($0) }
  private let startedMs = Progress.nowMs()
  private var progress: Progress? = Progress()
  private var rejected = 0
  /// So many rejected records are told one by one.
  private static let told = 100

  init(place: String) { self.place = place }

  func note(_ event: DeliveryEvent) {
    switch event {
    case .assigned: break
    case .delivered(let counts):
      progress?.update {
        "\(Figures.counted(counts.changes, "change")), \(Figures.counted(counts.repeats, "repeat")), "
          + "\(Figures.grouped(counts.rejected)) rejected"
      }
    case .rejected(let partition, let offset, let reason):
      rejected += 1
      guard rejected <= Self.told else { return }
      log(
        .warning, "record rejected",
        ["topic": partition.topic, "partition": "\(partition.partition)", "offset": "\(offset)", "reason": reason])
    case .waiting(let error, let ms):
      log(.warning, "destination cannot take a batch", ["reason": error.sentence, "again_in_ms": "\(ms)"])
    case .trouble(let error): log(.warning, "trouble with Kafka", ["reason": error.description])
    case .missing(let partition, let from, let to):
      log(
        .error, "records were deleted from the topic before they were delivered",
        ["topic": partition.topic, "partition": "\(partition.partition)", "from": "\(from)", "to": "\(to)"])
    }
  }

  /// Takes the progress line away.
  func finish() {
    progress.take()?.finish()
    if rejected > Self.told {
      log(.warning, "further records rejected", ["count": "\(rejected - Self.told)"])
    }
  }

  func lastLine(_ counts: DeliveryCounts, asJSON: Bool) -> String {
    let tookMs = Progress.nowMs() - startedMs
    if asJSON {
      return "{\"changes\":\(counts.changes),\"repeats\":\(counts.repeats),\"late\":\(counts.late),"
        + "\"rejected\":\(counts.rejected),\"missing\":\(counts.missing),\"erased\":\(counts.erased),\"ms\":\(tookMs)}\n"
    }
    var line = "\(Figures.counted(counts.changes, "change")), \(Figures.counted(counts.repeats, "repeat")), "
    line += "\(Figures.grouped(counts.rejected)) rejected"
    if counts.erased > 0 { line += ", \(Figures.counted(counts.erased, "profile")) erased" }
    if counts.late > 0 { line += ", \(Figures.grouped(counts.late)) late" }
    if counts.missing > 0 { line += ", \(Figures.grouped(counts.missing)) missing from the topic" }
    return "\(line) into \(place) in \(Figures.seconds(ms: tookMs))\n"
  }
}
