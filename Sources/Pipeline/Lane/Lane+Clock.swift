internal import Audiences
internal import Engine
internal import Events
internal import Kafka

/// How sure a lane is that what it took for the end of a partition is still the end.
struct EndWatch {
  /// When everything that the consumer had fetched was last seen to be done.
  var drainedMs: Int64 = 0
  /// When the brokers may be asked again.
  var askAgainMs: Int64 = 0

  /// So long the word of the consumer is good; less than `limits.settle`, by default.
  static let goodForMs: Int64 = 1000
}

/// Where a partition ends, and how time goes on there (language.md, "The clock").
extension Lane {
  /// Every record that is there has been read.
  func note(endOf partition: TopicPartition, at offset: Int64) throws(KafkaError) {
    guard let task = tasks[partition] else { return }
    task.isAtEnd = true
    guard offset > task.nextOffset else { return }
    // Behind the last record lie marks of transactions. They are read too, so that nobody takes them for unread, and
    // retention does not seem to have taken something away that was never read.
    try openWork()
    task.nextOffset = offset
    task.isDirty = true
  }

  /// Whether the ends that the tasks stand at are surely still the ends, so that time may go on there. They may not be
  /// where fetched records still wait, where the lane has not looked for a while (this process was paused, or a commit
  /// took long), or where a connection is broken: then the brokers are asked, now and then.
  func mayMoveIdleClocks(isDrained: Bool, nowMs: Int64) -> Bool {
    let isFresh = nowMs - ends.drainedMs <= EndWatch.goodForMs
    if isDrained { ends.drainedMs = nowMs }
    if isDrained, isFresh, consumer.connectionTrouble == nil { return true }
    guard nowMs >= ends.askAgainMs else { return false }
    ends.askAgainMs = nowMs + EndWatch.goodForMs
    do throws(KafkaError) {
      for task in tasks.values where task.isAtEnd {
        let end = try consumer.watermarks(task.partition, timeoutMs: 1000).high
        if end > task.nextOffset { task.isAtEnd = false }
      }
      return true
    } catch {
      observe(.trouble(error))
      return false
    }
  }

  /// At the end of a partition time goes on without events: what is due by the wall clock happens.
  func moveIdleClocks() throws {
    let nowMs = settings.wallClock.instant(at: world.systemNow()).ms
    for task in tasks.values where task.isAtEnd {
      let instant = Instant(ms: nowMs - task.plan.plan.policy.settle.ms)
      if task.engine.clock >= instant { continue }
      try task.store?.prepare(&task.engine, task.shelf, toAdvanceTo: instant)
      task.engine.advance(to: instant)
      if task.engine.changes.count == 0 && task.engine.dirtyCount == 0 { continue }
      try openWork()
      try drain(task, offset: task.nextOffset - 1, cause: .empty)
      task.isDirty = true
    }
  }
}
