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
  /// The other properties that the audience includes, as a JSON object; nothing where there is none.
  public var included: Bytes?
  /// Where it came about.
  public var source = Source()
}

/// Why a record is not a change.
public enum ChangeRejection: Error, Sendable, Equatable {
  /// It has no value.
  case empty
  /// It is not JSON.
  case json
  /// It is not of type `track`.
  case type
  /// It asks for a profile to be erased, which is not supported yet.
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
    case .type: "it is no change: expected an object of type track"
    case .delete: "erasing a profile (delete) is not supported yet"
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
    case .change: "one of entered, exited, held_out and holdout_ended"
    case .status: "one of in, out and control"
    default: "a text that is not empty"
    }
  }
}

/// Reads the records of a topic for warehouses one after the other. Nothing is copied but what a record includes.
public struct ChangeRecordReader: ~Copyable {
  /// How many bytes behind a record's last must be readable.
  public static let padding = JSONReader.padding

  private var json = JSONReader()
  private var included = JSONWriter(capacity: 1024)

  /// A reader.
  public init() {}

  /// Reads one record. `padding` bytes behind it must be readable.
  /// - Throws: ``ChangeRejection`` where it is not a change as the topic's schema describes it.
  public mutating func read(_ bytes: Bytes) throws(ChangeRejection) -> ChangeRecord {
    guard let document = json.read(bytes) else { throw .json }
    guard document.kind(0) == .object else { throw .type }
    var change = ChangeRecord()
    var (type, properties, context) = (Int?.none, Int?.none, Int?.none)
    for (key, node) in Members(of: 0, in: document) {
      switch key.count {
      case 4 where key == Bytes("type"): type = node
      case 5 where key == Bytes("event"): change.event = document.string(node)
      case 6 where key == Bytes("userId"): change.profile = document.string(node)
      case 7 where key == Bytes("context"): context = node
      case 9 where key == Bytes("messageId"): change.messageId = document.string(node)
      case 9 where key == Bytes("timestamp"): change.timestamp = document.string(node)
      case 10 where key == Bytes("properties"): properties = node
      default: break
      }
    }
    let name = type.map { document.string($0) } ?? .empty
    guard name == Bytes("track") else { throw name == Bytes("delete") ? .delete : .type }
    try require(!change.event.isEmpty, .event)
    try require(!change.profile.isEmpty, .profile)
    try require(change.messageId.isMessageId, .messageId)
    try require(change.timestamp.isInstant, .timestamp)
    try readProperties(try document.object(properties, .properties), document, &change)
    try readContext(try document.object(context, .context), document, &change)
    return change
  }

  private mutating func readProperties(
    _ object: Int, _ document: JSONDocument, _ change: inout ChangeRecord
  ) throws(ChangeRejection) {
    included.clear()
    var (kind, reason) = (Bytes.empty, Int?.none)
    for (key, node) in Members(of: object, in: document) {
      switch key.count {
      case 3 where key == Bytes("seq"): change.seq = document.integer(node)
      case 6 where key == Bytes("change"): kind = document.string(node)
      case 6 where key == Bytes("status"): change.status = document.string(node)
      case 6 where key == Bytes("reason"): reason = node
      case 7 where key == Bytes("version"): change.version = document.integer(node)
      case 7 where key == Bytes("purpose"): change.purpose = document.string(node)
      case 8 where key == Bytes("audience"): change.audience = document.string(node)
      case 10 where key == Bytes("entered_at"): change.enteredAt = document.string(node)
      case 13 where key == Bytes("audience_name"): change.audienceName = document.string(node)
      default:
        included.raw(included.count == 0 ? "{" : ",")
        included.string(key)
        included.raw(":")
        document.write(node, to: &included)
      }
    }
    if included.count > 0 {
      included.raw("}")
      change.included = included.bytes
    }
    change.kind = try ChangeRecord.Kind(kind)
    change.reason = try document.reason(try document.object(reason, .reason))
    try require(!change.audience.isEmpty, .audience)
    try require(!change.audienceName.isEmpty, .audienceName)
    try require(change.version > 0, .version)
    try require(change.seq > 0, .seq)
    try require(change.status.isStatus, .status)
    try require(change.purpose.map { !$0.isEmpty } ?? true, .purpose)
    try require(change.enteredAt.map(\.isInstant) ?? true, .enteredAt)
  }

  private func readContext(
    _ object: Int, _ document: JSONDocument, _ change: inout ChangeRecord
  ) throws(ChangeRejection) {
    var (usher, traits) = (Int?.none, Int?.none)
    for (key, node) in Members(of: object, in: document) {
      if key == Bytes("usher") { usher = node } else if key == Bytes("traits") { traits = node }
    }
    change.source = try document.source(try document.object(usher, .usher))
    guard let traits else { return }
    for (key, node) in Members(of: try document.object(traits, .traits), in: document) {
      if key == Bytes("email") {
        change.email = document.string(node)
      } else if key == Bytes("phone") {
        change.phone = document.string(node)
      }
    }
    try require(change.email.map { !$0.isEmpty } ?? true, .email)
    try require(change.phone.map { !$0.isEmpty } ?? true, .phone)
  }
}

