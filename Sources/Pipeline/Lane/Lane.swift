internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// A lane: a thread with its own consumer and its own transactional producer, and a task for each partition it owns
/// (architecture.md, "How a lane works").
///
/// Changes, the states of the profiles that they come from, and the offsets of the records that brought them are
/// committed together. State is in memory, and read from the changelog when a partition is taken over.
package final class Lane<World: LaneWorld> {
  let world: World
  let settings: LaneSettings
  let plans: LanePlans
  let stop: StopFlag
  let observe: (LaneEvent) -> Void

  let consumer: World.Reader
  var writer: LaneWriter<World>
  let ground: LaneGround
  private let gate: EndGate
  let progress: LaneProgress
  var tasks: [TopicPartition: PartitionTask<World.Store>] = [:]
  /// The same tasks by their partitions' numbers: a look-up for each record.
  var taskOfPartition: [PartitionTask<World.Store>?] = []
  var totals: LaneTotals

  /// The profiles on disk of the partitions that are this lane's; none where all are in memory.
  var stores: [TopicPartition: World.Store] = [:]
  /// When it may be asked again up to where the changelog is in the stores.
  var askChangelogMs: Int64 = 0
  /// Reads the log once more for plans that are to be in force; nil where there is none.
  var logReader: World.Reader?
  /// When it may be told again how far that is.
  var tellFillingAtMs: Int64 = 0

  /// How many stores were of no use, and were set aside.
  var storesSetAside = 0

  /// What the group gave and the lane has not taken up yet; nil where nothing waits.
  var awaited: [TopicPartition]?
  /// Whether the lane has taken up what it was given.
  var hasShare = false

  /// Which partitions are this lane's by arithmetic; nil where the group decides.
  let share: FixedShare?
  /// How the lane signs what it writes. Each taking over by arithmetic has a session of its own.
  var identity: TaskWriter
  /// Those who wrote the partitions' states before, and can no longer.
  var fenced: Set<TaskWriter> = []

  /// Records that the open transaction holds the work of, and their changes.
  var openSize = 0
  var hasOpenWork = false
  var commitDueMs: Int64 = .max
  /// The totals as the last commit left them: what comes after may still be undone.
  var settledTotals: LaneTotals
  var hasBegun = false
  var failures = Failures()
  /// Whether large rejected records are kept without their value: their topic has refused one.
  var cutsRejected = false
  var ends = EndWatch()

  /// How often the lane looks at the time and at its flag while records keep coming.
  private static var recordsPerLook: Int { 256 }

  /// Prepares a lane, and fences whoever ran under its name.
  package init(
    _ world: World, _ settings: LaneSettings, _ definitions: Definitions, _ ground: LaneGround, _ gate: EndGate,
    _ progress: LaneProgress,
    stop: StopFlag,
    observe: @escaping (LaneEvent) -> Void
  ) throws(LaneError) {
    self.world = world
    self.settings = settings
    plans = LanePlans(definitions)
    self.ground = ground
    self.gate = gate
    self.progress = progress
    self.stop = stop
    self.observe = observe
    share = settings.share
    identity = TaskWriter(transactionalId: settings.transactionalId, session: world.randomNumber())
    totals = LaneTotals(audiences: definitions.plan.audiences.count)
    settledTotals = totals
    var options = ConsumerOptions(group: settings.app, groupInstanceId: share == nil ? settings.memberName : nil)
    // The lane knows where it must start. Where that is gone, to begin elsewhere would lose records without a word.
    options.withoutOffset = .fail
    do throws(KafkaError) {
      writer = try LaneWriter(world, settings, ground)
      consumer = try world.reader(options, waitMs: 100)
    } catch {
      throw LaneError(error)
    }
  }

  /// Works until the flag is raised, or, where the settings say so, until everything that is there is done.
  package func run() throws(LaneError) {
    defer { close() }
    var hasJoined = false
    while !stop.isRaised {
      do {
        if !hasJoined {
          hasJoined = true
          try join()
        }
        if try work() { break }
      } catch let error as KafkaError {
        try recover(from: error)
      } catch let error as StoreError {
        try recover(from: error)
      } catch let error as LaneError {
        throw error
      } catch is StopAsked {
        break
      } catch {
        preconditionFailure("an error of another type: \(error)")
      }
    }
    try finish()
    observe(.ended(totalsNow()))
  }

  /// Comes to partitions: sooner or later from the group, or at once by arithmetic.
  private func join() throws {
    guard share != nil else { return try consumer.subscribe([settings.input]) }
    try takeOver(fixedPartitions)
  }

  /// Takes records until it is time to look up, then sees to the clock and the commit. True when all is done.
  private func work() throws -> Bool {
    progress.enter(.reading)
    try followDefinitions()
    var isDrained = false
    for _ in 0..<Self.recordsPerLook where !isDrained && openSize < settings.commitSize {
      isDrained = try !take(waitMs: isFilling ? 0 : hasOpenWork ? 1 : 20)
    }
    let nowMs = world.monotonicMs()
    if !settings.endsAtEnd, mayMoveIdleClocks(isDrained: isDrained, nowMs: nowMs) { try moveIdleClocks() }
    if isFilling { try readLog(isDrained: isDrained, nowMs: nowMs) }
    if hasOpenWork, nowMs >= commitDueMs || openSize >= settings.commitSize { try commit() }
    guard settings.endsAtEnd else { return false }
    if isEverythingRead, hasOpenWork { try commit() }
    return gate.note(settings.lane, isDone: isEverythingRead)
  }

  /// Whether the lane has its share of the partitions, which may be none, and stands at their ends.
  private var isEverythingRead: Bool {
    hasShare && tasks.values.allSatisfy { $0.isAtEnd && $0.followsDefinitions && $0.successor == nil }
  }

  /// Takes one record or event; false where there is none for now.
  private func take(waitMs: Int32) throws -> Bool {
    switch try poll(consumer, waitMs: waitMs) {
    case .message(let message): try apply(message)
    case .endOfPartition(let partition, let offset): try note(endOf: partition, at: offset)
    case .assigned(let partitions):
      try takeOver(partitions)
      progress.enter(.reading)
      // Nothing may be read of a partition whose profiles are not all under its plan yet.
      try followDefinitions()
    case .revoked(let partitions, let lost): try release(partitions, lost: lost)
    case .nothing:
      if let trouble = consumer.connectionTrouble { observe(.trouble(trouble)) }
      return false
    }
    return true
  }

  /// What passes by itself loses nothing: the consumer goes on reading where it was.
  func poll(_ reader: World.Reader, waitMs: Int32) throws(KafkaError) -> Polled {
    do {
      return try reader.poll(timeoutMs: waitMs)
    } catch {
      guard error.fate == .retry else { throw error }
      observe(.trouble(error))
      return .nothing
    }
  }

  /// Commits what is open, and tells the group.
  private func finish() throws(LaneError) {
    do {
      try keepWhatWasReadOfLog()
      if hasOpenWork { try commit() }
      try settleStores()
    } catch let error as KafkaError {
      throw LaneError(error)
    } catch let error as StoreError {
      throw LaneError(error)
    } catch {
      preconditionFailure("an error of another type: \(error)")
    }
  }

  private func close() {
    progress.enter(.closing)
    logReader?.close(timeoutMs: 5000)
    writer.close()
    if settings.leavesGroup, share == nil, !consumer.leave(timeoutMs: 2000) { observe(.stayedInGroup) }
    consumer.close(timeoutMs: 5000)
  }
}
