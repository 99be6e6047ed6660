public import Engine
public import Events
public import Kafka

/// What happens in a lane, for whoever logs, counts or shows it. No event holds personal data.
public enum LaneEvent: Sendable {
  /// The partitions are this lane's, and their profiles are being read from the changelog.
  case restoring(partitions: [Int32])
  /// So far the reading has come; told about once a second.
  case restoreProgress(partitions: [Int32], RestoreProgress)
  /// Their profiles are there; records are read from here on.
  case restored(partitions: [Int32], profiles: Int, records: Int, tookMs: Int64)
  /// The definitions are others than those that a partition's profiles were kept under. Those of before stay in force
  /// until the log has been read from its start, where it must be.
  case definitionsChanged(partition: Int32, needsLog: Bool, audiences: Int)
  /// The profiles of a partition are kept under definitions that a process has brought which was started later than this
  /// one: it goes by those.
  case newerDefinitions(partition: Int32)
  /// So far the log has been read for definitions that are to be in force; told about once a second.
  case filling(partition: Int32, offset: Int64, of: Int64)
  /// The definitions are in force from here on, and the differences told.
  case definitionsInForce(partition: Int32, profiles: Int, changes: Int, tookMs: Int64)
  /// The first record has come.
  case firstRecord
  /// A transaction was committed.
  case committed(LaneTotals)
  /// A transaction failed and was given up; its records are done again.
  case aborted(KafkaError)
  /// A record was rejected, and kept with the rejected ones unless their topic is missing.
  case rejected(Rejection, partition: Int32, offset: Int64, isKept: Bool)
  /// The topic for rejected records is missing: they stay where they are in the input.
  case rejectedTopicMissing(String)
  /// The partitions went to another process, or back to the group.
  case released(partitions: [Int32], lost: Bool)
  /// The producer of a former owner of partitions was shut out before they were taken over.
  case fenced(transactionalId: String)
  /// A store on disk was of no use any more. It is made anew from the changelog; what it was is in that folder.
  case storeSetAside(folder: String, because: String)
  /// A connection is in trouble; it passes by itself.
  case trouble(KafkaError)
  /// The group could not be told that the lane leaves: it keeps the lane's partitions until the session time-out.
  case stayedInGroup
  /// The lane does nothing any more. It is told once and on another thread: whoever is told ends the process, since
  /// nothing else frees the lane's partitions.
  case stoodStill(phase: LanePhase, forMs: Int64)
  /// Everything is committed, and the lane has ended.
  case ended(LaneTotals)
}

/// What a lane, or all lanes of a process, have done since they began.
public struct LaneTotals: Sendable {
  /// Records read, those included that were skipped, dropped or rejected.
  public var records = 0
  /// Changes that came about.
  public var changes = 0
  /// Those of them that went to the warehouse.
  public var toWarehouse = 0
  /// Entries into each audience, by its number in the plan.
  public var entries: [Int]
  /// Exits from each audience.
  public var exits: [Int]
  /// Records rejected.
  public var rejected = 0
  /// Records passed over: `group` records and tombstones.
  public var skipped = 0
  /// Records whose time lay further ahead of their arrival than `limits.future`.
  public var future = 0
  /// Records whose key was not the profile's id.
  public var otherKeys = 0
  /// What the engines of the lane's partitions counted: duplicates, late events.
  public var engines = EngineCounts()
  /// Events of names that the taxonomy does not know.
  public var unknownEvents = 0
  /// Values of another type than the taxonomy declares.
  public var wrongTypes = 0
  /// Numbers that did not fit into 64 bits of millionths, and counted as absent.
  public var overflows = 0
  /// Transactions committed.
  public var commits = 0
  /// Profiles that are held now.
  public var profiles = 0
  /// Where the earliest clock stands.
  public var clock = Instant.distantPast

  init(audiences: Int) {
    entries = Array(repeating: 0, count: audiences)
    exits = entries
  }

  mutating func count(_ kind: Change.Kind, of audience: Int) {
    switch kind {
    case .entered: entries[audience] += 1
    case .exited: exits[audience] += 1
    case .heldOut, .holdoutEnded, .updated: break
    }
  }

  /// What two lanes have done together.
  static func + (left: LaneTotals, right: LaneTotals) -> LaneTotals {
    var sum = left
    sum.records += right.records
    sum.changes += right.changes
    sum.toWarehouse += right.toWarehouse
    sum.entries = zip(left.entries, right.entries).map { $0 + $1 }
    sum.exits = zip(left.exits, right.exits).map { $0 + $1 }
    sum.rejected += right.rejected
    sum.skipped += right.skipped
    sum.future += right.future
    sum.otherKeys += right.otherKeys
    sum.engines = left.engines + right.engines
    sum.unknownEvents += right.unknownEvents
    sum.wrongTypes += right.wrongTypes
    sum.overflows += right.overflows
    sum.commits += right.commits
    sum.profiles += right.profiles
    // A lane without partitions has no clock.
    sum.clock = [left.clock, right.clock].filter { $0 != .distantPast }.min() ?? .distantPast
    return sum
  }
}
