/// What the records of one shape have in common: it is found once, when the first of them is read.
struct RecordLayout {
  let fields: RecordFields
  let kind: RecordKind
  /// The event's number in the taxonomy, or `Record.unknownEvent`.
  var event = Record.unknownEvent
  /// Where the event's name stands.
  var name = RecordFields.none
  /// The object of the properties, or of the traits that an `identify` sets; `none` where nobody looks into it.
  var properties = RecordFields.none
  /// Where identifiers stand.
  var identifiers = IdentifierFields()
  /// What the keys of `properties` mean.
  var scope = PropertyScopes.undeclared
  /// Places in the reader's list of values to be examined.
  var examined = 0..<0

  init(fields: RecordFields, kind: RecordKind) {
    self.fields = fields
    self.kind = kind
  }

  /// The nodes whose values make a record another sort of record, in the order of the document.
  var fixed: [UInt32] {
    [fields.type, name].filter { $0 != RecordFields.none }.map { UInt32($0) }.sorted()
  }
}

/// A value whose type or size is to be looked at, record by record.
struct ExaminedValue {
  let node: Int32
  /// Of `PropertyScopes`: what is expected of it.
  let entry: Int32
}

extension RecordKind {
  /// What a record is by its `type`; `nil` for one that is of no known type, or passed over.
  init?(type: Bytes) {
    switch type.count {
    case 4 where type == Bytes("page"): self = .event
    case 5 where type == Bytes("track"): self = .event
    case 5 where type == Bytes("alias"): self = .alias
    case 6 where type == Bytes("screen"): self = .event
    case 6 where type == Bytes("delete"): self = .delete
    case 8 where type == Bytes("identify"): self = .identify
    default: return nil
    }
  }
}
