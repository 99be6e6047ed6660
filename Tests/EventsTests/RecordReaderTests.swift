import Events
import Testing

@Suite("Records are read")
struct RecordReaderTests {
  private static let canonical = #"""
    {"type":"track","messageId":"5f0c","event":"Checkout Started","userId":"u_8412","anonymousId":"9b1d","timestamp":"2026-11-20T18:02:11.417Z",
     "properties":{"cart_id":"c_77","value":84.5,"currency":"USD","products":[{"product_id":"sku-19","category":"skincare","price":42.25,"quantity":2}]},
     "context":{"traits":{"email":"Ada@Example.com","phone":"(415) 555-0132"}}}
    """#

  @Test("the canonical one in full")
  func canonicalRecord() {
    var shop = ShopReader()
    #expect(shop.read(Self.canonical) == .event("Checkout Started", of: "u_8412", atMs: 1_795_197_731_417))
    #expect(shop.messageHash(Self.canonical) == shop.messageHash(#"{"type":"identify","userId":1,"messageId":"5f0c"}"#))
    #expect(shop.reader.wrongTypes.isEmpty && shop.reader.unknownEvents.total == 0)
  }

  @Test("of every kind")
  func kinds() {
    var shop = ShopReader()
    #expect(shop.read(#"{"type":"page","userId":"u"}"#) == .event("Page Viewed", of: "u", atMs: nil))
    #expect(shop.read(#"{"type":"screen","userId":"u"}"#) == .event("Screen Viewed", of: "u", atMs: nil))
    #expect(shop.read(#"{"type":"identify","userId":"u","timestamp":7}"#) == .identify(of: "u", atMs: 7))
    #expect(shop.read(#"{"type":"group","groupId":"g"}"#) == .skipped)
    #expect(
      shop.read(#"{"type":"page","event":"Order Completed","userId":"u"}"#) == .event("Page Viewed", of: "u", atMs: nil)
    )
  }

  @Test(
    "for the user, else for the anonymous one; a number is its digits",
    arguments: [
      (#""userId":"u""#, "u"), (#""userId":"u","anonymousId":"a""#, "u"), (#""anonymousId":"a""#, "a"),
      (#""userId":null,"anonymousId":"a""#, "a"), (#""userId":"","anonymousId":"a""#, "a"),
      (#""userId":12"#, "12"), (#""userId":9007199254740993"#, "9007199254740993"), (#""anonymousId":-3"#, "-3"),
      (#""userId":{},"anonymousId":7"#, "7"), (#""userId":" ""#, " "), (#""userId":"zo\u00eb""#, "zoë"),
      (#""anonymousId":"first","anonymousId":"last""#, "last"), (#""\u0075serId":"u""#, "u"),
      (#""userId":"u","userId":null,"anonymousId":"a""#, "a"), (#""userId":"\ud83d\ude00\u0000""#, "😀\u{0}"),
    ])
  func ids(members: String, profile: String) {
    var shop = ShopReader()
    #expect(shop.read("{\"type\":\"identify\",\(members)}") == .identify(of: profile, atMs: nil))
  }

  @Test("of an id of a hundred thousand bytes")
  func longId() {
    let id = String(repeating: "é", count: 50_000)
    var shop = ShopReader()
    #expect(shop.read("{\"type\":\"identify\",\"userId\":\"\(id)\"}") == .identify(of: id, atMs: nil))
  }

  @Test("with the time in any form, or none")
  func times() {
    let forms: [(String, Int64?)] = [
      ("null", nil), ("[]", nil), ("0", 0), ("-1", -1), ("1795197731417", 1_795_197_731_417), ("1.9e3", 1900),
      ("1900.75", 1900), ("\"1900\"", 1900), ("\"1970-01-01\"", 0), ("\"1970-01-01 00:00:01\"", 1000),
      ("\"1970-01-01T01:00+01:00\"", 0), ("\"\\u0031970-01-01\"", 0), ("9223372036854.775807", 9_223_372_036_854),
    ]
    var shop = ShopReader()
    for (text, ms) in forms {
      #expect(
        shop.read("{\"type\":\"page\",\"userId\":\"u\",\"timestamp\":\(text)}")
          == .event("Page Viewed", of: "u", atMs: ms))
    }
    #expect(shop.read(#"{"type":"page","userId":"u"}"#) == .event("Page Viewed", of: "u", atMs: nil))
    #expect(
      shop.read(#"{"type":"page","userId":"u","timestamp":"no","timestamp":5}"#)
        == .event("Page Viewed", of: "u", atMs: 5))
  }

  @Test("with a stand-in for the message's id, where there is one")
  func messageIds() {
    var shop = ShopReader()
    func hash(_ member: String) -> UInt64? { shop.messageHash("{\"type\":\"page\",\"userId\":\"u\"\(member)}") }
    for none in ["", #","messageId":null"#, #","messageId":"""#, #","messageId":{}"#, #","messageId":[]"#] {
      #expect(hash(none) == 0)
    }
    #expect(hash(#","messageId":"m1""#) != 0)
    #expect(hash(#","messageId":"m1""#) != hash(#","messageId":"m2""#))
    #expect(hash(#","messageId":"m\u0031""#) == hash(#","messageId":"m1""#))
    #expect(hash(#","messageId":"m2","messageId":"m1""#) == hash(#","messageId":"m1""#))
  }

  @Test(
    "of an event's name in any case, with any separators, and by its aliases",
    arguments: [
      "Order Completed", "order_completed", "ORDER-COMPLETED", "oRdEr cOmPlEtEd", "Purchase", "PURCHASE",
      #"Order\u0020Completed"#, #"\u006frder_completed"#,
    ])
  func spellings(name: String) {
    var shop = ShopReader()
    for _ in 0..<2 {  // the second time the spelling is remembered
      let told = shop.read("{\"type\":\"track\",\"event\":\"\(name)\",\"userId\":\"u\"}")
      #expect(told == .event("Order Completed", of: "u", atMs: nil))
    }
  }

  @Test("of a name that is not ASCII in any case", arguments: ["Kasse geöffnet", "KASSE_GEÖFFNET", "kasse-geÖffnet"])
  func spellingsBeyondASCII(name: String) {
    var shop = ShopReader()
    let told = shop.read("{\"type\":\"track\",\"event\":\"\(name)\",\"userId\":\"u\"}")
    #expect(told == .event("Checkout Started", of: "u", atMs: nil))
  }

  @Test(
    "of other names, which are counted up to a thousand",
    arguments: ["OrderCompleted", "Order  Completed", " Purchase", "Wishlist"])
  func unknown(name: String) {
    var shop = ShopReader()
    #expect(shop.read("{\"type\":\"track\",\"event\":\"\(name)\",\"userId\":\"u\"}") == .event(nil, of: "u", atMs: nil))
    #expect(shop.reader.unknownEvents.byName == [name: 1])
  }

  @Test("that are rejected are not counted as unknown events too")
  func unknownAndRejected() {
    var shop = ShopReader()
    _ = shop.read(#"{"type":"track","event":"Nobody Knows","userId":"u","timestamp":"soon"}"#)
    #expect(shop.reader.unknownEvents.total == 0)
  }

  @Test(
    "that move one profile into another name it; others name none",
    arguments: [
      (#"{"type":"identify","userId":"u","anonymousId":"a"}"#, "a"),
      (#"{"type":"identify","userId":"u","anonymousId":"u"}"#, ""),
      (#"{"type":"identify","userId":"u"}"#, ""),
      (#"{"type":"identify","anonymousId":"a"}"#, ""),
      (#"{"type":"alias","userId":"u","previousId":"a","anonymousId":"b"}"#, "a"),
      (#"{"type":"alias","userId":"u","anonymousId":"b"}"#, "b"),
      (#"{"type":"alias","anonymousId":"b"}"#, ""),
      (#"{"type":"track","event":"Product Viewed","userId":"u","anonymousId":"a"}"#, ""),
      (#"{"type":"delete","userId":"u","anonymousId":"a"}"#, ""),
    ])
  func merged(record: String, other: String) {
    var shop = ShopReader()
    #expect(shop.merged(record) == other)
  }

  @Test("of any number of unknown names, of any length, in little memory")
  func manyUnknown() {
    var shop = ShopReader()
    for number in 0..<5000 { _ = shop.read("{\"type\":\"track\",\"event\":\"e\(number)\",\"userId\":\"u\"}") }
    _ = shop.read(#"{"type":"track","event":"e0","userId":"u"}"#)
    let unknown = shop.reader.unknownEvents
    #expect(
      unknown.byName.count == 1000 && unknown.others == 4000 && unknown.byName["e0"] == 2 && unknown.total == 5001)
  }

  @Test("of a name too long to be one, which is counted without being kept")
  func longUnknown() {
    var shop = ShopReader()
    let name = String(repeating: "x", count: 100_000)
    #expect(shop.read("{\"type\":\"track\",\"event\":\"\(name)\",\"userId\":\"u\"}") == .event(nil, of: "u", atMs: nil))
    #expect(shop.reader.unknownEvents.byName.isEmpty && shop.reader.unknownEvents.others == 1)
  }

  @Test("one after the other, without traces of the one before")
  func sequence() {
    var shop = ShopReader()
    _ = shop.read(Self.canonical)
    #expect(shop.read(#"{"type":"page","userId":"u"}"#) == .event("Page Viewed", of: "u", atMs: nil))
    #expect(shop.read("{") == .rejected(.json))
    #expect(shop.read(Self.canonical) == .event("Checkout Started", of: "u_8412", atMs: 1_795_197_731_417))
  }
}
