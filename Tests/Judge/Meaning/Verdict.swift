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

/// One profile entering or leaving one audience.
public struct Change: Sendable, Hashable, CustomStringConvertible {
  /// The instant it took effect, in milliseconds since 1970 (UTC).
  public let atMs: Int64
  /// The profile's id.
  public let profile: String
  /// The audience's key.
  public let audience: String
  /// Whether it entered or exited.
  public let kind: ChangeKind
  /// What brought it about.
  public let reason: Reason

  /// A change as its parts tell it.
  public init(atMs: Int64, profile: String, audience: String, kind: ChangeKind, reason: Reason) {
    self.atMs = atMs
    self.profile = profile
    self.audience = audience
    self.kind = kind
    self.reason = reason
  }

  /// The change on one line.
  public var description: String { "\(atMs) \(profile) \(audience) \(kind) \(reason)" }

  /// The changes in an order that two correct evaluations share: partition by partition, as they came about, where
  /// neighbours that fell due at one instant are ordered by profile.
  public static func comparable(_ changes: [Change], partitions: Int) -> [Change] {
    var byPartition = [[Change]](repeating: [], count: partitions)
    for change in changes {
      byPartition[Murmur2.partition(of: Array(change.profile.utf8), among: partitions)].append(change)
    }
    return byPartition.flatMap(orderedWithinInstants)
  }

  private static func orderedWithinInstants(_ changes: [Change]) -> [Change] {
    var ordered: [Change] = []
    var rest = changes[...]
    while let first = rest.first {
      let run = rest.prefix { $0.reason == .expired && $0.atMs == first.atMs }
      guard !run.isEmpty else {
        ordered.append(rest.removeFirst())
        continue
      }
      for profile in Set(run.map { Text($0.profile) }).sorted() {
        ordered += run.filter { Text($0.profile) == profile }
      }
      rest = rest.dropFirst(run.count)
    }
    return ordered
  }
}

/// The two changes of membership.
public enum ChangeKind: String, Sendable, CustomStringConvertible {
  /// From out to in.
  case entered
  /// From in to out.
  case exited

  /// The word itself.
  public var description: String { rawValue }
}

/// What brought a change about.
public enum Reason: Sendable, Hashable, CustomStringConvertible {
  /// Time alone: step 2 of the clock.
  case expired
  /// An `identify`.
  case trait
  /// An event, by its canonical name (an unknown one by its own).
  case event(String)

  /// The reason, and the event's name.
  public var description: String {
    switch self {
    case .expired: "expired"
    case .trait: "trait"
    case .event(let name): "event(\(name))"
    }
  }
}
