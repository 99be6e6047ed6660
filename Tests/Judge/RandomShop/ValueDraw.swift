/// Draws the values of properties, as JSON: mostly what the taxonomy declares, at times anything else.
struct ValueDraw {
  let strings: [String]
  let isUntidy: Bool
  /// What times are drawn about, and in which steps.
  var nowMs: Int64 = 0
  var stepMs: Int64 = 1000

  /// The value for a property of that type; nothing where the property is missing.
  func value(of type: PropertyType, _ dice: inout Dice) -> String? {
    if isUntidy && dice.percent(6) { return nil }
    if isUntidy && dice.percent(5) { return dice.pick(["null", "[]", "{}", "[null]", "[[]]"]) }
    switch type {
    case .number: return number(&dice)
    case .string: return string(&dice)
    case .boolean: return boolean(&dice)
    case .time: return time(&dice)
    case .list(let item): return list(of: item, &dice)
    case .object(let members): return object(members, &dice)
    }
  }

  private func number(_ dice: inout Dice) -> String {
    let isOdd = isUntidy && dice.percent(35)
    return dice.pick(isOdd ? dice.weighted(Self.oddNumbers) : Self.plainNumbers)
  }

  private func string(_ dice: inout Dice) -> String {
    guard isUntidy && dice.percent(25) else { return quoted(dice.pick(strings), &dice) }
    return dice.pick(dice.percent(50) ? Self.oddStrings : Self.severalStrings)
  }

  private static let plainNumbers = ["0", "1", "2", "3", "4", "5", "10", "-1", "2.5", "-2.5"]

  private static let oddNumbers = [
    (4, ["\"2.5\"", "\"3\"", "\"-1\"", "\"007\"", "\"4.0\"", "\"-0\""]),
    (3, ["\"1e1\"", "\" 3\"", "\"+3\"", "\".5\"", "\"5.\"", "\"\"", "\"abc\"", "\"1,5\"", "\"-\""]),
    (3, ["1e1", "2.50", "25E-1", "-0", "0.000001", "0.0000005", "0.0000004", "-0.0000005", "1.4999995", "0e999"]),
    (2, ["9223372036854.775807", "-9223372036854.775808", "9000000000000", "-9000000000000", "9223372036854.7758074"]),
    (2, ["9223372036854.775808", "1e30", "-1e400", "123456789012345678901234567890", "\"99999999999999999999\""]),
    (2, ["true", "false"]),
    (4, ["[1,2]", "[[1],[2.5,null]]", "[\"3\",4]", "[1e30,2]", "[\"abc\",3]", "[{},3]", "[3]"]),
  ]

  /// At most one value each.
  private static let oddStrings = ["7", "7.0", "70e-1", "true", "false", "1e30", "\"\"", "\"7.0\"", "{}", "null", "[]"]

  private static let severalStrings = [
    "[\"coffee\",\"tea\"]", "[[\"coffee\"],\"7\"]", "[\"tea\",null]", "[7,\"on\"]", "[\"coffee\",\"coffee\"]",
    "[{},\"tea\"]",
  ]

  private func boolean(_ dice: inout Dice) -> String {
    guard isUntidy && dice.percent(20) else { return dice.pick(["true", "false"]) }
    return dice.pick(["\"true\"", "1", "0", "[true,false]", "[false]"])
  }

  private func time(_ dice: inout Dice) -> String {
    if isUntidy && dice.percent(15) {
      return dice.pick(["\"soon\"", "\"2026-02-30\"", "true", "1e300", "7", "\"\"", "[\"7\",\"x\"]"])
    }
    let instantMs = nowMs + Int64(dice.from(-12...12)) * stepMs
    let text = InstantText.json(instantMs, &dice)
    return dice.percent(6) ? "[\(text),\(InstantText.json(instantMs + 3 * stepMs, &dice))]" : text
  }

  private func list(of item: PropertyType, _ dice: inout Dice) -> String? {
    if dice.percent(10) { return value(of: item, &dice) }
    var items: [String] = []
    for _ in 0..<dice.from(0...3) { items.append(value(of: item, &dice) ?? "null") }
    let list = "[" + items.joined(separator: ",") + "]"
    return isUntidy && dice.percent(5) ? "[\(list)]" : list
  }

  /// An object of these properties. The `unique` one has one value or none: what several mean, the language leaves
  /// open.
  func object(_ properties: [KnownProperty], unique: String? = nil, _ dice: inout Dice) -> String {
    var members: [(String, String)] = []
    for property in properties {
      let value = property.name == unique ? identity(&dice) : value(of: property.type, &dice)
      if let value { members.append((property.name, value)) }
    }
    return Self.object(members, &dice)
  }

  /// Mostly one of its own; the rest come upon one that was there before.
  private func identity(_ dice: inout Dice) -> String? {
    if dice.percent(70) { return "\"o\(dice.below(200))\"" }
    if dice.percent(20) { return nil }
    return isUntidy && dice.percent(50) ? dice.pick(Self.oddStrings) : quoted(dice.pick(strings), &dice)
  }

  /// An object of these members, in any order, with any white space.
  static func object(_ members: [(String, String)], _ dice: inout Dice) -> String {
    let colon = dice.percent(90) ? ":" : " : "
    let texts = dice.shuffled(members).map { "\"\($0.0)\"\(colon)\($0.1)" }
    return "{" + texts.joined(separator: dice.percent(90) ? "," : " , ") + "}"
  }

  /// A JSON string, now and then with characters written as escapes.
  func quoted(_ text: String, _ dice: inout Dice) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x10000 && dice.percent(4) {
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else if scalar == "\"" || scalar == "\\" {
        json += "\\" + String(scalar)
      } else {
        json += String(scalar)
      }
    }
    return json + "\""
  }
}
