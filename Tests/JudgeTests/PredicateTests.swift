import Judge
import Testing

@Suite("Predicates")
struct PredicateTests {
  /// Whether an event whose `p` is that JSON value satisfies the predicate; without a value, `p` is missing.
  private func holds(_ predicate: Predicate, _ value: String?) throws -> Bool {
    let properties = value.map { "{\"p\":\($0)}" } ?? "{}"
    return try isMember(.event(Leaf(["Product Viewed"], where: [Clause("p", predicate)])), [viewed(1, properties)])
  }

  private func check(_ predicate: Predicate, yes: [String?], no: [String?]) throws {
    for value in yes { #expect(try holds(predicate, value), "\(predicate) on \(value ?? "nothing")") }
    for value in no { #expect(try !holds(predicate, value), "\(predicate) on \(value ?? "nothing")") }
  }

  @Test("Numbers compare as numbers, strings of digits among them")
  func numbers() throws {
    try check(
      .bare(.whole(7)), yes: ["7", "7.0", "70e-1", "\"7\"", "\"007.00\"", "[1,7]"],
      no: ["8", "\"7e0\"", "\" 7\"", "\"+7\"", "\"7.\"", "true", "null", "[]", "{}", nil])
    try check(Predicate(.atLeast(.whole(2))), yes: ["2", "3", "\"2.5\""], no: ["1.999999", "\"x\"", nil])
    try check(Predicate(.moreThan(.whole(2))), yes: ["2.000001", "3"], no: ["2", "-3"])
    try check(Predicate(.atMost(.whole(2))), yes: ["2", "-9"], no: ["2.000001", "\"\""])
    try check(Predicate(.lessThan(.whole(2))), yes: ["1.999999"], no: ["2"])
    try check(Predicate(.between(.whole(2), .whole(3))), yes: ["2", "3", "2.5"], no: ["1.9", "3.000001"])
    try check(Predicate(.between(.whole(2), .whole(2))), yes: ["2"], no: ["2.000001"])
  }

  @Test("Numbers are rounded to millionths, ties away from zero")
  func rounding() throws {
    try check(
      .bare(.number(1)), yes: ["0.000001", "0.0000005", "0.0000014999", "1e-6"], no: ["0.00000049", "0.0000015"])
    try check(.bare(.number(-1)), yes: ["-0.0000005", "-0.00000149"], no: ["-0.0000004", "-0.0000015"])
    try check(.bare(.number(0)), yes: ["0", "-0", "0e99999999999999999999", "1e-400"], no: ["0.0000005"])
    try check(
      .bare(.number(.max)), yes: ["9223372036854.775807", "9223372036854.7758074"], no: ["9223372036854.775806"])
    try check(.bare(.number(.min)), yes: ["-9223372036854.775808"], no: ["-9223372036854.775807"])
  }

  @Test("Numbers beyond 64 bits are absent; as strings they are strings")
  func tooBig() throws {
    for value in ["9223372036854.775808", "9223372036854.7758075", "-9223372036854.7758085", "1e30", "1e99999999999"] {
      try check(Predicate(.exists(false)), yes: [value], no: [])
      try check(Predicate(.atLeast(.whole(-5))), yes: [], no: [value])
      try check(Predicate(.not(.whole(5))), yes: [], no: [value])
    }
    try check(Predicate(.exists(true)), yes: ["\"1000000000000000000000\""], no: [])
    try check(Predicate(.atLeast(.whole(0))), yes: [], no: ["\"1000000000000000000000\""])
  }

  @Test("Strings compare byte for byte")
  func strings() throws {
    try check(
      .bare(.string("tea")), yes: ["\"tea\"", "\"t\\u0065a\"", "[\"x\",[\"tea\"]]"], no: ["\"Tea\"", "\"tea \"", "7"])
    try check(.bare(.string("caf\u{e9}")), yes: ["\"caf\u{e9}\"", "\"caf\\u00e9\""], no: ["\"cafe\u{301}\""])
    try check(.bare(.string("7")), yes: ["\"7\""], no: ["7", "\"7.0\""])
    try check(
      Predicate(.atLeast(.string("b"))), yes: ["\"b\"", "\"ba\"", "\"\u{e9}\""], no: ["\"a\"", "\"B\"", "\"\"", "9"])
    try check(Predicate(.contains("ff")), yes: ["\"coffee\"", "\"ff\""], no: ["\"cofe\"", "\"f\"", "[\"f\",\"f\"]"])
    try check(Predicate(.startsWith("co")), yes: ["\"coffee\"", "\"co\""], no: ["\"a co\"", "\"c\"", "null"])
    try check(Predicate(.contains("e")), yes: ["\"cafe\u{301}\""], no: ["\"caf\u{e9}\""])
  }

  @Test("Booleans are neither strings nor numbers")
  func booleans() throws {
    try check(.bare(.boolean(true)), yes: ["true", "[false,true]"], no: ["false", "\"true\"", "1", nil])
    try check(Predicate(.not(.boolean(true))), yes: ["false"], no: ["true", "\"false\"", "0", nil])
  }

  @Test("not and not_in want at least one value of the operand's type, and none that is equal")
  func negations() throws {
    try check(
      Predicate(.not(.whole(5))), yes: ["4", "[4,6]", "[4,\"x\"]", "\"4\""],
      no: ["5", "\"5\"", "[4,5]", "\"x\"", "true", "null", "[]", "{}", nil])
    try check(Predicate(.not(.string("5"))), yes: ["\"6\"", "[5,\"6\"]"], no: ["\"5\"", "5", "6", "[\"5\",\"6\"]"])
    try check(
      Predicate(.notAmong([.whole(1), .whole(2)])), yes: ["3", "[3,\"x\"]"], no: ["1", "[3,2]", "\"x\"", nil])
    try check(Predicate(.among([.whole(1), .whole(2)])), yes: ["1", "[9,\"2\"]"], no: ["3", "\"x\"", nil])
  }

  @Test("exists asks only whether there is a value, an object too")
  func exists() throws {
    let there: [String?] = ["0", "\"\"", "false", "{}", "{\"a\":null}", "[null,1]", "[{}]", "[[1]]"]
    let absent: [String?] = [nil, "null", "[]", "[null]", "[[]]", "1e30", "[1e30]"]
    try check(Predicate(.exists(true)), yes: there, no: absent)
    try check(Predicate(.exists(false)), yes: absent, no: there)
  }

  @Test("One value must satisfy all operators together; not, not_in and exists look at all values")
  func together() throws {
    try check(Predicate(.atLeast(.whole(2)), .atMost(.whole(3))), yes: ["2", "[1,3,9]"], no: ["[1,4]"])
    try check(Predicate(.atLeast(.whole(2)), .not(.whole(1))), yes: ["[2,3]", "2"], no: ["[1,2]", "0"])
    try check(Predicate(.exists(true), .lessThan(.whole(2))), yes: ["1"], no: ["2", nil])
  }

  @Test("A path goes through arrays and yields all values")
  func paths() throws {
    let properties = #"{"products":[{"price":1},{"price":[2,[3]]},[{"price":"4"}],{"price":null},7]}"#
    for (price, isThere) in [(1, true), (2, true), (3, true), (4, true), (7, false)] as [(Int64, Bool)] {
      let leaf = Leaf(["Product Viewed"], where: [Clause("products.price", .bare(.whole(price)))])
      #expect(try isMember(.event(leaf), [viewed(1, properties)]) == isThere)
    }
    let deeper = Leaf(["Product Viewed"], where: [Clause("products.price.value", Predicate(.exists(true)))])
    #expect(try !isMember(.event(deeper), [viewed(1, properties)]))
  }

  @Test("Every clause of where must hold")
  func clauses() throws {
    let leaf = Leaf(["Product Viewed"], where: [Clause("a", .bare(.whole(1))), Clause("b", .bare(.whole(2)))])
    #expect(try isMember(.event(leaf), [viewed(1, #"{"a":1,"b":2}"#)]))
    #expect(try !isMember(.event(leaf), [viewed(1, #"{"a":1,"b":3}"#), viewed(2, #"{"a":0,"b":2}"#)]))
  }
}
