/// What tells a person apart outside the shop: platforms find people by it (topics.md, "An input record").
public enum IdentifierKind: UInt8, Sendable, CaseIterable {
  /// An e-mail address.
  case email
  /// A phone number.
  case phone

  /// What records call it.
  public var word: StaticString {
    switch self {
    case .email: "email"
    case .phone: "phone"
    }
  }
}

/// What a record says of an identifier.
public enum StatedIdentifier {
  /// Nothing: what was known stays.
  case nothing
  /// That there is none any more: `null`.
  case removed
  /// The bytes that it has for it, lent like the record; empty where it is neither a text nor a number.
  case given(Bytes)
}
