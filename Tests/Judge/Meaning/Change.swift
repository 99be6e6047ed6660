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
  /// neighbours that fell due at one instant are ordered by profile. A record's own changes keep their place.
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
      let run = rest.prefix { $0.reason.mayBeOfTime && $0.atMs == first.atMs }
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

/// The changes of membership.
public enum ChangeKind: String, Sendable, CaseIterable, CustomStringConvertible {
  /// From out to in.
  case entered
  /// From in to out.
  case exited
  /// From out to control.
  case heldOut = "held_out"
  /// From control to out, or on to in.
  case holdoutEnded = "holdout_ended"
  /// Still in, and known by other identifiers: told to ad platforms alone.
  case updated

  /// The word itself.
  public var description: String { rawValue }
}

/// What brought a change about.
public enum Reason: Sendable, Hashable, CustomStringConvertible {
  /// A `delete`.
  case deleted
  /// A profile moved: the ending of the one, or what the union brought the other.
  case merged
  /// The audience retired.
  case definition
  /// `stay_at_most` has passed.
  case stay
  /// Time alone: step 2 of the clock.
  case expired
  /// An `identify`.
  case trait
  /// An event, by its canonical name (an unknown one by its own).
  case event(String)
  /// Eligibility for another audience, of that key, keeps out.
  case suppressed(by: String)
  /// An audience that comes before in the group, of that key, wins.
  case outranked(by: String)
  /// The holdout alone keeps out.
  case heldOut

  /// The reason, with the event's name or the other audience's key.
  public var description: String {
    switch self {
    case .deleted: "deleted"
    case .merged: "merged"
    case .definition: "definition"
    case .stay: "stay"
    case .expired: "expired"
    case .trait: "trait"
    case .event(let name): "event(\(name))"
    case .suppressed(let key): "suppressed(\(key))"
    case .outranked(let key): "outranked(\(key))"
    case .heldOut: "held_out"
    }
  }

  /// Whether a change of that reason may have come of time alone, so that it has no order beside those of other
  /// profiles at its instant.
  fileprivate var mayBeOfTime: Bool {
    switch self {
    case .deleted, .merged, .trait, .event: false
    case .definition, .stay, .expired, .suppressed, .outranked, .heldOut: true
    }
  }
}
