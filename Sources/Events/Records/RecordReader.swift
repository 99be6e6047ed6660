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
    var record = Record()
    do throws(Rejection) {
      return try read(bytes, into: &record) ? .record(record) : .skipped
    } catch {
      return .rejected(error)
    }
  }

  /// Reads one record to where it is wanted; false where it is to be passed over. `padding` bytes behind it must be
  /// readable.
  public mutating func read(_ bytes: Bytes, into record: inout Record) throws(Rejection) -> Bool {
    guard bytes.count <= Self.largestBytes else { throw .tooLarge }
    guard let document = json.read(bytes) else { throw .json }
    guard document.kind(0) == .object else { throw .type }
    let fields = Fields(document)
    guard fields.type != Fields.none, document.kind(Int(fields.type)) == .string else { throw .type }
    record = Record(document: document)
    guard try begin(&record, fields, type: document.text(Int(fields.type))) else { return false }
    record.profileHash = Hash64.of(record.profile)
    record.timeMs = try fields.timeMs()
    if record.event == Record.unknownEvent, record.kind == .event { unknownEvents.count(record.eventName) }
    record.messageHash = fields.messageHash()
    read(fields, into: &record)
    return true
  }

  /// What it is, and whose; false where it is to be passed over.
  private mutating func begin(_ record: inout Record, _ fields: Fields, type: Bytes) throws(Rejection) -> Bool {
    if type == Bytes("group") { return false }
    let isTrack = type == Bytes("track")
    if isTrack || type == Bytes("page") || type == Bytes("screen") {
      record.profile = try fields.profile()
      if isTrack {
        record.nameNode = try fields.name()
        record.event = eventNames.number(of: record.eventName)
      } else {
        record.event = type == Bytes("page") ? pageViewed : screenViewed
      }
    } else if type == Bytes("identify") {
      record.profile = try fields.profile()
      record.kind = .identify
      record.mergedNode = fields.mergedByIdentify()
    } else if type == Bytes("alias") {
      record.profile = try fields.profile()
      record.kind = .alias
      record.mergedNode = fields.mergedByAlias()
    } else if type == Bytes("delete") {
      record.profile = try fields.profile()
      record.kind = .delete
    } else {
      throw .type
    }
    return true
  }

  /// The properties of an event that the taxonomy knows, or the traits that an `identify` sets.
  private mutating func read(_ fields: Fields, into record: inout Record) {
    let isIdentify = record.kind == .identify
    if record.event == Record.unknownEvent && !isIdentify { return }
    let members = isIdentify ? fields.traits : fields.properties
    guard members != Fields.none, fields.document.kind(Int(members)) == .object else { return }
    record.properties = members
    resolve(Int(members), in: isIdentify ? scopes.traits : Int(record.event) + 1, fields.document)
  }

  /// Writes into the members of an object what their keys mean, and counts values of another type than declared.
  private mutating func resolve(_ object: Int, in scope: Int, _ document: JSONDocument) {
    var node = object + 1
    let end = document.next(object)
    var place = 0
    while node < end {
      if let entry = scopes.entry(of: document.key(node), at: place, in: scope) {
        let row = scopes[entry]
        document.note(node, name: row.pointee.name, rank: row.pointee.rank)
        let isPlain = document.kind(node) == .string && row.pointee.expected == .string
        if !isPlain { descend(into: node, as: entry, document) }
      }
      place += 1
      node = document.next(node)
    }
  }

  /// Through lists into objects; counts a value that is not what was expected.
  private mutating func descend(into node: Int, as entry: Int, _ document: JSONDocument) {
    let expected = scopes[entry].pointee.expected
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
      resolve(node, in: scopes[entry].pointee.inner, document)
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
  static let none = JSONDocument.nowhere

  let document: JSONDocument
  var type = none
  var event = none
  var userId = none
  var anonymousId = none
  var messageId = none
  var timestamp = none
  var properties = none
  var traits = none
  var previousId = none

  init(_ document: JSONDocument) {
    self.document = document
    var place = 1
    while place < document.count {
      let key = document.key(place)
      let node = Int32(truncatingIfNeeded: place)
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
      place = document.next(place)
    }
  }

  func profile() throws(Rejection) -> Bytes {
    if isIdentifier(userId) { return document.text(Int(userId)) }
    if isIdentifier(anonymousId) { return document.text(Int(anonymousId)) }
    throw .user
  }

  /// Where both ids are there, and differ: the anonymous profile moves into the known one.
  func mergedByIdentify() -> Int32 { other(anonymousId) }

  /// The Segment Spec names the former id `previousId`; without it, it is the anonymous one.
  func mergedByAlias() -> Int32 { other(isIdentifier(previousId) ? previousId : anonymousId) }

  private func other(_ node: Int32) -> Int32 {
    guard isIdentifier(userId), isIdentifier(node) else { return Self.none }
    return document.text(Int(userId)) == document.text(Int(node)) ? Self.none : node
  }

  /// A string that is not empty; a number is its digits.
  private func isIdentifier(_ node: Int32) -> Bool {
    guard node != Self.none else { return false }
    switch document.kind(Int(node)) {
    case .string, .number: return !document.text(Int(node)).isEmpty
    default: return false
    }
  }

  func name() throws(Rejection) -> Int32 {
    guard event != Self.none, document.kind(Int(event)) == .string, !document.text(Int(event)).isEmpty else {
      throw .name
    }
    return event
  }

  /// In milliseconds; `min` where the record does not say.
  func timeMs() throws(Rejection) -> Int64 {
    guard timestamp != Self.none, !document.isAbsent(Int(timestamp)) else { return .min }
    let text = document.text(Int(timestamp))
    switch document.kind(Int(timestamp)) {
    case .string:
      guard let time = Instant(timeString: text) else { throw .time }
      return time.ms
    case .number:
      guard let number = Millionths(decimal: text) else { throw .time }
      return Instant(epoch: number).ms
    default: throw .time
    }
  }

  /// Never zero for a record that has an id.
  func messageHash() -> UInt64 {
    isIdentifier(messageId) ? max(1, Hash64.of(document.text(Int(messageId)))) : 0
  }
}
