/// What a log comes to: the changes in the order in which they came about, and what was left out.
public struct Verdict: Sendable, Equatable {
  /// The changes, as they came about. Profiles due at the same instant come in the order of their ids here; the
  /// language gives them no order, so compare through `Change.comparable`.
  public internal(set) var changes: [Change] = []
  /// Records that could not be read, by code.
  public internal(set) var rejected: [RejectionCode: Int] = [:]
  /// Records dropped because their profile had a record of that `messageId`.
  public internal(set) var duplicateMessages = 0
  /// Events dropped because their profile had an event of that `unique` value.
  public internal(set) var duplicateValues = 0
  /// `group` records.
  public internal(set) var skipped = 0
  /// Merges that moved nothing, because the two ids fall into different partitions.
  public internal(set) var mergesAcrossPartitions = 0

  /// All records dropped as duplicates.
  public var duplicates: Int { duplicateMessages + duplicateValues }
}

/// Why a record is not read.
public enum RejectionCode: String, Sendable, CaseIterable {
  /// Not JSON.
  case json
  /// Of no known type.
  case type
  /// Without a user.
  case user
  /// A `track` without a name.
  case name
  /// Without a time, or with one that cannot be read.
  case time
}
