internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// The state of a task while it is read from its changelog: into memory, or into the task's store, which may have most of
/// it already.
final class Filling<World: LaneWorld> {
  let partition: TopicPartition
  /// Up to where the group has read the input; nil where it has not.
  let committed: Int64?
  /// Where the task begins of which nothing was read yet.
  let beginning: Int64
  /// Where the task stands, as far as the changelog was read.
  private(set) var record: TaskRecord?
  /// Who wrote last.
  private(set) var writer: TaskWriter?
  /// What could not be read, the first of it.
  private(set) var problem: (offset: Int64, error: CodecError)?
  /// The next offset of the changelog.
  private(set) var nextOffset: Int64?
  private var firstOffset: Int64?
  /// The plans that the states were kept under.
  private(set) var book = PlanBook()
  let store: World.Store?
  /// Where there is no store.
  let profiles: MemoryStates
  let filled: MemoryStates
  /// The task as it was before a transaction failed, if this lane had it.
  let former: PartitionTask<World.Store>?
  /// Whether all that was read was written by the lane itself: the former task knows it.
  private(set) var isOwn = true

  private let world: World
  private let identity: TaskWriter
  private var recordBytes: [UInt8] = []
  private var waiting = 0

  /// So many states go into the store at a time.
  private static var mostWaiting: Int { 20_000 }

  init(
    _ world: World, _ definitions: Definitions, _ partition: TopicPartition, committed: Int64?, beginning: Int64,
    store: World.Store?, former: PartitionTask<World.Store>?, identity: TaskWriter
  ) throws(StoreError) {
    self.world = world
    self.partition = partition
    self.committed = committed
    self.beginning = beginning
    self.store = store
    self.former = former
    self.identity = identity
    profiles = MemoryStates(definitions, isFilling: false)
    filled = MemoryStates(definitions, isFilling: true)
    guard let store, let position = store.position else { return }
    nextOffset = position.changelogOffset
    if !position.taskRecord.isEmpty { position.taskRecord.withUnsafeBytes { read(Bytes($0), at: nextOffset ?? 0) } }
    isOwn = true
    var book = PlanBook()
    try store.forEachPlanPart { book.take($2, plan: $0, part: $1) }
    self.book = book
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
    take(message.value.map { Bytes($0) }, underKey: Bytes(key), at: message.offset)
    waiting += 1
    // What was passed over must be met again by the next start.
    guard waiting >= Self.mostWaiting, problem == nil else { return }
    try commit(writtenAt: store?.position?.writtenAt ?? world.systemNow())
  }

  private func take(_ value: Bytes?, underKey key: Bytes, at offset: Int64) {
    do throws(CodecError) {
      switch ChangelogKey(key) {
      case .task:
        if let value { read(value, at: offset) }
      case .plan(let plan, let part):
        book.take(value, plan: plan, part: part)
        store?.put(value, underKey: key)
      case .filled(let id):
        if let store { store.put(value, underKey: key) } else { try put(value, of: id, into: filled) }
      case .profile(let id):
        guard let store else { return try put(value, of: id, into: profiles) }
        guard let value else { return store.put(nil, underKey: key) }
        store.put(value, of: id, due: try ProfileCodec.head(of: value).due)
      }
    } catch {
      if problem == nil { problem = (offset, error) }
    }
  }

  private func put(_ state: Bytes?, of id: Bytes, into states: MemoryStates) throws(CodecError) {
    if let state { try states.put(state, of: id) } else { states.remove(id) }
  }

  /// Notes that the changelog has been read up to an offset: behind the last record lie marks of transactions.
  func note(end offset: Int64) { nextOffset = max(nextOffset ?? 0, offset) }

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
      if problem == nil { problem = (offset, error) }
    }
  }

  /// Leaves in the store what was read, if there is one.
  func commit() throws(StoreError) { try commit(writtenAt: world.systemNow()) }

  private func commit(writtenAt: Instant) throws(StoreError) {
    guard let store else { return }
    try store.commit(
      StorePosition(
        changelogOffset: nextOffset ?? 0, taskRecord: recordBytes, profiles: record?.profiles ?? 0,
        writtenAt: writtenAt))
    waiting = 0
  }

  /// The same, and counts the profiles: a task record of the first version does not say how many there are.
  func commitCounted(_ shelf: Shelf) throws(StoreError) {
    try commit()
    guard let store, var position = store.position, let record, record.profiles == nil else { return }
    position.profiles = try store.countProfiles(shelf)
    try store.commit(position)
  }
}
