/// Reads records (topics.md, "An input record") one after the other, without copying them.
public struct RecordReader: ~Copyable {
  /// The largest record that is read, in bytes.
  public static let largestBytes = 1 << 20
  /// How many bytes behind a record's last must be readable.
  public static let padding = JSONReader.padding
  /// How many records there are at a time: one is valid until so many further ones are read.
  public static let kept = JSONReader.kept

  private var json = JSONReader()
  private var eventNames: EventNames
  private var scopes: PropertyScopes
  private let pageViewed: Int32
  private let screenViewed: Int32
  /// How many numbers did not fit into 64 bits of millionths, and counted as absent.
  public private(set) var overflows = 0
  /// How many records had an event that the taxonomy does not know.
  public private(set) var unknownEvents = UnknownEvents()

  /// A reader that tells apart the properties named in `names` (and adds those of the taxonomy to them).
  public init(_ taxonomy: Taxonomy, names: inout PropertyNames) {
    eventNames = EventNames(taxonomy)
    scopes = PropertyScopes(taxonomy, names: &names)
    pageViewed = taxonomy.position(of: Taxonomy.pageViewed).map(Int32.init) ?? Record.unknownEvent
    screenViewed = taxonomy.position(of: Taxonomy.screenViewed).map(Int32.init) ?? Record.unknownEvent
  }

  /// Reads one record. `padding` bytes behind it must be readable.
  public mutating func read(_ bytes: Bytes) -> Reading {
    guard bytes.count <= Self.largestBytes else { return .rejected(.tooLarge) }
    guard let document = json.read(bytes) else { return .rejected(.json) }
    guard document.kind(0) == .object else { return .rejected(.type) }
    let fields = Fields(document)
    guard let type = fields.type, document.kind(type) == .string else { return .rejected(.type) }
    do {
      return try record(of: fields, type: document.text(type))
    } catch {
      return .rejected(error)
    }
  }

  private mutating func record(of fields: Fields, type: Bytes) throws(Rejection) -> Reading {
    var record = Record(document: fields.document)
    if type == Bytes("track") {
      record.profile = try fields.profile()
      record.eventName = try fields.name()
      record.event = eventNames.number(of: record.eventName)
    } else if type == Bytes("page") {
      record.profile = try fields.profile()
      record.event = pageViewed
    } else if type == Bytes("screen") {
      record.profile = try fields.profile()
      record.event = screenViewed
    } else if type == Bytes("identify") {
      record.profile = try fields.profile()
      record.kind = .identify
      record.merged = fields.mergedByIdentify()
    } else if type == Bytes("alias") {
      record.profile = try fields.profile()
      record.kind = .alias
      record.merged = fields.mergedByAlias()
    } else if type == Bytes("delete") {
      record.profile = try fields.profile()
      record.kind = .delete
    } else if type == Bytes("group") {
      return .skipped
    } else {
      throw .type
    }
    record.profileHash = Hash64.of(record.profile)
    record.time = try fields.time()
    if record.event == Record.unknownEvent, record.kind == .event { unknownEvents.count(record.eventName) }
    record.messageHash = fields.messageHash()
    read(fields, into: &record)
    return .record(record)
  }

  /// The properties of an event that the taxonomy knows, or the traits that an `identify` sets.
  private mutating func read(_ fields: Fields, into record: inout Record) {
    let isIdentify = record.kind == .identify
    if record.event == Record.unknownEvent && !isIdentify { return }
    guard let members = isIdentify ? fields.traits : fields.properties, fields.document.kind(members) == .object else {
      return
    }
    record.properties = members
    resolve(members, in: isIdentify ? scopes.traits : Int(record.event) + 1, fields.document)
  }

  /// Writes into the members of an object what their keys mean, and counts values of another type than declared.
  private mutating func resolve(_ object: Int, in scope: Int, _ document: JSONDocument) {
    var node = object + 1
    let end = document.next(object)
    var place = 0
    while node < end {
      if let entry = scopes.entry(of: document.key(node), at: place, in: scope) {
        document.note(node, name: scopes[entry].name, rank: scopes[entry].rank)
        descend(into: node, as: entry, document)
      }
      place += 1
      node = document.next(node)
    }
  }

