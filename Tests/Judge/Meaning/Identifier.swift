/// Who a person is outside the shop: `context.traits` of any record, and the traits of an `identify`.
enum Identifier: String, CaseIterable {
  case email
  case phone

  /// How phone numbers are written in drawn logs, and what they come to. How numbers are dialled is no rule of the
  /// language, so the judge has these by heart.
  static let phones: [(text: String, dialledIn: String?, number: String)] = [
    ("+14155550132", nil, "+14155550132"),
    ("+1 (415) 555-0132", nil, "+14155550132"),
    ("(415) 555-0132", "US", "+14155550132"),
    ("4155550132", "US", "+14155550132"),
    ("415.555.0199", "US", "+14155550199"),
    ("+49 30 901820", nil, "+4930901820"),
    ("030 901820", "DE", "+4930901820"),
  ]

  /// The one form of what a record states; nothing where that is no identifier.
  func form(of stated: Json, country: String?) -> String? {
    let text: String
    switch stated {
    case .string(let string): text = string.string
    case .number(let digits): text = digits
    default: return nil
    }
    let trimmed = Self.trimmed(text)
    if trimmed.utf8.count == 64, trimmed.allSatisfy({ $0.isASCII && $0.isHexDigit }) { return trimmed.lowercased() }
    switch self {
    case .email:
      let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
      let isOne = parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !trimmed.contains(where: \.isWhitespace)
      return isOne && trimmed.utf8.count <= 254 ? trimmed.lowercased() : nil
    case .phone:
      let known = Self.phones.first { $0.text == trimmed }
      return known.flatMap { $0.dialledIn == nil || $0.dialledIn == country ? $0.number : nil }
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

/// What a record states of identifiers.
struct StatedIdentifiers {
  /// What stands there; nothing where the record does not say.
  let email: Json?
  let phone: Json?
  /// Where its phone number is dialled, in two capital letters.
  let country: String?

  /// The traits of an `identify` come before `context.traits`.
  init(_ json: Json, isIdentify: Bool) {
    let places = [isIdentify ? json.member("traits") : nil, json.member("context")?.member("traits")].compactMap { $0 }
    email = places.compactMap { $0.stated("email") }.first
    phone = places.compactMap { $0.stated("phone") }.first
    let countries = places.flatMap { [$0.stated("country"), $0.member("address")?.stated("country")] }
    let letters = countries.compactMap { country -> String? in
      guard case .string(let text)? = country, text.string.count == 2 else { return nil }
      return text.string.allSatisfy { $0.isASCII && $0.isLetter } ? text.string.uppercased() : nil
    }
    country = letters.first
  }

  func stated(_ identifier: Identifier) -> Json? {
    switch identifier {
    case .email: email
    case .phone: phone
    }
  }
}
