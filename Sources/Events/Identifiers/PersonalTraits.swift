/// Traits by which a person could be known again: analytics tools get none of them, whatever an audience includes.
public enum PersonalTraits {
  /// Names as the Segment Spec and shops have them, folded.
  private static let names: Set<String> = [
    "address", "avatar", "birthday", "birthdate", "dateofbirth", "email", "emailaddress", "firstname", "fullname",
    "ip", "ipaddress", "lastname", "mobile", "mobilephone", "name", "phone", "phonenumber", "postalcode", "street",
    "surname", "telephone", "username", "zip", "zipcode",
  ]

  /// Whether a trait is one of them by its name, however that is written: `first_name` is `firstName`.
  public static func isPersonal(_ name: String) -> Bool {
    names.contains(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " && $0 != "." })
  }
}
