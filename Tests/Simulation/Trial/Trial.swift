import Audiences
import Events
import Judge
import Kafka
import Pipeline
import ProfileStore

/// One run: a shop, its log, processes, faults; and then what everybody sees is held against the definition.
package final class Trial {
  package let options: TrialOptions
  let world: Surroundings
  let shop: TestShop
  /// The definitions that there are one after the other: those of the shop, and what they are changed to.
  let shops: [TestShop]
  /// Which of them are in the project's folder now.
  private(set) var latest = 0
  private var chance: Dice
  private var processes: [TrialProcess] = []
  /// When all were asked to end.
  private(set) var stoppedAtMs: Int64 = 0
  /// Those who have successors of their names.
  private var retired: [TrialProcess] = []
  private var writes: [(atMs: Int64, partition: TopicPartition, record: Outgoing)] = []
  private let isTracing: Bool
  /// How often things came about, by their names.
  private(set) var marks: [String: Int] = [:]

  static let app = "sim"
  static let input = "events"
  static let rejected = "rejected"
  static let outputs = ["audience.warehouse", "audience.ads", "audience.members"]
  static let loadMs: Int64 = 8000
  /// So long after the last fault everything must be done.
  private static let patienceMs: Int64 = 180_000
  /// With a wall clock: the first of January 2026, and so many times as fast as time.
  static let originMs: Int64 = 1_767_225_600_000
  private static let speed = 24_000.0
  private static let settle = "16h"
  /// Without one, nothing is due by this: the year 1.
  private static let longAgo = Instant(ms: -62_135_596_800_000)

  /// - Parameter isTracing: whether it prints what happens, as it happens.
  package init(seed: UInt64, isTracing: Bool = false) throws {
    let options = TrialOptions(seed: seed)
    var chance = Dice(seed: seed &* 2)
    self.options = options
    (shop, shops) = try Self.shops(options, &chance)
    self.chance = chance
    self.isTracing = isTracing
    world = Surroundings(Schedule(seed: seed), originMs: Self.originMs)
    let cluster = world.cluster
    cluster.create(Self.input, partitions: options.partitions)
    for topic in Self.outputs { cluster.create(topic, partitions: 3) }
    cluster.create("\(Self.app).usher.profiles", partitions: options.partitions)
    cluster.create(Self.rejected, partitions: 1)
    if options.edits > 0, options.isSlow { cluster.mostPerFetch[Self.input] = 1 }
  }

  private static func shops(
    _ options: TrialOptions, _ chance: inout Dice
  ) throws -> (first: TestShop, all: [TestShop]) {
    if options.edits == 0 || options.hasWallClock {
      let shop = try shop(options, &chance)
      return (shop, [shop] + (try (0..<options.edits).map { _ in try variant(of: shop, &chance) }))
    }
    let forms: Forms = options.seed % 8 < 2 ? [.spells, .suppression, .groups] : .all
    var drawn = RandomShop.draw(seed: options.seed, forms: forms)
    drawn.untilMs = nil
    var shops = [try TestShop(drawn)]
    for edit in 0..<options.edits {
      if edit > 0, chance.perMille(300) {
        // Somebody takes the last change back.
        shops.append(shops[shops.count - 2])
        continue
      }
      var next = RandomShop.successor(of: drawn, forms: forms, seed: options.seed &* 31 &+ UInt64(edit))
      next.untilMs = nil
      // What does not read, such as a condition on a trait that has another type by now, is left out.
      if let shop = try? TestShop(next) { shops.append(shop) }
    }
    return (shops[0], shops)
  }

  /// The shop with other definitions.
  private static func variant(of shop: TestShop, _ chance: inout Dice) throws -> TestShop {
    var next = shop.asCase
    let gone = next.definitions[chance.below(next.definitions.count)].key
    next.definitions = Workload.changed(
      without: gone, purchasedWithin: Span(chance.from(1...12), .days), lookedWithin: Span(chance.from(1...72), .hours))
    return try TestShop(next, settle: settle)
  }

  private static func shop(_ options: TrialOptions, _ chance: inout Dice) throws -> TestShop {
    guard options.hasWallClock || chance.perMille(500) else {
      var drawn = RandomShop.draw(seed: options.seed)
      drawn.untilMs = nil
      return try TestShop(drawn)
    }
    let workload = try TestShop(
      events: 100 + chance.below(300), profiles: 8 + chance.below(40), seed: options.seed)
    return options.hasWallClock ? try TestShop(workload.asCase, settle: settle) : workload
  }

  /// Runs to the end.
  /// - Returns: what is wrong; nil where nothing is.
  package func run() -> String? {
    writeInput()
    processes = (0..<options.processes).map { TrialProcess(self, number: $0) }
    for process in processes { process.start() }
    world.cluster.disturbancePerMille = options.disturbancePerMille
    world.diskTroublePer100k = options.diskTroublePer100k
    planFaults()
    world.schedule.sleep(ms: Self.loadMs + 2000)
    world.cluster.disturbancePerMille = 0
    world.diskTroublePer100k = 0
    let isDone = sleepUntil(patienceMs: Self.patienceMs) { self.isEverythingRead }
    trace(isDone ? "everything is read" : "waited in vain")
    if options.hasWallClock { world.schedule.sleep(ms: 6000) }
    stoppedAtMs = world.schedule.nowMs
    for process in processes + retired { process.stop(forGood: true) }
    let hasEnded = sleepUntil(patienceMs: 60_000) { !(self.processes + self.retired).contains(where: \.isRunning) }
    world.schedule.sleep(ms: 1000)
    let verdict = isDone && hasEnded ? Verdict(self).problem : nil
    for process in processes + retired { process.process.kill() }
    world.schedule.sleep(ms: 200_000)
    collectMarks()
    let standing = standing
    // They know the trial, and it them.
    (processes, retired) = ([], [])
    if !isDone { return "not everything was read: \(standing)" }
    if !hasEnded { return "a process does not end" }
    return verdict
  }

  private func sleepUntil(patienceMs: Int64, _ isTrue: () -> Bool) -> Bool {
    let endMs = world.schedule.nowMs + patienceMs
    while !isTrue() {
      if world.schedule.nowMs >= endMs { return false }
      world.schedule.sleep(ms: 250)
    }
    return true
  }

  private var isEverythingRead: Bool {
    inputPartitions.allSatisfy {
      (world.cluster.groups.committed($0, group: Self.app) ?? 0) == world.cluster.log($0).end
    } && world.cluster.transactions.areAllEnded && isLatestInForce
  }

  /// Whether the latest definitions are in force everywhere, and everybody is adopted.
  private var isLatestInForce: Bool {
    if shops.count == 1 { return true }
    let number = PlanDictionary(shops[shops.count - 1].plan).number
    return (0..<options.partitions).allSatisfy { partition in
      let log = world.cluster.log(TopicPartition("\(Self.app).usher.profiles", Int32(partition)))
      guard let value = log.committed.last(where: { $0.entry.key == [] })?.entry.value,
        let plans = value.withUnsafeBytes({ try? TaskRecord(Bytes($0)).plans })
      else { return true }
      return plans == PlanStanding(inForce: number)
    }
  }

  private var standing: String {
    inputPartitions.map {
      "\($0) \(world.cluster.groups.committed($0, group: Self.app) ?? 0) of \(world.cluster.log($0).end)"
    }
    .joined(separator: ", ") + "; " + (processes + retired).flatMap(\.errors).suffix(3).joined(separator: "; ")
  }

  var inputPartitions: [TopicPartition] { (0..<options.partitions).map { TopicPartition(Self.input, Int32($0)) } }
  var folders: [SimulatedFolder] { (processes + retired).map(\.disk) }

  // MARK: What comes in

  private func writeInput() {
    let records = shop.records
    let firstMs = options.hasWallClock ? shop.timeMs(of: 0) : 0
    for (number, record) in records.enumerated() {
      let atMs: Int64
      if options.hasWallClock {
        // Each is written when it happens.
        atMs = Int64(Double(max(0, shop.timeMs(of: number) - firstMs)) / Self.speed)
      } else {
        atMs = chance.perMille(300) ? 0 : Self.loadMs * Int64(number) / Int64(records.count)
      }
      let partition = partition(of: record)
      // They keep their order.
      writes.append((atMs: max(atMs, writes.last?.atMs ?? 0), partition, record))
    }
    writeNext(0)
  }

  private func writeNext(_ number: Int) {
    guard number < writes.count else { return }
    let write = writes[number]
    world.schedule.at(write.atMs) { [self] in
      world.cluster.log(write.partition)
        .append(
          key: write.record.key.map { Array($0.utf8) }, value: write.record.value.map { Array($0.utf8) },
          timestampMs: write.record.recordedMs ?? 0)
      writeNext(number + 1)
    }
  }

  private func partition(of record: Outgoing) -> TopicPartition {
    let number = record.key.map { Murmur2.partition(of: Array($0.utf8), among: options.partitions) } ?? 0
    return TopicPartition(Self.input, Int32(number))
  }

  func settings(process: Int) -> LaneSettings {
    var settings = LaneSettings(kafka: KafkaSettings(bootstrapServers: "simulated"), app: Self.app)
    settings.instance = "\(process)"
    settings.input = Self.input
    settings.rejected = "rejected"
    settings.lanes = options.lanes
    settings.sharing = options.isGroup ? .group : .fixed(process: process, processes: options.processes)
    settings.commitIntervalMs = options.commitIntervalMs
    settings.commitSize = options.commitSize
    if options.isSlow {
      settings.successionPace.recordsPerLook = 1
      (settings.successionPace.sliceMs, settings.successionPace.idleSliceMs) = (1, 1)
      settings.successionPace.profilesAtOnce = 1
      settings.successionPace.keepEachMs = 20
    }
    settings.wallClock =
      options.hasWallClock
      ? .running(from: Instant(ms: shop.timeMs(of: 0)), speed: Self.speed, startedAt: Instant(ms: Self.originMs))
      : .running(from: Self.longAgo, speed: 1, startedAt: Instant(ms: Self.originMs))
    return settings
  }

  // MARK: What goes wrong

  private func planFaults() {
    for _ in 0..<options.kills { plan { $0.kill() } }
    for _ in 0..<options.pauses {
      let forMs: Int64 = chance.from(200...6000)
      plan { $0.pause(forMs: forMs) }
    }
    for _ in 0..<options.replacements {
      let forMs: Int64 = chance.from(1000...14_000)
      plan { [self] in replace($0, forMs: forMs) }
    }
    for _ in 0..<options.stops { plan { $0.stop(forGood: false) } }
    for _ in 0..<options.outages {
      let forMs: Int64 = chance.from(100...4000)
      world.schedule.at(chance.from(0...Self.loadMs)) { [self] in
        trace("the brokers are away for \(forMs) ms")
        world.cluster.breakDown(forMs: forMs)
      }
    }
    planEdits()
    guard options.compacts else { return }
    for _ in 0..<3 {
      world.schedule.at(chance.from(0...Self.loadMs)) { [self] in
        for number in 0..<options.partitions {
          let log = world.cluster.log(TopicPartition("\(Self.app).usher.profiles", Int32(number)))
          log.compact(below: log.stableEnd)
        }
      }
    }
  }

  /// Somebody changes the definitions, and has the processes start again with them, one after the other.
  private func planEdits() {
    var edits: [Int64] = shops.dropFirst().map { _ in chance.from(0...Self.loadMs) }
    if options.isHasty {
      for place in edits.indices.dropFirst() { edits[place] = edits[place - 1] + chance.from(1...1000) }
    }
    for atMs in edits.sorted() {
      let delays: [Int64] = processes.map { _ in chance.from(0...(options.isHasty ? 500 : 6000)) }
      world.schedule.at(atMs) { [self] in
        latest += 1
        trace("the definitions are changed to \(latest)")
        for (number, delay) in delays.enumerated() {
          world.schedule.after(delay) { [self] in processes[number].stop(forGood: false) }
        }
      }
    }
  }

  /// A process that is about to follow other definitions dies over it.
  private func mayKillSoon(_ process: TrialProcess) {
    guard marks["kills while definitions change", default: 0] < 4, chance.perMille(500) else { return }
    mark("kills while definitions change")
    world.schedule.after(chance.from(1...400)) { process.kill() }
  }

  /// Whether two of the definitions mean the same.
  func isLike(_ one: Int, _ two: Int) -> Bool {
    PlanDictionary(shops[one].plan).number == PlanDictionary(shops[two].plan).number
  }

  /// Whether profiles are erased: their changes are counted from 1 again then.
  var hasErasures: Bool { shop.lines.contains { $0.contains("\"delete\"") } }

  /// Somebody takes a process that stands still for dead, and starts another one of its name on another machine.
  private func replace(_ former: TrialProcess, forMs: Int64) {
    guard former.isRunning, let place = processes.firstIndex(where: { $0 === former }) else { return }
    former.pause(forMs: forMs)
    former.retire()
    retired.append(former)
    let successor = TrialProcess(self, number: former.number)
    processes[place] = successor
    world.schedule.after(chance.from(0...1500)) { successor.start() }
  }

  private func plan(_ fault: @escaping (TrialProcess) -> Void) {
    let (atMs, number) = (chance.from(0...Self.loadMs), chance.below(options.processes))
    world.schedule.at(atMs) { [self] in fault(processes[number]) }
  }

  // MARK: What is told

  func note(_ event: LaneEvent, process: Int, lane: Int) {
    switch event {
    case .committed: mark("commits")
    case .aborted: mark("aborts")
    case .released(_, let lost): mark(lost ? "partitions lost" : "partitions released")
    case .fenced: mark("writers fenced")
    case .storeSetAside: mark("stores set aside")
    case .restored(_, _, let records, _): mark(records == 0 ? "restored, nothing new" : "restored, something new")
    case .trouble: mark("troubles")
    case .definitionsChanged(_, let needsLog, _):
      mark(needsLog ? "definitions that need the log" : "definitions that need no log")
      if options.isHasty { mayKillSoon(processes[process]) }
    case .newerDefinitions: mark("processes with older definitions than their partitions")
    case .definitionsInForce: mark("definitions that came into force")
    default: break
    }
    if isTracing, !isCommit(event) { trace("process \(process) lane \(lane): \(event)") }
  }

  private func isCommit(_ event: LaneEvent) -> Bool {
    if case .committed = event { true } else { false }
  }

  private func collectMarks() {
    marks["kills"] = options.kills
    marks["pauses"] = options.pauses
    marks["processes replaced while they stood still"] = retired.count
    marks["requests not answered"] = world.unanswered
    marks["requests done late"] = world.late
    marks["outages"] = world.cluster.outages
    marks["rebalances"] = world.cluster.groups.rebalances
    marks["transactions timed out"] = world.cluster.transactions.timeouts
    marks["disks damaged"] = world.damages
    marks["processes that gave up"] = (processes + retired).reduce(0) { $0 + $1.errors.count }
  }

  private func mark(_ name: String) { marks[name, default: 0] += 1 }

  func trace(_ text: @autoclosure () -> String) {
    if isTracing { print("\(world.schedule.nowMs) ms: \(text())") }
  }
}
