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
  /// By the numbers of the shapes that were learnt.
  private var layouts: [RecordLayout] = []
  /// What the layouts want examined.
  private var examined: [ExaminedValue] = []
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
    if document.shape >= 0 {
      let layout = layouts[Int(document.shape)]
      try fill(&record, layout, document)
      for place in layout.examined { examine(examined[place], document) }
    } else {
      guard var layout = try layout(of: document) else { return false }
      try fill(&record, layout, document)
      let examinedBefore = examined.count
      if layout.properties != RecordFields.none { resolve(Int(layout.properties), in: layout.scope, document) }
      layout.examined = examinedBefore..<examined.count
      for place in layout.examined { examine(examined[place], document) }
      learn(layout, of: document, bytes)
    }
    return true
  }

  /// What the records of a document's shape have in common; `nil` where they are to be passed over.
  private mutating func layout(of document: JSONDocument) throws(Rejection) -> RecordLayout? {
    guard document.kind(0) == .object else { throw .type }
    let fields = RecordFields(document)
    guard fields.type != RecordFields.none, document.kind(Int(fields.type)) == .string else { throw .type }
    let type = document.text(Int(fields.type))
    if type == Bytes("group") { return nil }
    guard let kind = RecordKind(type: type) else { throw .type }
    var layout = RecordLayout(fields: fields, kind: kind)
    _ = try fields.profile(document)
    if type == Bytes("track") {
      layout.name = try fields.name(document)
      layout.event = eventNames.number(of: document.text(Int(layout.name)))
    } else if kind == .event {
      layout.event = type == Bytes("page") ? pageViewed : screenViewed
    }
    layout.identifiers = IdentifierFields(fields, kind, document)
    if kind == .identify {
      layout.scope = scopes.traits
      layout.properties = object(fields.traits, document)
    } else if layout.event != Record.unknownEvent {
      layout.scope = Int(layout.event) + 1
      layout.properties = object(fields.properties, document)
    }
    return layout
  }

  private func object(_ node: Int32, _ document: JSONDocument) -> Int32 {
    node != RecordFields.none && document.kind(Int(node)) == .object ? node : RecordFields.none
  }

  private mutating func fill(
    _ record: inout Record, _ layout: RecordLayout, _ document: JSONDocument
  ) throws(Rejection) {
    record = Record(document: document)
    record.kind = layout.kind
    record.event = layout.event
    record.nameNode = layout.name
    record.properties = layout.properties
    record.identifiers = layout.identifiers
    record.profile = try layout.fields.profile(document)
    if layout.kind == .identify { record.mergedNode = layout.fields.mergedByIdentify(document) }
    if layout.kind == .alias { record.mergedNode = layout.fields.mergedByAlias(document) }
    record.profileHash = Hash64.of(record.profile)
    record.timeMs = try layout.fields.timeMs(document)
    record.messageHash = layout.fields.messageHash(document)
    if layout.event == Record.unknownEvent, layout.kind == .event { unknownEvents.count(record.eventName) }
  }

  /// Learns the shape of a record that will be met again: not those of names that a stream makes up.
  private mutating func learn(_ layout: RecordLayout, of document: JSONDocument, _ bytes: Bytes) {
    let isCommon = layout.kind == .identify || layout.event != Record.unknownEvent
    guard isCommon, let number = json.learn(document, of: bytes, fixed: layout.fixed) else {
      examined.removeSubrange(layout.examined)
      return
    }
    if number == 0 {
      layouts.removeAll()
      examined.removeSubrange(..<layout.examined.lowerBound)
    }
    var layout = layout
    layout.examined = (examined.count - layout.examined.count)..<examined.count
    layouts.append(layout)
  }

  /// Writes into the members of an object what their keys mean, and notes values that are to be examined.
  private mutating func resolve(_ object: Int, in scope: Int, _ document: JSONDocument) {
    var node = object + 1
    let end = document.next(object)
    var place = 0
    while node < end {
      if let entry = scopes.entry(of: document.key(node), at: place, in: scope) {
        let row = scopes[entry]
        document.note(node, name: row.pointee.name, rank: row.pointee.rank)
        descend(into: node, as: entry, document)
      }
      place += 1
      node = document.next(node)
    }
  }

  /// Through lists into objects.
  private mutating func descend(into node: Int, as entry: Int, _ document: JSONDocument) {
    let expected = scopes[entry].pointee.expected
    switch document.kind(node) {
    case .null: return
    case .array:
      var item = node + 1
      while item < document.next(node) {
        descend(into: item, as: entry, document)
        item = document.next(item)
      }
      return
    case .object:
      resolve(node, in: scopes[entry].pointee.inner, document)
      if expected == .object || expected == .anything { return }
    case .string: if expected == .string || expected == .anything { return }
    case .number: break
    case .no, .yes: if expected == .boolean || expected == .anything { return }
    }
    examined.append(ExaminedValue(node: Int32(truncatingIfNeeded: node), entry: Int32(truncatingIfNeeded: entry)))
  }

  /// Counts a value that is not what was expected, and a number that is too large.
  private mutating func examine(_ value: ExaminedValue, _ document: JSONDocument) {
    let text = document.text(Int(value.node))
    let expected = scopes[Int(value.entry)].pointee.expected
    let fits: Bool
    switch document.kind(Int(value.node)) {
    case .string where expected == .time: fits = Instant(timeString: text) != nil
    case .string where expected == .number: fits = Millionths(numericString: text) != nil
    case .number:
      fits = expected == .number || expected == .time || expected == .anything
      if Millionths.mayOverflow(text), Millionths(decimal: text) == nil { overflows += 1 }
    default: fits = false
    }
    if !fits { scopes.countWrongType(Int(value.entry)) }
  }

  /// How many values had another type than the taxonomy declares, by event and property, the most first.
  public var wrongTypes: [(property: String, count: Int)] {
    zip(scopes.labels, scopes.wrongTypes).filter { $0.1 > 0 }.map { ($0, $1) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }
}
