public import Audiences
public import Engine
public import Events

/// Where in the log, and when, a change came about.
public struct ChangeOrigin: Sendable {
  /// The partition of the input.
  public var partition: Int
  /// The offset of the record that brought it, or moved the clock to it.
  public var offset: Int64
  /// Where the partition's clock stood.
  public var clock: Instant
  /// When the change was written; `nil` where no wall clock takes part.
  public var emittedAt: Instant?

  /// An origin made of its parts.
  public init(partition: Int, offset: Int64, clock: Instant, emittedAt: Instant? = nil) {
    self.partition = partition
    self.offset = offset
    self.clock = clock
    self.emittedAt = emittedAt
  }
}

/// Writes changes in the shape of the Segment Spec's `track`, as the warehouse and analytics get them (topics.md, "A change,
/// to the warehouse").
public struct TrackRecord: ~Copyable {
  private let audiences: [ToldAudience]
  /// Of each audience: its members of `properties`, from its key to its purpose.
  private let properties: [String]
  /// Of each audience: the analytics tools that are told of it, as members of a list.
  private let analytics: [String]
  private let keys: [String]
  private let eventNames: [String]
  private var json = JSONWriter()
  private var id = ChangeId()

  /// Who a record is for: nobody gets more than they need.
  public enum Reader: Sendable {
    /// Everything that the audience includes, and who the person is.
    case warehouse
    /// Nothing by which a person could be known outside the shop.
    case analytics
  }

  /// A writer for the changes of a plan, and for those that a succession brings.
  public init(_ plan: Plan, after succession: Succession? = nil) {
    eventNames = plan.eventNames
    keys = plan.audiences.map(\.definition.key)
    audiences = ToldAudience.all(of: plan, after: succession)
    properties = audiences.map { audience in
      var json = JSONWriter()
      audience.write(to: &json)
      return json.text
    }
    analytics = audiences.map { audience in
      var json = JSONWriter()
      json.strings(audience.to.analytics)
      return json.text
    }
  }

  /// The record of a change, valid until the next call. `cause` is the record that brought it, if an event did.
  public mutating func write(
    _ change: Change, for reader: Reader = .warehouse, from origin: ChangeOrigin, cause: Bytes
  ) -> Bytes {
    let audience = audiences[change.audience]
    json.clear()
    json.raw("{\"type\":\"track\",\"event\":")
    json.string(name(of: change.kind, audience))
    json.raw(",\"userId\":")
    json.string(change.profile)
    json.raw(",\"messageId\":\"")
    id.write(change, audience, to: &json)
    json.raw("\",\"timestamp\":\"")
    json.instant(change.at)
    json.raw("\",\"properties\":{\"change\":\"")
    json.raw(change.kind.word)
    json.raw("\",")
    json.text(properties[change.audience])
    json.raw(",\"status\":\"")
    json.raw(change.kind.status)
    json.raw("\",\"seq\":")
    json.integer(Int64(change.seq))
    json.raw(",\"reason\":")
    writeReason(change.reason, cause: cause)
    json.raw(",\"entered_at\":\"")
    json.instant(change.enteredAt)
    json.byte(0x22)
    switch reader {
    case .warehouse: json.raw(change.payload)
    case .analytics: json.raw(change.impersonalPayload)
    }
    json.raw("},\"context\":{")
    writeOrigin(origin)
    switch reader {
    case .warehouse:
      json.raw("\"}")
      writeTraits(change.identifiers)
    case .analytics:
      json.raw("\",\"to\":")
      json.text(analytics[change.audience])
      json.raw("}")
    }
    json.raw("}}")
    return json.bytes
  }

  private mutating func writeOrigin(_ origin: ChangeOrigin) {
    json.raw("\"usher\":{\"partition\":")
    json.integer(Int64(origin.partition))
    json.raw(",\"offset\":")
    json.integer(origin.offset)
    json.raw(",\"clock\":\"")
    json.instant(origin.clock)
    if let emittedAt = origin.emittedAt {
      json.raw("\",\"emitted_at\":\"")
      json.instant(emittedAt)
    }
  }

  private mutating func writeTraits(_ identifiers: Identifiers) {
    if identifiers.isEmpty { return }
    json.raw(",\"traits\":{")
    if !identifiers.email.isEmpty {
      json.raw("\"email\":")
      json.string(identifiers.email)
    }
    if !identifiers.phone.isEmpty {
      json.raw(identifiers.email.isEmpty ? "\"phone\":" : ",\"phone\":")
      json.string(identifiers.phone)
    }
    json.byte(0x7D)
  }

  private func name(of kind: Change.Kind, _ audience: ToldAudience) -> String {
    switch kind {
    case .entered: audience.entryEvent
    case .exited: audience.exitEvent
    case .heldOut: "Audience Held Out"
    case .holdoutEnded: "Audience Holdout Ended"
    case .updated: "Audience Updated"
    }
  }

  private mutating func writeReason(_ reason: Change.Reason, cause: Bytes) {
    json.raw("{\"kind\":\"")
    json.raw(reason.word)
    json.byte(0x22)
    switch reason {
    case .event(let number):
      json.raw(",\"event\":")
      if number == Record.unknownEvent { json.string(cause) } else { json.string(eventNames[Int(number)]) }
    case .suppressed(let other), .outranked(let other):
      json.raw(",\"by\":")
      json.string(keys[other])
    default: break
    }
    json.byte(0x7D)
  }

  /// The record that says that a profile is erased: nothing of it is to be kept. Valid until the next call.
  public mutating func writeErasure(of profile: Bytes, at instant: Instant) -> Bytes {
    json.clear()
    json.raw("{\"type\":\"delete\",\"userId\":")
    json.string(profile)
    json.raw(",\"timestamp\":\"")
    json.instant(instant)
    json.raw("\"}")
    return json.bytes
  }
}

extension Change.Kind {
  /// The word for it in records.
  public var word: StaticString {
    switch self {
    case .entered: "entered"
    case .exited: "exited"
    case .heldOut: "held_out"
    case .holdoutEnded: "holdout_ended"
    case .updated: "updated"
    }
  }

  /// The status that it leads to.
  fileprivate var status: StaticString {
    switch self {
    case .entered, .updated: "in"
    case .heldOut: "control"
    case .exited, .holdoutEnded: "out"
    }
  }
}

extension Change.Reason {
  /// The word for it in records.
  public var word: StaticString {
    switch self {
    case .deleted: "deleted"
    case .merged: "merged"
    case .definition: "definition"
    case .stay: "stay"
    case .expired: "expired"
    case .trait: "trait"
    case .event: "event"
    case .suppressed: "suppressed"
    case .outranked: "outranked"
    case .heldOut: "held_out"
    }
  }
}
