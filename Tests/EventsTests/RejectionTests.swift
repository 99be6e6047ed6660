import Events
import Testing

@Suite("Records are rejected")
struct RejectionTests {
  @Test(
    "as not JSON",
    arguments: [
      "", " ", "{", "}", "{]", "not json", "{\"type\"}", "{\"type\":}", "{\"type\" \"page\"}", "{\"type\":\"page\",}",
      "{,}",
      "{\"type\":\"page\"}}", "{\"type\":\"page\"} {}", "{\"type\":\"page\"}x", "{\"type\":\"page\" \"userId\":1}",
      "{\"type\":\"page}", "{'type':'page'}", "{type:\"page\"}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":+1}",
      "{\"a\":-}", "{\"a\":1e}", "{\"a\":0x1}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":tru}", "{\"a\":truee}",
      "{\"a\":True}", "{\"a\":nul}", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":[1}", "{\"a\":1]",
      "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"tab\tin\"}",
      "{\"a\":\"line\nin\"}", "{\"a\":\"nul\u{0}in\"}", "{\"a\":1\u{c}}", "{\"a\"\u{1a}1}", "{1:2}", "{null:2}", "[1,2",
      "// {}\n{}",
      "{}\u{0}", "{\"a\":\"b\"c}", "{\"a\":1\"b\"}", "{\"a\":\"b\"\"c\"}", "{\"a\":1true}", "{\"a\":[]1}",
      "\"type\":\"page\"",
      "{\"type\":\"page\",\"userId\":\"u\",\"deep\":{\"deeper\":[{\"a\":1,\"b\"}]}}",
    ])
  func json(text: String) {
    var shop = ShopReader()
    #expect(shop.read(text) == .rejected(.json))
  }

  @Test(
    "as not JSON where the bytes are not UTF-8",
    arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
  func utf8(bytes: [UInt8]) {
    var shop = ShopReader()
    let record = Array(#"{"type":"page","userId":""#.utf8) + bytes + Array(#""}"#.utf8)
    #expect(shop.read(record) == .rejected(.json))
  }

  @Test(
    "as of no known type",
    arguments: [
      "[]", "7", "null", "\"track\"", "{}", #"{"type":null}"#, #"{"type":7}"#, #"{"type":"Track"}"#, #"{"type":""}"#,
      #"{"type":["track"]}"#, #"{"type":"track","type":"pageview"}"#, #"{"Type":"page","userId":"u"}"#,
      #"{"a":{"type":"page"},"userId":"u"}"#,
    ])
  func type(text: String) {
    var shop = ShopReader()
    #expect(shop.read(text) == .rejected(.type))
  }

  @Test(
    "as without a user",
    arguments: ["", #","userId":null"#, #","userId":"","anonymousId":[]"#, #","userId":true"#, #","userid":"u""#])
  func user(members: String) {
    var shop = ShopReader()
    for type in ["track", "page", "screen", "identify"] {
      #expect(shop.read("{\"type\":\"\(type)\",\"event\":\"e\"\(members)}") == .rejected(.user))
    }
  }

  @Test(
    "as a track without a name",
    arguments: ["", #","event":null"#, #","event":"""#, #","event":7"#, #","event":["e"]"#])
  func name(member: String) {
    var shop = ShopReader()
    #expect(shop.read("{\"type\":\"track\",\"userId\":\"u\"\(member)}") == .rejected(.name))
  }

  @Test(
    "as of a time that cannot be read",
    arguments: ["\"\"", "\"yesterday\"", "\"2026-02-29\"", "true", "{}", "[1]", "1e300", "\"1e3\"", "9223372036855"])
  func time(value: String) {
    var shop = ShopReader()
    for kind in [#""type":"track","event":"e""#, #""type":"identify""#, #""type":"page""#] {
      #expect(shop.read("{\(kind),\"userId\":\"u\",\"timestamp\":\(value)}") == .rejected(.time))
    }
  }

  @Test("by the first code in the page's order, where several apply")
  func precedence() {
    var shop = ShopReader()
    #expect(shop.read(#"{"type":"x","timestamp":"no""#) == .rejected(.json))
    #expect(shop.read(#"{"type":"x","timestamp":"no"}"#) == .rejected(.type))
    #expect(shop.read(#"{"type":"track","timestamp":"no"}"#) == .rejected(.user))
    #expect(shop.read(#"{"type":"track","userId":"u","timestamp":"no"}"#) == .rejected(.name))
    #expect(shop.read(#"{"type":"track","userId":"u","event":"e","timestamp":"no"}"#) == .rejected(.time))
    #expect(shop.read(#"{"type":"group","timestamp":"no"}"#) == .skipped)
  }

  @Test("as too large from one byte above the limit on")
  func size() {
    var shop = ShopReader()
    func record(of bytes: Int) -> String {
      let frame = #"{"type":"page","userId":""}"#
      return #"{"type":"page","userId":""# + String(repeating: "u", count: bytes - frame.utf8.count) + "\"}"
    }
    guard case .event = shop.read(record(of: RecordReader.largestBytes)) else { Issue.record("not read"); return }
    #expect(shop.read(record(of: RecordReader.largestBytes + 1)) == .rejected(.tooLarge))
    #expect(shop.read(record(of: 2 << 20)) == .rejected(.tooLarge))
    #expect(Rejection.tooLarge.rawValue == "too_large")
  }

  @Test("where containers stand in each other more than sixty times")
  func nesting() {
    var shop = ShopReader()
    func nested(_ levels: Int) -> String {
      let inside = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
      return "{\"type\":\"page\",\"userId\":\"u\",\"properties\":\(inside)}"
    }
    #expect(shop.read(nested(60)) == .event("Page Viewed", of: "u", atMs: nil))
    #expect(shop.read(nested(100)) == .rejected(.json))
    #expect(shop.read(nested(500_000)) == .rejected(.json))
    #expect(shop.read(String(repeating: "{\"a\":", count: 100_000)) == .rejected(.json))
  }

  @Test("each with a sentence that says why")
  func sentences() {
    #expect(Set(Rejection.allCases.map(\.sentence)).count == Rejection.allCases.count)
  }
}
