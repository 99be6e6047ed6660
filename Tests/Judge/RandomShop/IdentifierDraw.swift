/// Draws what records state of who a person is outside the shop.
enum IdentifierDraw {
  /// Puts identifiers into a record's `context`, or into the traits of an `identify` in the place of its others.
  static func add(to members: inout [(String, String)], inTraits: Bool, _ dice: inout Dice) {
    var traits: [(String, String)] = []
    if dice.percent(70) { traits.append(("email", email(&dice))) }
    if dice.percent(60) {
      let phone = phone(&dice)
      traits.append(("phone", phone.json))
      if let country = phone.country {
        traits.append(dice.percent(50) ? ("country", country) : ("address", "{\"country\":\(country)}"))
      }
    }
    let stated = ValueDraw.object(traits, &dice)
    if inTraits {
      members.removeAll { $0.0 == "traits" }
      members.append(("traits", stated))
    } else {
      members.append(("context", "{\"ip\":\"10.0.0.1\",\"traits\":\(stated)}"))
    }
  }

  private static func email(_ dice: inout Dice) -> String {
    dice.pick([
      "\"ada@example.com\"", "\" Ada@Example.COM\"", "\"bob@example.com\"", "\"a.d.a@gmail.com\"",
      "\"zo\u{eb}@example.com\"", "\"ada\"", "\"@example.com\"", "\"ada@\"", "\"a@b@c\"", "\"a da@example.com\"",
      "\"\"",
      "null", "7", "[]", "\"\(Self.hash)\"", "\"\(Self.hash.uppercased())\"",
    ])
  }

  private static let hash = "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514"

  private static func phone(_ dice: inout Dice) -> (json: String, country: String?) {
    let spelling = dice.pick(Identifier.phones)
    if dice.percent(15) { return (dice.pick(["null", "true", "{}", "\"\"", "\"none\"", "\"12\""]), nil) }
    guard let dialled = spelling.dialledIn else { return ("\"\(spelling.text)\"", nil) }
    // Without the country, only the policy's region can make it a number.
    let country = dialled == "US" && dice.percent(40) ? nil : dice.pick([dialled, dialled.lowercased()])
    let json = spelling.text.allSatisfy(\.isNumber) && dice.percent(50) ? spelling.text : "\"\(spelling.text)\""
    if dialled == "US" && dice.percent(10) { return (json, dice.pick(["\"United States\"", "7", "null"])) }
    return (json, country.map { "\"\($0)\"" })
  }
}