/// The members of an object in their order; of equal keys the last one is to count, as in every JSON parser of note.
private struct Members: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var node: Int
  private let end: Int

  init(of object: Int, in document: JSONDocument) {
    self.document = document
    node = object + 1
    end = document.next(object)
  }

  mutating func next() -> (key: Bytes, node: Int)? {
    guard node < end else { return nil }
    defer { node = document.next(node) }
    return (document.key(node), node)
  }
}

private func require(_ condition: Bool, _ field: ChangeField) throws(ChangeRejection) {
  guard condition else { throw .field(field) }
}

extension JSONDocument {
  /// The text of a string; nothing where the value is none.
  fileprivate func string(_ node: Int) -> Bytes { kind(node) == .string ? text(node) : .empty }

  /// A whole number that is not negative; -1 for everything else.
  fileprivate func integer(_ node: Int) -> Int64 {
    guard kind(node) == .number else { return -1 }
    let digits = text(node)
    guard digits.count <= 18 else { return -1 }
    var number: Int64 = 0
    for index in 0..<digits.count {
      let digit = Int64(digits[index]) - 0x30
      guard (0...9).contains(digit) else { return -1 }
      number = number * 10 + digit
    }
    return number
  }

  fileprivate func object(_ node: Int?, _ field: ChangeField) throws(ChangeRejection) -> Int {
    guard let node, kind(node) == .object else { throw .field(field) }
    return node
  }

  fileprivate func reason(_ object: Int) throws(ChangeRejection) -> ChangeRecord.Reason {
    var reason = ChangeRecord.Reason()
    for (key, node) in Members(of: object, in: self) {
      if key == Bytes("kind") {
        reason.kind = string(node)
      } else if key == Bytes("event") || key == Bytes("by") {
        reason.name = string(node)
      }
    }
    try require(!reason.kind.isEmpty, .reasonKind)
    try require(reason.name.map { !$0.isEmpty } ?? true, .reasonName)
    return reason
  }

  fileprivate func source(_ object: Int) throws(ChangeRejection) -> ChangeRecord.Source {
    var source = ChangeRecord.Source(partition: -1, offset: -1)
    for (key, node) in Members(of: object, in: self) {
      switch key.count {
      case 5 where key == Bytes("clock"): source.clock = string(node)
      case 6 where key == Bytes("offset"): source.offset = integer(node)
      case 9 where key == Bytes("partition"): source.partition = integer(node)
      case 10 where key == Bytes("emitted_at"): source.emittedAt = string(node)
      default: break
      }
    }
    try require(source.partition >= 0, .partition)
    try require(source.offset >= 0, .offset)
    try require(source.clock.isInstant, .clock)
    try require(source.emittedAt.map(\.isInstant) ?? true, .emittedAt)
    return source
  }

  /// Writes a value as it is, numbers by their own digits.
  fileprivate func write(_ node: Int, to json: inout JSONWriter) {
    switch kind(node) {
    case .null: json.raw("null")
    case .no: json.raw("false")
    case .yes: json.raw("true")
    case .number: json.raw(text(node))
    case .string: json.string(text(node))
    case .array, .object:
      let isObject = kind(node) == .object
      json.raw(isObject ? "{" : "[")
      var isFirst = true
      for (key, inner) in Members(of: node, in: self) {
        if !isFirst { json.raw(",") }
        isFirst = false
        if isObject {
          json.string(key)
          json.raw(":")
        }
        write(inner, to: &json)
      }
      json.raw(isObject ? "}" : "]")
    }
  }
}

extension ChangeRecord.Kind {
  fileprivate init(_ word: Bytes) throws(ChangeRejection) {
    if word == Bytes("entered") {
      self = .entered
    } else if word == Bytes("exited") {
      self = .exited
    } else if word == Bytes("held_out") {
      self = .heldOut
    } else if word == Bytes("holdout_ended") {
      self = .holdoutEnded
    } else {
      throw .field(.change)
    }
  }
}

extension Bytes {
  /// Exactly as Usher writes it, so that instants can be compared as texts.
  fileprivate var isInstant: Bool {
    count == 24 && self[10] == 0x54 && self[19] == 0x2E && self[23] == 0x5A && Instant(iso8601: self) != nil
  }

  fileprivate var isMessageId: Bool {
    guard count == 32 else { return false }
    for index in 0..<count {
      guard (0x30...0x39).contains(self[index]) || (0x61...0x66).contains(self[index]) else { return false }
    }
    return true
  }

  fileprivate var isStatus: Bool { self == Bytes("in") || self == Bytes("out") || self == Bytes("control") }
}
