internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// One partition of the input: its engine, and where it stands in the log.
final class PartitionTask<Store: LaneStore> {
  let partition: TopicPartition
  var engine: PartitionEngine
  /// The profiles on disk; nil where all are in memory.
  let store: Store?
  /// The offset of the next record to read.
  var nextOffset: Int64
  /// An offset of the changelog up to which everything is in the store with its next commit.
  var changelogOffset: Int64
  /// Where readers saw the changelog's end between the last transactions. Whether all up to there was this lane's is known
  /// when another transaction has been committed: only who was the owner all the time can do that.
  var seenChangelogEnd: Int64?
  /// Whether something was done that the last commit does not hold.
  var isDirty = false
  /// Whether every record that is there has been read.
  var isAtEnd = false

  // MARK: Plans

  /// The plan in force, with what the numbers in the states mean.
  var plan: LanePlan
  var record: PlanRecord
  /// Which plans the states were kept under.
  var standing: PlanStanding
  /// All that the changelog has of these plans, and of others that may go.
  var book: PlanBook
  /// The plan that the log is being read for.
  var successor: Successor?
  /// Profiles of a former plan that are still to come under the one in force.
  var adoption: Adoption?
  /// Whether it was looked at which definitions are to be followed.
  var followsDefinitions = false
  /// What the next commit writes into the changelog besides, ahead of the states.
  var unwritten: [(key: [UInt8], value: [UInt8]?)] = []
  /// Ids of which there is something in the changelog that was read for a plan that was given up.
  var leftovers: [[UInt8]] = []

  init(
    _ partition: TopicPartition, engine: consuming PartitionEngine, _ plan: LanePlan, _ record: PlanRecord,
    _ standing: PlanStanding, _ book: PlanBook, nextOffset: Int64, store: Store? = nil, changelogOffset: Int64 = 0
  ) {
    self.partition = partition
    self.engine = engine
    self.plan = plan
    self.record = record
    self.standing = standing
    self.book = book
    self.nextOffset = nextOffset
    self.store = store
    self.changelogOffset = changelogOffset
  }

  /// Which states of the store are those of the engine.
  var shelf: Shelf { Shelf(.profiles, plan: standing.inForce) }

  /// Where it stands, as the changelog is to have it.
  func taskRecord(by writer: TaskWriter) -> TaskRecord {
    TaskRecord(
      clock: engine.clock, nextOffset: nextOffset, planHash: plan.plan.hash, plans: standing,
      profiles: engine.profileCount, writer: writer)
  }

  /// Everything that was done is committed.
  func noteCommitted() {
    engine.clearDirty()
    unwritten = []
    isDirty = false
    guard let successor, successor.isToBeKept else { return }
    successor.engine.clearDirty()
    successor.kept = standing.filling ?? successor.kept
    successor.isToBeKept = false
  }
}
