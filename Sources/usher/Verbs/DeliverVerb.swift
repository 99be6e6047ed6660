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
    "out", "PREFIX", "read PREFIX.warehouse or PREFIX.analytics, as 'run --out PREFIX' writes it")
  static let database = Option<String?>.path(
    "database", "FILE", "the embedded warehouse's file, instead of the one declared")
  static let redrive = Option.flag("redrive", "send the dead letters again that are there now, and stop")
  static let dryRun = Option.flag("dry-run", "print the requests that would be sent, secrets masked; commit nothing")
  static let untilEnd = Option.flag("until-end", "stop once all is delivered that is there now")
  static let json = Option.flag("json", "tell the last line as JSON")

  static let declaration = VerbDeclaration(
    name: "deliver", summary: "one destination's worker, from ops/destinations/NAME.yaml",
    details: [
      "Reads changes from the destination's topic and delivers them, batch by batch, until it is stopped (SIGINT or "
        + "SIGTERM: the current batch is finished). Warehouses (kind: sqlite, a file; kind: postgres, a schema of a "
        + "database) keep the offsets beside the changes, in the same transactions: the worker goes on exactly where they "
        + "stand, and what is delivered again changes nothing. Of services over HTTP (kind: webhook, segment, ga4) the "
        + "group's offsets count: after a crash a batch at most is sent again, with the same ids as before.",
      "What can never be delivered stops nothing: warehouses keep it in the table rejected_records, and of a service it goes "
        + "to the topic audience.NAME.dead, with its reason. --redrive sends it again.",
    ],
    operands: [Operand(placeholder: "NAME", kind: .text, help: "the destination's name: its file without .yaml")],
    options: Settings.kafkaOptions + [
      app.declaration, instance.declaration, out.declaration, database.declaration, redrive.declaration,
      dryRun.declaration, untilEnd.declaration, json.declaration,
    ],
    examples: [
      "usher deliver warehouse --bootstrap kafka:9092",
      "usher deliver warehouse --until-end --database today.db", "usher deliver webhook --dry-run",
      "usher deliver webhook --redrive",
    ])
}

@Sendable private func runDeliver(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  let name = arguments.operand(0) ?? ""
  let file = try DestinationFile.load(name, settings)
  let brokers = try settings.kafkaSettings()
  let delivery = DeliverySettings(arguments, name, file)
  let run = DeliveryRun(delivery, brokers, asJSON: arguments[DeliverOptions.json])
  switch file.kind {
  case .sqlite(let declared):
    try refuseForWarehouses(arguments, name)
    let path = arguments[DeliverOptions.database] ?? (declared.hasPrefix("/") ? declared : settings.path(declared))
    try run(into: path) { _ throws(DeliveryError) in try openWarehouse(path) }
  case .postgres(let conninfo, let schema):
    try refuseForWarehouses(arguments, name)
    try refuseDatabase(arguments, name, "is in PostgreSQL", advice: "Change 'url' or 'schema'", settings)
    try run(into: "schema \(schema)") { _ throws(DeliveryError) in PostgresWarehouse(conninfo, schema: schema) }
  case .service(let declaration):
    try refuseDatabase(arguments, name, "is reached over HTTP", advice: "Change 'url'", settings)
    let places = SecretPlaces(environment: Terminal.environment, folder: settings.path("."))
    try run(name, declaration, places)
  }
  return 0
}

private func refuseDatabase(
  _ arguments: Arguments, _ name: String, _ what: String, advice: String, _ settings: Settings
) throws(Failure) {
  guard arguments[DeliverOptions.database] != nil else { return }
  throw Failure(
    message: "--database names the file of an embedded warehouse, and '\(name)' \(what)",
    advice: "\(advice) in \(settings.path("ops/destinations"))/\(name).yaml.")
}

