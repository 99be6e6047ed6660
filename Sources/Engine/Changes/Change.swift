public import Events

/// One change of a status, at the instant it took effect.
public struct Change: Sendable {
  /// Whose; lent, valid until the next record is applied.
  public let profile: Bytes
  /// The audience's number in the plan; beyond those, in the order of ``Succession/farewells``, one that is gone or that
  /// somebody is no longer told of; beyond those, in the order of ``Succession/introductions``, one that somebody is told
  /// of from now on.
  public let audience: Int
  /// What became of the status, or of its owner.
  public let kind: Kind
  /// When.
  public let at: Instant
  /// Counts the changes of this profile in this audience, from 1.
  public let seq: UInt32
  /// When the profile entered: this instant, or for an exit that of the entry which it ends. A holdout likewise.
  public let enteredAt: Instant
  /// What brought it about.
  public let reason: Reason
  /// The traits that go with it, as members of a JSON object, each after a comma; lent like the profile.
  public let payload: Bytes
  /// Its first members: those of traits by which nobody could be known.
  public let impersonalPayload: Bytes
  /// Who the person is outside the shop; lent like the profile.
  public let identifiers: Identifiers
  /// What they allow ad platforms; nothing where the change goes to none.
  public let consent: ConsentGiven

  /// What became of a status; `updated`: the identifiers of somebody who is in are others now.
  public enum Kind: UInt8, Sendable { case entered, exited, heldOut, holdoutEnded, updated }

  /// What brings a change about (language, section 5). Audiences are told by their numbers in the plan.
  public enum Reason: Sendable, Equatable {
    /// The profile was erased.
    case deleted
    /// The profile moved into another one, or another one into it.
    case merged
    /// The audience changed or was retired.
    case definition
    /// It has been eligible for as long as it may be.
    case stay
    /// The passing of time.
    case expired
    /// An `identify`.
    case trait
    /// An event of the taxonomy, by its number, or one that it does not know (`Record.unknownEvent`).
    case event(Int32)
    /// It is eligible for an audience that suppresses this one; for an entry: it was.
    case suppressed(by: Int)
    /// It is eligible for an audience that comes first in the group; for an entry: it was.
    case outranked(by: Int)
    /// A holdout alone keeps it out, or did.
    case heldOut
  }
}

/// What a person allows ad platforms, as far as they ever said; `nil` where they did not.
public struct ConsentGiven: Sendable, Equatable {
  /// Whether their data may be sent.
  public var userData: Bool?
  /// Whether advertising may be made for them personally.
  public var personalization: Bool?

  /// Nothing was said.
  public init() {}
}

/// Changes in the order in which they came about; the memory is kept and used again.
public struct ChangeBuffer: ~Copyable {
  struct Entry {
    var at: Instant
    var enteredAt: Instant
    var slot: ProfileTable.Slot
    var seq: UInt32
    var audience: Int32
    var kind: Change.Kind
    var reason: Change.Reason
    var told: Told
  }

  /// Where in the payload stands what goes with a change.
  struct Told {
    var payload = 0..<0
    var impersonalEnd = 0
    var email = 0..<0
    var phone = 0..<0
    var consent = ConsentGiven()
  }

  private var entries = GrowingTable<Entry>(capacity: 256)
  var payload = JSONWriter()
  /// How many there are.
  public var count: Int { entries.count }

  subscript(index: Int) -> Entry { entries[index] }

  func told(_ range: Range<Int>) -> Bytes { payload.bytes.slice(range.lowerBound, range.upperBound) }

  mutating func append(_ entry: Entry) { entries.append(entry) }

  mutating func clear() {
    entries.removeAll()
    payload.clear()
  }
}

extension PartitionEngine {
  /// One of the changes.
  public func change(_ index: Int) -> Change {
    let entry = changes[index]
    return Change(
      profile: profiles[entry.slot].id, audience: Int(entry.audience), kind: entry.kind, at: entry.at, seq: entry.seq,
      enteredAt: entry.enteredAt, reason: entry.reason, payload: changes.told(entry.told.payload),
      impersonalPayload: changes.told(entry.told.payload.lowerBound..<entry.told.impersonalEnd),
      identifiers: Identifiers(email: changes.told(entry.told.email), phone: changes.told(entry.told.phone)),
      consent: entry.told.consent)
  }

  /// Forgets the changes: they have been taken.
  public mutating func clearChanges() { changes.clear() }
}
