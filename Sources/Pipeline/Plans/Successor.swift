internal import Engine
internal import Events
internal import ProfileStore

/// A plan that is to be in force, and what the log has come to under it so far. Nobody is told of its changes.
final class Successor {
  let definitions: Definitions
  let record: PlanRecord
  var intake: RecordIntake
  var engine: PartitionEngine
  /// The next offset of the log to be read for it.
  var nextOffset: Int64
  /// How far it is as the last commit says that held some of it.
  var kept: PlanStanding.Filling
  /// Whether the next commit holds what was read since.
  var isToBeKept = false
  /// When that is due, at the latest.
  var keepAtMs: Int64 = 0
  /// Whether it has read what the task has read.
  var hasCaughtUp = false

  init(_ definitions: Definitions, _ record: PlanRecord, engine: consuming PartitionEngine, kept: PlanStanding.Filling)
  {
    self.definitions = definitions
    self.record = record
    intake = RecordIntake(definitions.plan)
    self.engine = engine
    nextOffset = kept.nextOffset
    self.kept = kept
  }

  /// How far it is now.
  var filling: PlanStanding.Filling {
    PlanStanding.Filling(plan: record.number, nextOffset: nextOffset, clock: engine.clock)
  }

  /// Which states of a store are its own.
  var shelf: Shelf { Shelf(.filled, plan: record.number) }
}
