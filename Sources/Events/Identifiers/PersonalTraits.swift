/// Traits by which a person could be known again: analytics tools get none of them, whatever an audience includes.
public enum PersonalTraits {
  /// Names as the Segment Spec and shops have them, folded.
  private static let names: Set<String> = [
    "avatar", "firstname", "fullname", "ip", "lastname", "name", "surname", "username", "zip",
  ]
  /// What the name of every such trait of its sort holds. Some others hold it too (`email_opens`): they stay inside.
  private static let parts = [
    "address", "birth", "email", "mail", "mobile", "phone", "postal", "postcode", "street", "zipcode",
  ]

  /// Whether a trait is one of them by its name, however that is written: `first_name` is `firstName`.
  public static func isPersonal(_ name: String) -> Bool {
    let folded = name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " && $0 != "." }
    return names.contains(folded) || parts.contains { folded.contains($0) }
  }
}
