/// Where a record states identifiers, and the country in which its phone number is dialled: in the traits that an
/// `identify` sets, else in `context.traits` of any record; `none` where it does not.
struct IdentifierFields {
  static let none = JSONDocument.nowhere

  private(set) var email = none
  private(set) var phone = none
  private(set) var country = none

  init() {}

  init(_ fields: RecordFields, _ kind: RecordKind, _ document: JSONDocument) {
    if kind == .delete { return }
    if kind == .identify { look(into: fields.traits, document) }
    guard let context = Self.object(fields.context, document) else { return }
    look(into: Self.member("traits", of: context, document), document)
  }

  /// What was found before counts.
  private mutating func look(into traits: Int32, _ document: JSONDocument) {
    guard let traits = Self.object(traits, document) else { return }
    if email == Self.none { email = Self.member("email", of: traits, document) }
    if phone == Self.none { phone = Self.member("phone", of: traits, document) }
    if country == Self.none { country = Self.member("country", of: traits, document) }
    if country == Self.none, let address = Self.object(Self.member("address", of: traits, document), document) {
      country = Self.member("country", of: address, document)
    }
  }

  private static func object(_ node: Int32, _ document: JSONDocument) -> Int? {
    node != none && document.kind(Int(node)) == .object ? Int(node) : nil
  }

  /// Of equal keys the last one counts.
  private static func member(_ key: StaticString, of object: Int, _ document: JSONDocument) -> Int32 {
    var found = none
    var node = object + 1
    while node < document.next(object) {
      if document.key(node) == Bytes(key) { found = Int32(truncatingIfNeeded: node) }
      node = document.next(node)
    }
    return found
  }
}

extension Record {
  /// Whether it states any identifier, be it that there is none.
  public var statesIdentifiers: Bool {
    identifiers.email != IdentifierFields.none || identifiers.phone != IdentifierFields.none
  }

  /// What it says of an identifier.
  public func stated(_ kind: IdentifierKind) -> StatedIdentifier {
    let node: Int32
    switch kind {
    case .email: node = identifiers.email
    case .phone: node = identifiers.phone
    }
    if node == IdentifierFields.none { return .nothing }
    switch document.kind(Int(node)) {
    case .null: return .removed
    case .string, .number: return .given(document.text(Int(node)))
    default: return .given(.empty)
    }
  }

  /// What it says of the country in which its phone number is dialled, if anything.
  public var country: Bytes? {
    let node = identifiers.country
    return node != IdentifierFields.none && document.kind(Int(node)) == .string ? document.text(Int(node)) : nil
  }
}
