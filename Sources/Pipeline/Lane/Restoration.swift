internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// Fills tasks from the changelog, each from where its store stands, if it has one, up to its last stable offset, which must be its end: nobody else may be writing.
struct Restoration<World: LaneWorld>: ~Copyable {
  private let world: World
  private let settings: LaneSettings
  private let beginnings: [Int32: Int64]
  private let plans: LanePlans
  private let stop: StopFlag
  private let progress: LaneProgress
  /// A consumer of its own, for the offsets too: that of the lane may have lost sight of its group in an outage, and finds
  /// it again only while it is polled.
  private let consumer: World.Reader
  private var filling: [TopicPartition: Filling<World>] = [:]
  /// How many records were read, and how far that is.
  private(set) var reading = RestoreProgress()
  private var beganMs: Int64 = 0
  private var tellAtMs: Int64 = 0

  private static var timeoutMs: Int32 { 30_000 }
  private static var tellEachMs: Int64 { 1000 }
  /// How often it looks at the time while records keep coming.
  private static var recordsPerLook: Int { 256 }
  /// How long a state that was committed may stay unseen, beyond the time after which brokers end a transaction of a
  /// process that stands still.
  private static var graceMs: Int64 { 15_000 }

  init(
    _ world: World, _ settings: LaneSettings, _ ground: LaneGround, _ plans: LanePlans, _ stop: StopFlag,
    _ progress: LaneProgress
  ) throws(KafkaError) {
    self.world = world
    self.settings = settings
    beginnings = ground.beginnings
    self.plans = plans
    self.stop = stop
    self.progress = progress
    var options = ConsumerOptions(group: settings.app)
    options.withoutOffset = .beginning
    consumer = try world.reader(options, waitMs: 10)
  }

  deinit { consumer.close(timeoutMs: 5000) }

  /// Reads the states of some partitions of the input: first the group's stable offsets, then the changelog, so that what
  /// was written together with the offsets is there. It may end too early where somebody is still to be fenced.
  ///
  /// - Throws: `KafkaError`, `LaneError` where a transaction hides the end, or `StopAsked`.
  mutating func read(
    _ partitions: [TopicPartition], into stores: [TopicPartition: World.Store],
    former: [TopicPartition: PartitionTask<World.Store>], of identity: TaskWriter, mustFence: (TaskWriter) -> Bool,
    tell: (RestoreProgress) -> Void
  ) throws {
    beganMs = world.monotonicMs()
    tellAtMs = beganMs + Self.tellEachMs
    let committed = try consumer.committed(partitions, timeoutMs: Self.timeoutMs)
    for partition in partitions {
      filling[partition] = try Filling(
        world, plans.own, partition, committed: committed[partition],
        beginning: beginnings[partition.partition] ?? 0, store: stores[partition], former: former[partition],
        identity: identity)
    }
    try consumer.assignAtOnce(filling.map { (changelog($0), $1.start) }, timeoutMs: Self.timeoutMs)
    try readToTheEnds(mustFence, tell)
  }

  /// Whether what a store holds can be followed up: the changelog must have what comes next.
  func hasWhatFollows(_ position: StorePosition, _ partition: TopicPartition) throws(KafkaError) -> Bool {
    let range = try consumer.watermarks(changelog(partition), timeoutMs: Self.timeoutMs)
    return position.changelogOffset >= range.low && position.changelogOffset <= range.high
  }

  private func changelog(_ partition: TopicPartition) -> TopicPartition {
    TopicPartition(settings.changelog, partition.partition)
  }

  /// Who wrote the states that were read.
  var writers: Set<TaskWriter> { Set(filling.values.compactMap(\.writer)) }

  /// The tasks that the states make up; to be asked once.
  ///
  /// - Throws: `LaneError` where the state does not fit the definitions or the offsets, or `StoreError`.
  func tasks() throws -> [TopicPartition: PartitionTask<World.Store>] {
    var tasks: [TopicPartition: PartitionTask<World.Store>] = [:]
    for (partition, filled) in filling {
      tasks[partition] = try task(partition, filled)
      progress.step()
    }
    return tasks
  }

  /// Reads on in each partition up to where `own` has signed it.
  /// - Returns: who else has signed there meanwhile.
  mutating func writers(before own: TaskWriter) throws -> Set<TaskWriter> {
    var others: Set<TaskWriter> = []
    var unsigned = Set(filling.keys.map(\.partition))
    while !unsigned.isEmpty {
      if stop.isRaised { throw StopAsked() }
      guard case .message(let message) = try poll() else { continue }
      guard let key = message.key, key.isEmpty, let value = message.value else { continue }
      guard let writer = try? TaskRecord(Bytes(value)).writer else { continue }
      if writer == own { unsigned.remove(message.partition) } else { others.insert(writer) }
    }
    return others
  }