private func refuseForWarehouses(_ arguments: Arguments, _ name: String) throws(Failure) {
  guard arguments[DeliverOptions.redrive] || arguments[DeliverOptions.dryRun] else { return }
  throw Failure(
    message: "--redrive and --dry-run are for destinations over HTTP, and '\(name)' is a warehouse",
    advice: "What a warehouse cannot take is in its table rejected_records.")
}

extension DeliverySettings {
  /// What the options and the destination's file say.
  fileprivate init(_ arguments: Arguments, _ name: String, _ file: DestinationFile) {
    let (app, out) = (arguments[DeliverOptions.app], arguments[DeliverOptions.out])
    var isService = false
    if case .service = file.kind { isService = true }
    let kind = isService ? String(file.topic.split(separator: ".").last ?? "analytics") : "warehouse"
    self.init(group: Self.group(app: app, destination: name), topic: out.map { "\($0).\(kind)" } ?? file.topic)
    instance = arguments[DeliverOptions.instance]
    // What is repeated after a crash is a batch at most: those of services are small.
    batchRecords = file.batchRecords ?? (isService ? 2000 : batchRecords)
    batchMs = file.batchMs ?? batchMs
    deadTopic = isService ? "\(out ?? "audience").\(name).dead" : nil
    deliveredTopic = "\(app).usher.delivered"
    isDryRun = arguments[DeliverOptions.dryRun]
    untilEnd = arguments[DeliverOptions.untilEnd] || isDryRun
    if arguments[DeliverOptions.redrive] { redrive(app: app, destination: name) }
    // Whoever waits for the end is told of trouble that lasts; a worker that runs on sits it out.
    retryForMs = untilEnd ? 120_000 : nil
  }
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
    into place: String, _ open: (StopFlag) throws(DeliveryError) -> Target
  ) throws(Failure) {
    let report = DeliveryReport(place: place, isDryRun: delivery.isDryRun)
    let stop = StopFlag()
    StopSignal.raising(stop)
    let counts: DeliveryCounts
    do throws(DeliveryError) {
      let loop = try DeliveryLoop(
        to: try open(stop), delivery, kafka: brokers, shouldStop: { stop.isRaised }, tell: { report.note($0) })
      counts = try loop.run()
    } catch {
      report.finish()
      throw Failure(message: error.description)
    }
    report.finish()
    // The output of a dry run is the requests.
    (delivery.isDryRun ? Terminal.error : Terminal.output).write(report.lastLine(counts, asJSON: asJSON))
  }

  /// Delivers to a service.
  func callAsFunction<Declaration: ServiceDeclaration>(
    _ name: String, _ declaration: Declaration, _ places: SecretPlaces
  ) throws(Failure) {
    let show: ((String) -> Void)? = delivery.isDryRun ? { Terminal.output.write($0 + "\n") } : nil
    try self(into: "'\(name)'") { stop throws(DeliveryError) in
      do throws(DestinationError) {
        return try declaration.open(name, places, showing: show, shouldStop: { stop.isRaised })
      } catch {
        throw .destination(error)
      }
    }
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

  init(place: String, isDryRun: Bool) {
    self.place = place
    if isDryRun { progress = nil }
  }

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
        + "\"rejected\":\(counts.rejected),\"missing\":\(counts.missing),\"passed_over\":\(counts.passedOver),\"erased\":\(counts.erased),\"ms\":\(tookMs)}\n"
    }
    var line = "\(Figures.counted(counts.changes, "change")), \(Figures.counted(counts.repeats, "repeat")), "
    line += "\(Figures.grouped(counts.rejected)) rejected"
    if counts.erased > 0 { line += ", \(Figures.counted(counts.erased, "profile")) erased" }
    if counts.late > 0 { line += ", \(Figures.grouped(counts.late)) late" }
    if counts.passedOver > 0 { line += ", \(Figures.grouped(counts.passedOver)) for others" }
    if counts.missing > 0 { line += ", \(Figures.grouped(counts.missing)) missing from the topic" }
    return "\(line) into \(place) in \(Figures.seconds(ms: tookMs))\n"
  }
}
