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

/// Writes changes as the warehouse gets them (topics.md, "A change, to the warehouse").
public struct WarehouseRecord: ~Copyable {
  private let audiences: [Fragments]
  private let keys: [String]
  private let eventNames: [String]
  private var json = JSONWriter()
  private var message = JSONWriter(capacity: 256)

  /// What is the same in every change of an audience.
  private struct Fragments {
    var key: String
    var version: Int
    var entryEvent: String
    var exitEvent: String
    /// From the audience's key to its purpose.
    var properties: String
  }

  /// A writer for the audiences of a plan, and for those whose members leave because nobody asks for them any more.
  public init(_ plan: Plan, farewells: [Succession.Farewell] = []) {
    eventNames = plan.eventNames
    keys = plan.audiences.map(\.definition.key)
    audiences =
      plan.audiences.map(\.definition).map {
        Self.fragments(
          key: $0.key, name: $0.name, version: $0.version, purpose: $0.purpose?.rawValue, entryEvent: $0.entryEvent,
          exitEvent: $0.exitEvent)
      }
      + farewells.map(\.audience).map {
        Self.fragments(
          key: $0.key, name: $0.telling.name, version: $0.telling.version, purpose: $0.telling.purpose, entryEvent: nil,
          exitEvent: $0.telling.exitEvent)
      }
  }

  private static func fragments(
    key: String, name: String, version: Int, purpose: String?, entryEvent: String?, exitEvent: String?
  ) -> Fragments {
    var json = JSONWriter()
    json.raw("\"audience\":")
    json.string(key)
    json.raw(",\"audience_name\":")
    json.string(name)
    json.raw(",\"version\":")
    json.integer(Int64(version))
    if let purpose {
      json.raw(",\"purpose\":")
      json.string(purpose)
    }
    return Fragments(
      key: key, version: version, entryEvent: entryEvent ?? "Audience Entered",
      exitEvent: exitEvent ?? "Audience Exited", properties: json.text)
  }

  /// The record of a change, valid until the next call. `cause` is the record that brought it, if an event did.
  public mutating func write(_ change: Change, from origin: ChangeOrigin, cause: Bytes) -> Bytes {
    let audience = audiences[change.audience]
    json.clear()
    json.raw("{\"type\":\"track\",\"event\":")
    json.string(name(of: change.kind, audience))
    json.raw(",\"userId\":")
    json.string(change.profile)
    json.raw(",\"messageId\":\"")
    writeMessageId(change, audience)
    json.raw("\",\"timestamp\":\"")
    json.instant(change.at)
    json.raw("\",\"properties\":{\"change\":\"")
    json.raw(change.kind.word)
    json.raw("\",")
    json.text(audience.properties)
    json.raw(",\"status\":\"")
    json.raw(change.kind.status)
    json.raw("\",\"seq\":")
    json.integer(Int64(change.seq))
    json.raw(",\"reason\":")
    writeReason(change.reason, cause: cause)
    json.raw(",\"entered_at\":\"")
    json.instant(change.enteredAt)
    json.byte(0x22)
    json.raw(change.payload)
    json.raw("},\"context\":{\"usher\":{\"partition\":")
    json.integer(Int64(origin.partition))
    json.raw(",\"offset\":")
    json.integer(origin.offset)
    json.raw(",\"clock\":\"")
    json.instant(origin.clock)
    if let emittedAt = origin.emittedAt {
      json.raw("\",\"emitted_at\":\"")
      json.instant(emittedAt)
    }
    json.raw("\"}}}")
    return json.bytes
  }

  private func name(of kind: Change.Kind, _ audience: Fragments) -> String {
    switch kind {
    case .entered: audience.entryEvent
    case .exited: audience.exitEvent
    case .heldOut: "Audience Held Out"
    case .holdoutEnded: "Audience Holdout Ended"
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

  /// The first 32 hex digits of SHA-256 of `audience:version:profile:change:timestamp in ms:seq`: the same change
  /// always has the same id.
  private mutating func writeMessageId(_ change: Change, _ audience: Fragments) {
    message.clear()
    message.text(audience.key)
    message.byte(0x3A)
    message.integer(Int64(audience.version))
    message.byte(0x3A)
    message.raw(change.profile)
    message.byte(0x3A)
    message.raw(change.kind.word)
    message.byte(0x3A)
    message.integer(change.at.ms)
    message.byte(0x3A)
    message.integer(Int64(change.seq))
    SHA256.withDigest(of: message.bytes) { json.hex($0.slice(0, 16)) }
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
    }
  }

  /// The status that it leads to.
  fileprivate var status: StaticString {
    switch self {
    case .entered: "in"
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
