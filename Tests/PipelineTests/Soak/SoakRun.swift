import Foundation
import Judge
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

/// Real brokers, real processes, a steady stream of events, and one fault after the other. Whatever comes of it must be
/// what an undisturbed run over the same log gives.
final class SoakRun {
  let settings: SoakSettings
  let diary = SoakDiary()
  private let kafka: RealKafka
  private let proxy: KafkaProxy
  private let topics: RealTopics
  private let shop: TestShop
  private let project: ProjectFolder
  private let fleet: SoakFleet
  private let gauge: SoakGauge
  /// The logs of all processes and their profiles. It stays where something went wrong.
  private let root: String

  /// So long the pipeline may need after the last fault until everything is done.
  private static let drainSeconds = 180

  init(_ settings: SoakSettings) throws {
    self.settings = settings
    diary.note("\(settings)")
    kafka = try RealKafka(brokers: settings.brokers, secure: false)
    diary.note("\(settings.brokers) brokers at \(kafka.bootstrapServers)")
    proxy = try KafkaProxy(before: kafka)
    topics = try RealTopics(on: kafka, partitions: settings.partitions)
    shop = try TestShop(events: 0)
    project = try ProjectFolder(shop.files)
    root = FileManager.default.temporaryDirectory.appending(path: "usher-soak-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    fleet = SoakFleet(settings, topics, project, bootstrap: proxy.bootstrapServers, root: root, diary)
    gauge = try SoakGauge(topics, partitions: settings.partitions)
  }

  deinit {
    proxy.close()
    if diary.problems.isEmpty { try? FileManager.default.removeItem(atPath: root) }
  }

  /// Does it all, and notes in the diary what is wrong.
  func run() throws {
    try fleet.startAll()
    let writer = SoakWriter(settings, to: topics.settings.input, kafka.settings)
    gauge.awaitProgress(diary, "at the beginning")
    try disturb()
    proxy.clearFaults()
    diary.note("no more faults; what is held back comes: \(proxy.deliverHeld())")
    let written = writer.end()
    for failure in written.failures { diary.note("a new writer, because \(failure)") }
    diary.note("\(written.records) records written")
    try drain()
    for index in fleet.members.indices { fleet.ask(index) }
    let verifier = SoakVerifier(settings, kafka, topics, shop, diary)
    let (input, changes) = try verifier.verify(written)
    try verifier.auditStores((0...SoakFleet.processes).map(fleet.folder), changes, everyPartition: settings.keepsOnDisk)
    try startAfresh(verifier, changes)
    diary.note("\(input.count) records, \(changes.count) changes verified; \(tally)")
    if !diary.problems.isEmpty { diary.note("logs and profiles are kept in \(root)") }
  }

  private func disturb() throws {
    var dice = Dice(seed: settings.seed)
    var faults = SoakFaults(settings, fleet, kafka, proxy, diary, Dice(seed: settings.seed &+ 2))
    var deck: [SoakFault] = []
    for _ in 0..<settings.rounds {
      if deck.isEmpty {
        deck = dice.shuffled(settings.deck)
        gauge.awaitProgress(diary, "between faults")
      }
      try faults.happen(deck.removeLast())
      faults.pause()
      try fleet.tend()
    }
  }

  /// Waits until everything is done that was written.
  private func drain() throws {
    let end = ContinuousClock.now + .seconds(Self.drainSeconds)
    let began = diary.seconds
    var left: Int64?
    repeat {
      try fleet.tend()
      left = gauge.lag()
      if left == 0 { return diary.note("all is done \(Int(diary.seconds - began)) s after the last fault") }
      usleep(200_000)
    } while ContinuousClock.now < end
    diary.problem(
      "\(left.map { "\($0)" } ?? "an unknown number of") records are not done \(Self.drainSeconds) s after the last fault"
    )
    for member in fleet.members {
      diary.note("shop-\(member.number):\n\(member.process.said)\n\(member.process.stacks)")
    }
  }

  /// A start that has nothing but the changelog must come to the same profiles, and has nothing left to do.
  private func startAfresh(_ verifier: SoakVerifier, _ changes: [SoakInvariants.Change]) throws {
    // Members that ended keep their places until their sessions end.
    let process = try fleet.launch(
      number: 0, folder: 9, processes: 1, keepsOnDisk: true, directly: kafka.bootstrapServers, ["--until-end"])
    fleet.expect(process, toEndWith: [0], "reading the changelog afresh", "a last process")
    try verifier.auditStores([fleet.folder(9)], changes, everyPartition: true)
    let after = try read(topics.settings.warehouse, kafka.settings).count
    if after != changes.count { diary.problem("a start with nothing to do made \(after - changes.count) changes") }
  }

  private var tally: String {
    for words in ["aborted", "fenced", "lost=true", "store set aside", "restored"] {
      diary.count("log lines '\(words)'", fleet.lines(with: words))
    }
    return diary.counts
  }
}

/// How far the application is, asked without the proxy.
final class SoakGauge {
  private let consumer: Consumer
  private let partitions: [TopicPartition]

  private static let progressSeconds = 120

  init(_ topics: RealTopics, partitions: Int32) throws {
    consumer = try Consumer(topics.kafka.settings, ConsumerOptions(group: topics.settings.app))
    self.partitions = (0..<partitions).map { TopicPartition(topics.settings.input, $0) }
  }

  deinit { consumer.close(timeoutMs: 10_000) }

  /// How many records of the input are done; nil where brokers do not say.
  func done() -> Int64? { try? consumer.committed(partitions, timeoutMs: 5000).values.reduce(0, +) }

  /// How many records are there that are not done.
  func lag() -> Int64? {
    guard let done = done() else { return nil }
    let ends = try? partitions.reduce(into: Int64(0)) { $0 += try consumer.watermarks($1, timeoutMs: 5000).high }
    return ends.map { $0 - done }
  }

  /// Waits until more is done than now.
  func awaitProgress(_ diary: SoakDiary, _ when: String) {
    let end = ContinuousClock.now + .seconds(Self.progressSeconds)
    var first: Int64?
    while ContinuousClock.now < end {
      if let now = done() {
        if let first, now > first { return }
        first = first ?? now
      }
      usleep(100_000)
    }
    diary.problem("nothing was committed for \(Self.progressSeconds) s \(when)")
  }
}
