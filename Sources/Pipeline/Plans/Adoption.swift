internal import Audiences
internal import Engine
internal import Events
internal import ProfileStore

/// How the profiles of a task that were kept under a former plan come under the one in force.
final class Adoption {
  let former: PlanRecord
  let telling: ChangeTelling
  /// What the log came to under the plan in force; nil where nothing had to be read.
  let filled: Successor?
  var source: FormerStates
  /// How far those were looked through whom only the log knows, once all others were adopted.
  var restPlace = 0
  var changes = 0
  let beganMs: Int64

  init(
    from former: PlanRecord, _ telling: ChangeTelling, filled: Successor?, _ source: FormerStates, beganMs: Int64
  ) {
    self.former = former
    self.telling = telling
    self.filled = filled
    self.source = source
    self.beganMs = beganMs
  }
}

/// Where the states are that are still to be adopted.
enum FormerStates {
  /// In an engine, from a place on.
  case engine(FormerEngine, place: Int)
  /// As they were read from the changelog, under their ids.
  case bytes([(id: [UInt8], state: [UInt8])])
  /// In the task's store, from a hash on.
  case store(from: UInt64)
  /// Nowhere: all were adopted.
  case none
}

/// An engine that is not worked with any more: its profiles go over to another one.
final class FormerEngine {
  let engine: PartitionEngine

  init(_ engine: consuming PartitionEngine) { self.engine = engine }
}
