/// One change of a membership, as the topic for warehouses has it (topics.md, "A change, to the warehouse").
/// All bytes are lent: they are valid until the next record is read.
public struct ChangeRecord {
  /// What the change is.
  public enum Kind: String, Sendable, CaseIterable {
    /// In from now on.
    case entered
    /// No longer in.
    case exited
    /// Kept out from now on, by a holdout alone.
    case heldOut = "held_out"
    /// The holdout keeps the profile out no longer.
    case holdoutEnded = "holdout_ended"
  }

  /// What brought the change about.
  public struct Reason {
    /// Its kind: `event`, `expired`, `trait`, …
    public var kind = Bytes.empty
    /// Of kind `event`, the event's name; of kind `suppressed` or `outranked`, the audience that did it.
    public var name: Bytes?
  }

  /// Where in the log of events the change came about.
  public struct Source {
    /// The partition of the events.
    public var partition: Int64 = 0
    /// The offset of the event that brought it, or moved the clock to it.
    public var offset: Int64 = 0
    /// Where the partition's clock stood: an instant as text.
    public var clock = Bytes.empty
    /// When the change was written; nothing where no wall clock took part.
    public var emittedAt: Bytes?
  }

  /// The same change always has the same id.
  public var messageId = Bytes.empty
  /// The profile id.
  public var profile = Bytes.empty
  /// The audience's name for the change.
  public var event = Bytes.empty
  /// When it took effect: an instant as text, `2026-11-20T20:02:11.417Z`.
  public var timestamp = Bytes.empty
  /// What the change is.
  public var kind = Kind.entered
  /// The audience's key.
  public var audience = Bytes.empty
  /// The audience's name.
  public var audienceName = Bytes.empty
  /// The version of the audience's definition.
  public var version: Int64 = 0
  /// What the audience is for, where that is given.
  public var purpose: Bytes?
  /// How the profile stands now: `in`, `out` or `control`.
  public var status = Bytes.empty
  /// Counts the changes of this profile in this audience, from 1.
  public var seq: Int64 = 0
  /// What brought it about.
  public var reason = Reason()
  /// When the stay began that the change begins or ends.
  public var enteredAt: Bytes?
  /// The profile's email, where it is included.
  public var email: Bytes?
  /// The profile's phone number, where it is included.
  public var phone: Bytes?
  /// The traits that the audience includes: every property that is not of the record itself, as a JSON object; nothing
  /// where there is none.
  public var includedTraits: Bytes?
  /// Where it came about.
  public var source = Source()
  /// Whether it is for the reader's destination: `context.usher.to` names it, or the record names nobody.
  public var isAddressed = true
}

/// That a profile is erased: nothing of it is to be kept. All bytes are lent, as those of a change are.
public struct ErasureRecord {
  /// The profile id.
  public var profile = Bytes.empty
  /// When it was erased: an instant as text. Nothing where the record does not tell.
  public var timestamp: Bytes?
}

/// What a record of the topic for warehouses can be.
public enum ChangeOrErasure {
  /// A change of a membership.
  case change(ChangeRecord)
  /// The end of everything that is known of a profile.
  case erasure(ErasureRecord)
}

/// Why a record is not a change.
public enum ChangeRejection: Error, Sendable, Equatable {
  /// It has no value.
  case empty
  /// It is not JSON.
  case json
  /// It is not of type `track`.
  case type
  /// It is the erasure of a profile, where only changes are read.
  case delete
  /// A field, by its path, is missing or is not what it must be.
  case field(ChangeField)

  /// A short code.
  public var code: String {
    switch self {
    case .empty: "empty"
    case .json: "json"
    case .type: "type"
    case .delete: "delete"
    case .field: "field"
    }
  }

  /// Why, in words; nothing of the record itself.
  public var sentence: String {
    switch self {
    case .empty: "it has no value"
    case .json: "it is not JSON"
    case .type: "it is no change: expected an object of type track or delete"
    case .delete: "it is no change: it erases a profile"
    case .field(let field): "'\(field.rawValue)' is missing, or is not \(field.expected)"
    }
  }
}

/// The fields of a change that can be wrong, by their paths.
public enum ChangeField: String, Sendable {
  case event
  case profile = "userId"
  case messageId, timestamp, properties, context
  case change = "properties.change"
  case audience = "properties.audience"
  case audienceName = "properties.audience_name"
  case version = "properties.version"
  case purpose = "properties.purpose"
  case status = "properties.status"
  case seq = "properties.seq"
  case reason = "properties.reason"
  case reasonKind = "properties.reason.kind"
  case reasonName = "properties.reason.event or by"
  case enteredAt = "properties.entered_at"
  case usher = "context.usher"
  case partition = "context.usher.partition"
  case offset = "context.usher.offset"
  case clock = "context.usher.clock"
  case emittedAt = "context.usher.emitted_at"
  case to = "context.usher.to"
  case traits = "context.traits"
  case email = "context.traits.email"
  case phone = "context.traits.phone"

  /// What was expected, in words.
  public var expected: String {
    switch self {
    case .timestamp, .enteredAt, .clock, .emittedAt: "an instant such as 2026-11-20T20:02:11.417Z"
    case .properties, .context, .reason, .usher, .traits: "an object"
    case .version, .seq: "a whole number from 1 on"
    case .partition, .offset: "a whole number from 0 on"
    case .messageId: "32 hexadecimal digits in lower case"
    case .to: "a list of destinations' names"
    case .change: "one of entered, exited, held_out and holdout_ended"
    case .status: "one of in, out and control"
    default: "a text that is not empty"
    }
  }
}
