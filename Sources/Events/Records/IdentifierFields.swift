/// Where a record states identifiers, and the country in which its phone number is dialled: in the traits that an
/// `identify` sets, else in `context.traits` of any record; `none` where it does not.
struct IdentifierFields {
  static let none = JSONDocument.nowhere

  private(set) var email = none
  private(set) var phone = none
  /// The places of the country, the first that has one counts.
  private(set) var countries = (none, none, none, none)

  init() {}

  init(_ fields: RecordFields, _ kind: RecordKind, _ document: JSONDocument) {
    if kind == .delete { return }
    if kind == .identify {
      look(into: fields.traits, document)
      (countries.0, countries.1) = Self.countries(fields.traits, document)
    }
    guard let context = Self.object(fields.context, document) else { return }
    let traits = Self.member("traits", of: context, document)
    look(into: traits, document)
    (countries.2, countries.3) = Self.countries(traits, document)
  }

  /// What was found before counts.
  private mutating func look(into traits: Int32, _ document: JSONDocument) {
    guard let traits = Self.object(traits, document) else { return }
    if email == Self.none { email = Self.member("email", of: traits, document) }
    if phone == Self.none { phone = Self.member("phone", of: traits, document) }
  }

  private static func countries(_ traits: Int32, _ document: JSONDocument) -> (Int32, Int32) {
    guard let traits = object(traits, document) else { return (none, none) }
    let address = object(member("address", of: traits, document), document)
    return (member("country", of: traits, document), address.map { member("country", of: $0, document) } ?? none)
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

  /// The country in which its phone number is dialled, where it says one by its two letters.
  public var country: Bytes? {
    let places = identifiers.countries
    return country(at: places.0) ?? country(at: places.1) ?? country(at: places.2) ?? country(at: places.3)
  }

  private func country(at node: Int32) -> Bytes? {
    guard node != IdentifierFields.none, document.kind(Int(node)) == .string else { return nil }
    let text = document.text(Int(node))
    return Region(text) == nil ? nil : text
  }
}