  /// Reads to the ends. A transaction ends in each partition by itself: the group's offsets may be there a moment before
  /// the state that was committed with them, and then that is waited for. So is a transaction that is open still: it is
  /// a former owner's, which can no longer commit it, but may hide what was committed after it had begun.
  private mutating func readToTheEnds(
    _ mustFence: (TaskWriter) -> Bool, _ tell: (RestoreProgress) -> Void
  ) throws {
    var unread = Set(filling.keys.map(\.partition))
    let filling = Dictionary(uniqueKeysWithValues: filling.map { ($0.key.partition, $0.value) })
    // What readers of committed records see the end of, and those of them where nothing is hidden behind it.
    var ended: Set<Int32> = []
    var complete: Set<Int32> = []
    var waitUntilMs: Int64 = .max
    while !unread.isEmpty {
      if stop.isRaised { throw StopAsked() }
      switch try poll() {
      case .message(let message):
        reading.records += 1
        reading.bytes += (message.key?.count ?? 0) + (message.value?.count ?? 0)
        if reading.records % Self.recordsPerLook == 0 { look(tell) }
        progress.step()
        ended.remove(message.partition)
        complete.remove(message.partition)
        try filling[message.partition]?.take(message)
      case .endOfPartition(let partition, let offset):
        ended.insert(partition.partition)
        filling[partition.partition]?.note(end: offset)
        if offset >= consumer.fetchedEnd(partition) ?? 0 { complete.insert(partition.partition) }
      default: break
      }
      unread.subtract(complete.filter { filling[$0]?.isUpToDate ?? true })
      guard unread.isSubset(of: ended) else { continue }
      // Who is still at work has a transaction open most of the time.
      if writers.contains(where: mustFence) { return }
      let nowMs = world.monotonicMs()
      if waitUntilMs == .max { waitUntilMs = nowMs + Self.graceMs + settings.transactionTimeoutMs }
      guard nowMs >= waitUntilMs else { continue }
      guard unread.isSubset(of: complete) else { throw hidden(unread.subtracting(complete)) }
      return
    }
  }

  /// Tells how far it is, now and then.
  private mutating func look(_ tell: (RestoreProgress) -> Void) {
    let nowMs = world.monotonicMs()
    guard nowMs >= tellAtMs else { return }
    tellAtMs = nowMs + Self.tellEachMs
    reading.tookMs = nowMs - beganMs
    (reading.offsets, reading.allOffsets) = (0, 0)
    for (partition, filling) in filling {
      let passed = filling.passedOffsets
      reading.offsets += passed
      let end = consumer.fetchedEnd(changelog(partition)) ?? 0
      reading.allOffsets += passed + max(0, end - (filling.nextOffset ?? 0))
    }
    tell(reading)
  }

  private func hidden(_ partitions: Set<Int32>) -> LaneError {
    let list = partitions.sorted().map { "\(TopicPartition(settings.changelog, $0))" }.joined(separator: ", ")
    return LaneError(
      "a transaction of another process is open in \(list) for longer than brokers wait here",
      advice: "look for a process of the application that stands still, or for one with a longer transaction.timeout.ms"
    )
  }

  private func poll() throws(KafkaError) -> Polled {
    do {
      return try consumer.poll(timeoutMs: 100)
    } catch {
      guard error.fate == .retry else { throw error }
      return .nothing
    }
  }

  private func task(_ partition: TopicPartition, _ filled: Filling<World>) throws -> PartitionTask<World.Store> {
    let changelog = changelog(partition)
    let committed = filled.committed
    let assembly = TaskAssembly(filling: filled, plans: plans, changelog: changelog, nowMs: world.monotonicMs())
    guard let record = filled.record else {
      guard committed == nil else {
        throw LaneError(
          "group '\(settings.app)' has read \(partition) up to offset \(committed ?? 0), but \(changelog) holds no state",
          advice: "give --app another name to begin afresh, or delete the group's offsets")
      }
      return try assembly.task()
    }
    guard record.plans != nil || record.planHash == plans.own.plan.hash else {
      throw LaneError(
        "\(changelog) was kept by a version of Usher that did not tell its definitions, and those of today are others",
        advice: "run once with the definitions that it was kept under, and then with those of today; or give --app "
          + "another name: it reads the events from the start")
    }
    if let problem = filled.problem {
      throw LaneError("\(changelog) cannot be read at offset \(problem.offset): \(problem.error)")
    }
    // The two were committed in one transaction. The group's offset may be gone: brokers forget those of idle groups.
    // By arithmetic, somebody who has taken the task over without knowing how far it was may have set the offset back.
    let isBehind = settings.share != nil && committed ?? 0 < record.nextOffset
    guard committed == nil || committed == record.nextOffset || isBehind else {
      throw LaneError(
        "group '\(settings.app)' stands at offset \(committed ?? 0) of \(partition), but its state in \(changelog) at "
          + "\(record.nextOffset)",
        advice: "somebody has set the group's offsets; set them back, or give --app another name")
    }
    return try assembly.task()
  }
}
