public import Audiences
internal import Engine
internal import Events
internal import Kafka

/// A lane: a thread with its own consumer and its own transactional producer, and a task for each partition it owns
/// (architecture.md, "How a lane works").
///
/// Changes, the states of the profiles that they come from, and the offsets of the records that brought them are
/// committed together. State is in memory, and read from the changelog when a partition is taken over.
public final class Lane {
  let settings: LaneSettings
  let plan: Plan
  let stop: StopFlag
  let observe: (LaneEvent) -> Void

  let consumer: Consumer
  var writer: LaneWriter
  let keepsRejected: Bool
  var tasks: [TopicPartition: PartitionTask] = [:]
  /// The same tasks by their partitions' numbers: a look-up for each record.
  var taskOfPartition: [PartitionTask?] = []
  var intake: RecordIntake
  var totals: LaneTotals

  /// Records that the open transaction holds the work of.
  var openRecords = 0
  var hasOpenWork = false
  var commitDueMs: Int64 = .max
  var failuresInARow = 0

  /// How many transactions may fail one after the other before the lane gives up.
  private static let mostFailures = 10
  /// How often the lane looks at the time and at its flag while records keep coming.
  private static let recordsPerLook = 256

  /// Prepares a lane: checks the topics, creates the changelog's if need be, and fences whoever ran under its name.
  public init(
    _ settings: LaneSettings, plan: Plan, stop: StopFlag, observe: @escaping (LaneEvent) -> Void
  ) throws(LaneError) {
    self.settings = settings
    self.plan = plan
    self.stop = stop
    self.observe = observe
    keepsRejected = try LaneTopics(settings: settings).prepare()
    if !keepsRejected { observe(.rejectedTopicMissing(settings.rejected)) }
    intake = RecordIntake(plan)
    totals = LaneTotals(audiences: plan.audiences.count)
    do throws(KafkaError) {
      writer = try LaneWriter(settings, plan, keepsRejected: keepsRejected)
      consumer = try Consumer(
        settings.reading(waitMs: 100),
        ConsumerOptions(group: settings.app, groupInstanceId: "\(settings.app)-\(settings.instance)"))
    } catch {
      throw LaneError(error)
    }
  }

  /// Works until the flag is raised, or, where the settings say so, until everything that is there is done.
  public func run() throws(LaneError) {
    defer { close() }
    do throws(KafkaError) {
      try consumer.subscribe([settings.input])
    } catch {
      throw LaneError(error)
    }
    while !stop.isRaised {
      do {
        if try work() { break }
        failuresInARow = 0
      } catch let error as KafkaError {
        try recover(from: error)
      } catch let error as LaneError {
        throw error
      } catch {
        preconditionFailure("an error of another type: \(error)")
      }
    }
    try finish()
    observe(.ended(totalsNow()))
  }

  /// Takes records until it is time to look up, then sees to the clock and the commit. True when all is done.
  private func work() throws -> Bool {
    for _ in 0..<Self.recordsPerLook {
      if try take(waitMs: hasOpenWork ? 1 : 20) == false { break }
    }
    let nowMs = WallClock.monotonicMs()
    if !settings.endsAtEnd { try moveIdleClocks() }
    if hasOpenWork, nowMs >= commitDueMs || openRecords >= settings.commitRecords { try commit() }
    guard settings.endsAtEnd, isEverythingRead else { return false }
    if hasOpenWork { try commit() }
    return true
  }

  private var isEverythingRead: Bool { !tasks.isEmpty && tasks.values.allSatisfy(\.isAtEnd) }

  /// Takes one record or event; false where there is none for now.
  private func take(waitMs: Int32) throws -> Bool {
    switch try consumer.poll(timeoutMs: waitMs) {
    case .message(let message): try apply(message)
    case .endOfPartition(let partition, _): tasks[partition]?.isAtEnd = true
    case .assigned(let partitions): try takeOver(partitions)
    case .revoked(let partitions, let lost): try release(partitions, lost: lost)
    case .nothing:
      if let trouble = consumer.connectionTrouble { observe(.trouble(trouble)) }
      return false
    }
    return true
  }

  /// At the end of a partition time goes on without events: what is due by the wall clock happens.
  private func moveIdleClocks() throws(KafkaError) {
    let instant = Instant(ms: settings.wallClock.now().ms - plan.policy.settle.ms)
    for task in tasks.values where task.isAtEnd && task.engine.clock < instant {
      task.engine.advance(to: instant)
      if task.engine.changes.count == 0 && task.engine.dirtyCount == 0 { continue }
      try openWork()
      try drain(task, offset: task.nextOffset - 1, cause: .empty)
      task.isDirty = true
    }
  }

  /// Opens a transaction if none is open, and sets the time by which it is committed.
  func openWork() throws(KafkaError) {
    if hasOpenWork { return }
    try writer.begin()
    hasOpenWork = true
    commitDueMs = WallClock.monotonicMs() + settings.commitIntervalMs
  }

  /// After a failed transaction everything is as the last commit left it: a new producer, and tasks from the changelog.
  private func recover(from error: KafkaError) throws(LaneError) {
    failuresInARow += 1
    let isFinal: Bool =
      switch error.kind {
      case .fenced, .notAuthorized, .authentication, .settings, .topicMissing, .messageTooLarge, .offsetOutOfRange: true
      default: failuresInARow > Self.mostFailures
      }
    if isFinal { throw LaneError(error) }
    observe(.aborted(error))
    do {
      try replaceWriter()
      try restart()
    } catch let error as LaneError {
      throw error
    } catch let error as KafkaError {
      // It is tried again as a failure of its own, unless nothing can come of that.
      try recover(from: error)
    } catch {
      preconditionFailure("an error of another type: \(error)")
    }
  }

  func replaceWriter() throws(KafkaError) {
    writer.close()
    hasOpenWork = false
    openRecords = 0
    writer = try LaneWriter(settings, plan, keepsRejected: keepsRejected)
  }

  /// Commits what is open, and tells the group.
  private func finish() throws(LaneError) {
    guard hasOpenWork else { return }
    do throws(KafkaError) {
      try commit()
    } catch {
      throw LaneError(error)
    }
  }

  private func close() {
    writer.close()
    consumer.close(timeoutMs: 5000)
  }
}
