internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// What a lane does for the stores of its tasks (architecture.md, "How a lane works"): they get what Kafka has committed,
/// and engines keep as many profiles in memory as there is room for.
extension Lane {
  private static let timeoutMs: Int32 = 1000
  private static let askChangelogAfterMs: Int64 = 10_000
  /// Tombstones are kept for seven days in the changelog: an older store could keep what was erased since.
  private static let longestAwayMs: Int64 = 5 * 86_400_000
  /// A disk that damages one store after the other is to be seen to.
  private static let mostSetAside = 10

  /// Opens the stores of partitions that come to the lane. One that cannot be followed up is made anew.
  func openStores(of partitions: [TopicPartition], _ restoration: borrowing Restoration) throws {
    guard let state = ground.state else { return }
    for partition in partitions {
      let store = try stores[partition] ?? state.open(partition.partition, statusWords: plan.statusWords)
      stores[partition] = store
      store.discard()
      guard let position = store.position else { continue }
      let awayMs = WallClock.system.now().ms - position.writtenAt.ms
      if awayMs > Self.longestAwayMs {
        throw StoreError.unreadable(in: store.folder, because: "it was written to \(awayMs / 86_400_000) days ago")
      }
      if try !restoration.hasWhatFollows(position, partition) {
        throw StoreError.unreadable(
          in: store.folder,
          because: "it is at offset \(position.changelogOffset), which \(settings.changelog) does not have")
      }
    }
  }

  /// Commits to a task's store what its last transaction held.
  func commitToStore(_ task: PartitionTask, _ record: [UInt8]) throws(StoreError) {
    guard let store = task.store else { return }
    try store.commit(
      StorePosition(
        changelogOffset: task.changelogOffset, taskRecord: record, profiles: task.engine.profileCount,
        writtenAt: WallClock.system.now()))
  }

  /// After a commit: lets profiles go that there is no room for, and now and then learns how far the stores are.
  func keepMemory() throws(StoreError) {
    guard let state = ground.state, !tasks.isEmpty else { return }
    let bytes = state.engineBytes / (settings.lanes * tasks.count)
    for task in tasks.values { task.engine.evict(toFit: bytes) }
    let nowMs = WallClock.monotonicMs()
    guard nowMs >= askChangelogMs else { return }
    askChangelogMs = nowMs + Self.askChangelogAfterMs
    learnChangelogEnds()
  }

  /// The lane alone writes to these partitions of the changelog, and has no transaction open: all that readers see is in
  /// the stores. What they do not see yet would be read again after a crash, no more.
  private func learnChangelogEnds() {
    for task in tasks.values where task.store != nil {
      let changelog = TopicPartition(settings.changelog, task.partition.partition)
      do throws(KafkaError) {
        task.changelogOffset = max(
          task.changelogOffset, try consumer.watermarks(changelog, timeoutMs: Self.timeoutMs).high)
      } catch {
        observe(.trouble(error))
      }
    }
  }

  /// Leaves everything on disk before partitions are given up: their next start finds it there.
  func settleStores() throws(StoreError) {
    guard ground.state != nil else { return }
    learnChangelogEnds()
    for task in tasks.values {
      guard let store = task.store, var position = store.position else { continue }
      position.changelogOffset = task.changelogOffset
      try store.commit(position)
      try store.flush()
    }
  }

  /// Puts a store that is of no use out of the way. The tasks go: they are read from the last commit on.
  func setAside(_ error: StoreError) throws(LaneError) {
    guard let state = ground.state, error.isDamaged, storesSetAside < Self.mostSetAside else { throw LaneError(error) }
    storesSetAside += 1
    giveUpWork()
    removeTasks()
    stores = [:]
    do throws(StoreError) {
      observe(.storeSetAside(folder: try state.setAside(folder: error.folder), because: error.description))
    } catch {
      throw LaneError(error)
    }
  }
}
