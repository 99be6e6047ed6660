/// Reads the records of a topic for warehouses, or for analytics, one after the other. Nothing is copied but what a record
/// includes.
public struct ChangeRecordReader: ~Copyable {
  /// How many bytes behind a record's last must be readable.
  public static let padding = JSONReader.padding

  private var json = JSONReader()
  private var included = JSONWriter(capacity: 1024)
  private let destination: [UInt8]?
  private let traits: [[UInt8]]?

  /// A reader.
  /// - Parameters:
  ///   - destination: whose records count, where a record says whom it is for; `nil`: everybody's.
  ///   - traits: which of the included traits are read; `nil`: all.
  public init(for destination: String? = nil, keeping traits: [String]? = nil) {
    self.destination = destination.map { Array($0.utf8) }
    self.traits = traits.map { $0.map { Array($0.utf8) } }
  }

  /// Reads one record that is to be a change. `padding` bytes behind it must be readable.
  /// - Throws: ``ChangeRejection`` where it is not a change as the topic's schema describes it.
  public mutating func read(_ bytes: Bytes) throws(ChangeRejection) -> ChangeRecord {
    guard case .change(let change) = try readEither(bytes) else { throw .delete }
    return change
  }

  /// Reads one record. `padding` bytes behind it must be readable.
  /// - Throws: ``ChangeRejection`` where it is neither a change nor an erasure as the topic's schema describes them.
  public mutating func readEither(_ bytes: Bytes) throws(ChangeRejection) -> ChangeOrErasure {
    guard let document = json.read(bytes) else { throw .json }
    guard document.kind(0) == .object else { throw .type }
    var change = ChangeRecord()
    var (type, timestamp, properties, context) = (Int?.none, Int?.none, Int?.none, Int?.none)
    for (key, node) in Members(of: 0, in: document) {
      switch key.count {
      case 4 where key == Bytes("type"): type = node
      case 5 where key == Bytes("event"): change.event = document.string(node)
      case 6 where key == Bytes("userId"): change.profile = document.string(node)
      case 7 where key == Bytes("context"): context = node
      case 9 where key == Bytes("messageId"): change.messageId = document.string(node)
      case 9 where key == Bytes("timestamp"): timestamp = node
      case 10 where key == Bytes("properties"): properties = node
      default: break
      }
    }
    let name = type.map { document.string($0) } ?? .empty
    if name == Bytes("delete") { return .erasure(try erasure(change.profile, at: timestamp, document)) }
    guard name == Bytes("track") else { throw .type }
    change.timestamp = timestamp.map { document.string($0) } ?? .empty
    try require(!change.event.isEmpty, .event)
    try require(!change.profile.isEmpty, .profile)
    try require(change.messageId.isMessageId, .messageId)
    try require(change.timestamp.isInstant, .timestamp)
    try readProperties(try document.object(properties, .properties), document, &change)
    try readContext(try document.object(context, .context), document, &change)
    return .change(change)
  }

  private func erasure(
    _ profile: Bytes, at timestamp: Int?, _ document: JSONDocument
  ) throws(ChangeRejection) -> ErasureRecord {
    try require(!profile.isEmpty, .profile)
    let instant = timestamp.map { document.string($0) }
    try require(instant.map(\.isInstant) ?? true, .timestamp)
    return ErasureRecord(profile: profile, timestamp: instant)
  }

  private func isAddressed(_ usher: Int, _ document: JSONDocument) throws(ChangeRejection) -> Bool {
    var list: Int?
    for (key, node) in Members(of: usher, in: document) where key == Bytes("to") { list = node }
    guard let list else { return true }
    try require(document.kind(list) == .array, .to)
    var isNamed = destination == nil
    for (_, node) in Members(of: list, in: document) {
      try require(document.kind(node) == .string, .to)
      if let destination, destination.withUnsafeBytes({ Bytes($0) == document.text(node) }) { isNamed = true }
    }
    return isNamed
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
        guard keeps(key) else { continue }
        included.raw(included.count == 0 ? "{" : ",")
        included.string(key)
        included.raw(":")
        document.write(node, to: &included)
      }
    }
    if included.count > 0 {
      included.raw("}")
      change.includedTraits = included.bytes
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

  private func keeps(_ trait: Bytes) -> Bool {
    guard let traits else { return true }
    return traits.contains { $0.withUnsafeBytes { Bytes($0) == trait } }
  }

  private func readContext(
    _ object: Int, _ document: JSONDocument, _ change: inout ChangeRecord
  ) throws(ChangeRejection) {
    var (usher, traits) = (Int?.none, Int?.none)
    for (key, node) in Members(of: object, in: document) {
      if key == Bytes("usher") { usher = node } else if key == Bytes("traits") { traits = node }
    }
    let place = try document.object(usher, .usher)
    change.source = try document.source(place)
    change.isAddressed = try isAddressed(place, document)
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
