internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// What a lane does for the stores of its tasks (architecture.md, "How a lane works"): they get what Kafka has committed,
/// and engines keep as many profiles in memory as there is room for.
extension Lane {
  private static var timeoutMs: Int32 { 1000 }
  private static var askChangelogAfterMs: Int64 { 10_000 }
  /// Tombstones are kept for seven days in the changelog: an older store could keep what was erased since.
  private static var longestAwayMs: Int64 { 5 * 86_400_000 }
  /// So long a store is waited for that somebody else has open.
  private static var lockedForMs: Int64 { 30_000 }
  /// A disk that damages one store after the other is to be seen to.
  private static var mostSetAside: Int { 10 }

  /// Opens the stores of partitions that come to the lane. One that cannot be followed up is made anew.
  func openStores(of partitions: [TopicPartition], _ restoration: borrowing Restoration<World>) throws {
    guard world.engineBytes != nil else { return }
    for partition in partitions {
      if stores[partition] == nil { stores[partition] = try open(partition) }
      stores[partition]?.discard()
      guard let folder = stores[partition]?.folder, let position = stores[partition]?.position else { continue }
      let awayMs = world.systemNow().ms - position.writtenAt.ms
      let reason: String
      if awayMs > Self.longestAwayMs {
        reason = "it was written to \(awayMs / 86_400_000) days ago"
      } else if try !restoration.hasWhatFollows(position, partition) {
        reason = "it is at offset \(position.changelogOffset), which \(settings.changelog) does not have"
      } else {
        continue
      }
      stores[partition] = nil
      observe(.storeSetAside(folder: try world.setAsideStore(in: folder), because: reason))
      stores[partition] = try open(partition)
    }
  }

  /// Another lane that has just lost the partition may have the store open still.
  private func open(_ partition: TopicPartition) throws -> World.Store {
    let deadlineMs = world.monotonicMs() + Self.lockedForMs
    while true {
      if stop.isRaised { throw StopAsked() }
      progress.step()
      do throws(StoreError) {
        return try world.openStore(partition.partition)
      } catch {
        guard error.kind == .locked, world.monotonicMs() < deadlineMs else { throw error }
        world.wait(ms: 100, unless: stop)
      }
    }
  }

  /// Commits to a task's store what its last transaction held.
  func commitToStore(_ task: PartitionTask<World.Store>, _ record: [UInt8]) throws(StoreError) {
    guard let store = task.store else { return }
    task.changelogOffset = max(task.changelogOffset, task.seenChangelogEnd ?? 0)
    task.seenChangelogEnd = nil
    try store.commit(
      StorePosition(
        changelogOffset: task.changelogOffset, taskRecord: record, profiles: task.engine.profileCount,
        writtenAt: world.systemNow()))
  }

  /// After a commit: lets profiles go that there is no room for, and now and then learns how far the stores are.
  func keepMemory() {
    guard let engineBytes = world.engineBytes, !tasks.isEmpty else { return }
    let engines = tasks.values.reduce(0) { $0 + ($1.successor == nil ? 1 : 2) }
    let bytes = engineBytes / (settings.lanes * engines)
    for task in tasks.values {
      task.engine.evict(toFit: bytes)
      task.successor?.engine.evict(toFit: bytes)
    }
    let nowMs = world.monotonicMs()
    guard nowMs >= askChangelogMs else { return }
    askChangelogMs = nowMs + Self.askChangelogAfterMs
    do throws(KafkaError) {
      try learnChangelogEnds()
    } catch {
      observe(.trouble(error))
    }
  }

  /// As long as the lane alone writes to these partitions of the changelog, all that readers see between two transactions
  /// is in the stores. What they do not see yet would be read again after a crash, no more.
  private func learnChangelogEnds() throws(KafkaError) {
    for task in tasks.values where task.store != nil {
      let changelog = TopicPartition(settings.changelog, task.partition.partition)
      task.seenChangelogEnd = try consumer.watermarks(changelog, timeoutMs: Self.timeoutMs).high
      progress.step()
    }
  }

  /// Leaves everything on disk before partitions are given up: their next start finds it there, and has next to nothing to
  /// read. Where that cannot be done, it reads more.
  func settleStores() throws {
    guard world.engineBytes != nil, !tasks.isEmpty else { return }
    do {
      try learnChangelogEnds()
      for task in tasks.values { task.isDirty = true }
      try openWork()
      try commit()
    } catch let error as KafkaError {
      observe(.trouble(error))
      return
    }
    for task in tasks.values { try task.store?.flush() }
  }

  /// Puts a store that is of no use out of the way. The tasks go: they are read from the last commit on.
  func setAside(_ error: StoreError) throws(LaneError) {
    guard error.isDamaged, storesSetAside < Self.mostSetAside else { throw LaneError(error) }
    storesSetAside += 1
    giveUpWork()
    removeTasks()
    stores = [:]
    do throws(StoreError) {
      observe(.storeSetAside(folder: try world.setAsideStore(in: error.folder), because: error.description))
    } catch {
      throw LaneError(error)
    }
  }
}