  /// Through lists into objects; counts a value that is not what was expected.
  private mutating func descend(into node: Int, as entry: Int, _ document: JSONDocument) {
    let expected = scopes[entry].expected
    let fits: Bool
    switch document.kind(node) {
    case .null: fits = true
    case .array:
      fits = true
      var item = node + 1
      while item < document.next(node) {
        descend(into: item, as: entry, document)
        item = document.next(item)
      }
    case .object:
      fits = expected == .object
      resolve(node, in: scopes[entry].inner, document)
    case .string:
      switch expected {
      case .string: fits = true
      case .time: fits = Instant(timeString: document.text(node)) != nil
      case .number: fits = Millionths(numericString: document.text(node)) != nil
      default: fits = false
      }
    case .number:
      fits = expected == .number || expected == .time
      if Millionths.mayOverflow(document.text(node)), Millionths(decimal: document.text(node)) == nil { overflows += 1 }
    case .no, .yes: fits = expected == .boolean
    }
    if !fits, expected != .anything { scopes.countWrongType(entry) }
  }

  /// How many values had another type than the taxonomy declares, by event and property, the most first.
  public var wrongTypes: [(property: String, count: Int)] {
    zip(scopes.labels, scopes.wrongTypes).filter { $0.1 > 0 }.map { ($0, $1) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}

/// The members of a record that mean something; of equal keys the last one counts, as in every JSON parser of note.
private struct Fields {
  let document: JSONDocument
  var type: Int?
  var event: Int?
  var userId: Int?
  var anonymousId: Int?
  var messageId: Int?
  var timestamp: Int?
  var properties: Int?
  var traits: Int?
  var previousId: Int?

  init(_ document: JSONDocument) {
    self.document = document
    var node = 1
    while node < document.count {
      let key = document.key(node)
      switch key.count {
      case 4: if key == Bytes("type") { type = node }
      case 5: if key == Bytes("event") { event = node }
      case 6: if key == Bytes("userId") { userId = node } else if key == Bytes("traits") { traits = node }
      case 9: if key == Bytes("messageId") { messageId = node } else if key == Bytes("timestamp") { timestamp = node }
      case 10:
        if key == Bytes("properties") { properties = node } else if key == Bytes("previousId") { previousId = node }
      case 11: if key == Bytes("anonymousId") { anonymousId = node }
      default: break
      }
      node = document.next(node)
    }
  }

  func profile() throws(Rejection) -> Bytes {
    guard let id = identifier(userId) ?? identifier(anonymousId) else { throw .user }
    return id
  }

  /// Where both ids are there, and differ: the anonymous profile moves into the known one.
  func mergedByIdentify() -> Bytes { other(identifier(anonymousId)) }

  /// The Segment Spec names the former id `previousId`; without it, it is the anonymous one.
  func mergedByAlias() -> Bytes { other(identifier(previousId) ?? identifier(anonymousId)) }

  private func other(_ id: Bytes?) -> Bytes {
    guard let known = identifier(userId), let id, id != known else { return .empty }
    return id
  }

  /// A string that is not empty; a number is its digits.
  private func identifier(_ node: Int?) -> Bytes? {
    guard let node else { return nil }
    switch document.kind(node) {
    case .string, .number: return document.text(node).isEmpty ? nil : document.text(node)
    default: return nil
    }
  }

  func name() throws(Rejection) -> Bytes {
    guard let event, document.kind(event) == .string, !document.text(event).isEmpty else { throw .name }
    return document.text(event)
  }

  func time() throws(Rejection) -> Instant? {
    guard let timestamp, !document.isAbsent(timestamp) else { return nil }
    switch document.kind(timestamp) {
    case .string:
      guard let time = Instant(timeString: document.text(timestamp)) else { throw .time }
      return time
    case .number:
      guard let number = Millionths(decimal: document.text(timestamp)) else { throw .time }
      return Instant(epoch: number)
    default: throw .time
    }
  }

  /// Never zero for a record that has an id.
  func messageHash() -> UInt64 {
    guard let id = identifier(messageId) else { return 0 }
    return max(1, Hash64.of(id))
  }
}
