internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// The state of a task while it is read from its changelog: into memory, or into the task's store, which may have most of
/// it already.
final class Filling<World: LaneWorld> {
  /// Up to where the group has read the input; nil where it has not.
  let committed: Int64?
  /// Where the task begins of which nothing was read yet.
  private let beginning: Int64
  /// Where the task stands, as far as the changelog was read.
  private(set) var record: TaskRecord?
  /// Who wrote last.
  private(set) var writer: TaskWriter?
  /// What could not be read, the first of it.
  private(set) var problem: (offset: Int64, error: CodecError)?
  /// The next offset of the changelog.
  private(set) var nextOffset: Int64?
  private var firstOffset: Int64?
  let store: World.Store?
  /// The task as it was before a transaction failed, if this lane had it.
  private let former: PartitionTask<World.Store>?
  /// Whether all that was read was written by the lane itself: the former task knows it.
  private var isOwn = true

  private let world: World
  private let plan: Plan
  private let identity: TaskWriter
  private var engine: PartitionEngine
  private var recordBytes: [UInt8] = []
  private var waiting = 0

  /// So many states go into the store at a time.
  private static var mostWaiting: Int { 20_000 }

  init(
    _ world: World, _ plan: Plan, committed: Int64?, beginning: Int64, store: World.Store?,
    former: PartitionTask<World.Store>?,
    identity: TaskWriter
  ) {
    self.world = world
    self.plan = plan
    self.committed = committed
    self.beginning = beginning
    self.store = store
    self.former = former
    self.identity = identity
    engine = PartitionEngine(plan: plan, hasStore: store != nil)
    guard let position = store?.position else { return }
    nextOffset = position.changelogOffset
    if !position.taskRecord.isEmpty { position.taskRecord.withUnsafeBytes { read(Bytes($0), at: nextOffset ?? 0) } }
    isOwn = true
  }

  /// Where to begin to read the changelog.
  var start: StartOffset { nextOffset.map { .at($0) } ?? .beginning }

  /// How many offsets of the changelog were passed.
  var passedOffsets: Int64 { firstOffset.map { (nextOffset ?? $0) - $0 } ?? 0 }

  /// Whether the state that was committed with the group's offset has been read.
  var isUpToDate: Bool { (record?.nextOffset ?? 0) >= committed ?? 0 }

  /// Takes the next record of the changelog.
  func take(_ message: borrowing Message) throws(StoreError) {
    nextOffset = message.offset + 1
    if firstOffset == nil { firstOffset = message.offset }
    guard let key = message.key else { return }
    let id = Bytes(key)
    if let value = message.value {
      if id.isEmpty { read(Bytes(value), at: message.offset) } else { put(Bytes(value), of: id, at: message.offset) }
    } else {
      remove(id)
    }
    waiting += 1
    // What was passed over must be met again by the next start.
    guard waiting >= Self.mostWaiting, problem == nil, record == nil || record?.planHash == plan.hash else { return }
    try commit(writtenAt: store?.position?.writtenAt ?? world.systemNow())
  }

  /// Notes that the changelog has been read up to an offset: behind the last record lie marks of transactions.
  func note(end offset: Int64) { nextOffset = max(nextOffset ?? 0, offset) }

  /// The task, once everything was read; to be asked for once.
  func task(_ partition: TopicPartition) throws(StoreError) -> PartitionTask<World.Store> {
    if let store {
      try commit(writtenAt: world.systemNow())
      if let record, record.profiles == nil { try countProfiles(in: store) }
      if let former, isOwn { return try goBack(former, store) }
      try store.introduce(to: &engine)
    }
    if let record { engine.restore(clock: record.clock) }
    // The engine itself: it is not copied, so an empty one takes its place.
    var taken = PartitionEngine(plan: plan)
    swap(&taken, &engine)
    return PartitionTask(
      partition, engine: taken, nextOffset: record?.nextOffset ?? beginning, store: store,
      changelogOffset: nextOffset ?? 0)
  }

  /// The former task as the last commit left it: what changed since is thrown away, and the rest stays in memory.
  private func goBack(
    _ task: PartitionTask<World.Store>, _ store: World.Store
  ) throws(StoreError) -> PartitionTask<World.Store> {
    for hash in task.engine.dropDirty() { try store.tellDue(under: hash, to: &task.engine) }
    task.engine.restore(coldProfiles: (store.position?.profiles ?? 0) - task.engine.profilesInMemory)
    task.engine.restore(clock: record?.clock ?? .distantPast)
    task.nextOffset = record?.nextOffset ?? beginning
    task.changelogOffset = nextOffset ?? 0
    (task.isDirty, task.isAtEnd) = (false, false)
    return task
  }

  private func read(_ bytes: Bytes, at offset: Int64) {
    do throws(CodecError) {
      let read = try TaskRecord(bytes)
      writer = read.writer
      if writer != identity { isOwn = false }
      // A task only goes on. A record that is behind was written by somebody who took it over without knowing how far
      // another one was meanwhile, and has no states with it.
      if let record, read.nextOffset < record.nextOffset { return }
      record = read
      recordBytes.removeAll(keepingCapacity: true)
      recordBytes.append(contentsOf: bytes.buffer)
    } catch {
      note(error, at: offset)
    }
  }

  private func put(_ state: Bytes, of id: Bytes, at offset: Int64) {
    // What was kept under other definitions is not understood; that is told when everything was read.
    guard record == nil || record?.planHash == plan.hash else { return }
    do throws(CodecError) {
      let profile = try ProfileCodec.decode(state, id: id, statusWords: plan.statusWords)
      if let store { store.put(state, of: id, due: profile.due) } else { engine.restore(profile) }
    } catch {
      note(error, at: offset)
    }
  }

  private func remove(_ id: Bytes) {
    if let store { store.remove(id) } else { engine.restoreErasure(of: id) }
  }

  private func note(_ error: CodecError, at offset: Int64) {
    if problem == nil { problem = (offset, error) }
  }

  private func commit(writtenAt: Instant) throws(StoreError) {
    guard let store else { return }
    try store.commit(
      StorePosition(
        changelogOffset: nextOffset ?? 0, taskRecord: recordBytes, profiles: record?.profiles ?? 0,
        writtenAt: writtenAt))
    waiting = 0
  }

  /// A task record of the first version does not say how many profiles there are.
  private func countProfiles(in store: World.Store) throws(StoreError) {
    guard var position = store.position else { return }
    position.profiles = try store.countProfiles()
    try store.commit(position)
  }
}
