internal import Audiences
internal import Kafka
internal import ProfileStore

/// Failures one after the other.
struct Failures {
  private var count = 0
  private var calmSinceMs: Int64 = 0

  /// So many may come, each within a minute of the former, before the lane gives up.
  private static let most = 10
  private static let calmMs: Int64 = 60_000

  /// Notes one. False where there were too many. Brokers that are away come back some time, so that does not count.
  mutating func note(_ error: KafkaError, at nowMs: Int64) -> Bool {
    if nowMs - calmSinceMs > Self.calmMs { count = 0 }
    count += 1
    calmSinceMs = nowMs
    return count <= Self.most || error.kind == .unreachable || error.kind == .timedOut
  }

  /// From here on things seem to work again.
  mutating func noteRecovery(at nowMs: Int64) { calmSinceMs = nowMs }

  /// How long to wait before the next try: not at all at first, then longer each time.
  var pauseMs: Int64 { count <= 1 ? 0 : min(5000, 50 << Int64(min(count, 10))) }
}

/// The lane was asked to end while it was making ready.
struct StopAsked: Error {}

extension Lane {
  /// After a failure everything becomes as the last commit left it: a new producer, and tasks from the changelog.
  func recover(from error: KafkaError) throws(LaneError) {
    var error = error
    while true {
      progress.enter(.recovering)
      guard mayPass(error), failures.note(error, at: world.monotonicMs()) else { throw LaneError(error) }
      observe(.aborted(error))
      world.wait(ms: failures.pauseMs, unless: stop)
      if stop.isRaised {
        giveUpWork()
        return removeTasks()
      }
      guard let next = try startOver(after: error) else { return failures.noteRecovery(at: world.monotonicMs()) }
      error = next
    }
  }

  /// A store that is damaged is set aside, and made anew from the changelog. Whatever else hinders a store must be seen to.
  func recover(from error: StoreError) throws(LaneError) {
    try setAside(error)
    if let next = try startOver(after: nil) { try recover(from: next) }
  }

  /// Goes back to the last commit, and on from there.
  /// - Parameter error: what Kafka refused; nil where it was not Kafka.
  /// - Returns: what hindered it, and may pass; nil where nothing did, or the lane is to end.
  private func startOver(after error: KafkaError?) throws(LaneError) -> KafkaError? {
    while true {
      do {
        try checkNobodyTookOver(after: error)
        try replaceWriter()
        try restart()
        return nil
      } catch let error as KafkaError {
        return error
      } catch let error as LaneError {
        throw error
      } catch let error as StoreError {
        try setAside(error)
      } catch is StopAsked {
        return nil
      } catch {
        preconditionFailure("an error of another type: \(error)")
      }
    }
  }

  /// Whether doing it again can help.
  private func mayPass(_ error: KafkaError) -> Bool {
    switch error.kind {
    case .notAuthorized, .settings, .topicMissing, .partitionMissing, .offsetOutOfRange: return false
    // Of two processes of one name the group keeps the newer. A producer alone is also shut out by a broker that gave
    // its transaction up, after this process or the broker stood still for too long: see `checkNobodyTookOver`.
    case .fenced: return error.code != "FENCED_INSTANCE_ID"
    case .messageTooLarge:
      defer { cutsRejected = true }
      return !cutsRejected
    default: return true
    }
  }

  /// Opens a transaction if none is open, and sets the time by which it is committed.
  func openWork() throws(KafkaError) {
    if hasOpenWork { return }
    if writer.needsReplacement {
      // Where the producer is the only fence, a new one may come after somebody else's: everything is read again.
      guard share == nil else { throw .spentProducer(settings.transactionalId) }
      try replaceWriter()
    }
    try writer.begin()
    hasOpenWork = true
    commitDueMs = world.monotonicMs() + settings.commitIntervalMs
  }

  /// Gives up what is open: nobody will see it. The tasks are ahead of the log then, and must go.
  func giveUpWork() {
    writer.close()
    forgetWork()
  }

  /// A new producer. Its first act ends the former's transaction.
  func replaceWriter() throws(KafkaError) {
    progress.step()
    writer.end()
    forgetWork()
    writer = try LaneWriter(world, settings, ground, cutsRejected: cutsRejected)
  }

  private func forgetWork() {
    hasOpenWork = false
    openSize = 0
    totals = settledTotals
  }
}
