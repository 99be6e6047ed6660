import Events
import Testing

@Suite("A record of a shape that is known")
struct ShapeTests {
  private static let samples = [
    #"{"type":"track","messageId":"5f0c","event":"Order Completed","userId":"u_8412","anonymousId":"a","timestamp":"2026-11-20T18:02:11.417Z","properties":{"order_id":"o-1","revenue":84.5,"gift":true,"placed_at":"2026-11-20T18:02:11Z","products":[{"product_id":"sku-19","price":42.25,"quantity":2},{"product_id":"sku-2","price":"7"}]}}"#,
    #"{"type":"track","event":"begin_checkout","userId":"u","timestamp":1795197731417,"properties":{"cart_id":"Käse","value":"12","items":[]}}"#,
    #"{"type":"identify","userId":12,"anonymousId":"a9","timestamp":"2026-11-20","traits":{"anything":null,"else":-0.5e3}}"#,
    #"{ "type" : "track", "event" : "purchase", "anonymousId" : "", "userId" : "x", "properties" : {"transaction_id":"T","value":99999999999999999999, "gift" : "no" } }"#,
  ]

  @Test(
    "is read as it would be without knowing it, whatever became of its bytes", arguments: 1...4 as ClosedRange<UInt64>)
  func sameAsUnknown(seed: UInt64) {
    var chance = SeededChance(seed: seed)
    var knowing = ShopReader()
    for sample in Self.samples { _ = Account(of: Array(sample.utf8), by: &knowing) }
    var readable = 0
    for round in 0..<600 {
      var bytes = Array(Self.samples[round % Self.samples.count].utf8)
      for _ in 0..<Int.random(in: 0...2, using: &chance) { Self.mutate(&bytes, &chance) }
      var fresh = ShopReader()
      let expected = Account(of: bytes, by: &fresh)
      let told = Account(of: bytes, by: &knowing)
      #expect(told == expected, "\(String(decoding: bytes, as: UTF8.self))")
      // Once more: it may have been learnt just now.
      #expect(Account(of: bytes, by: &knowing) == expected)
      if case .rejected = expected.told {} else { readable += 1 }
    }
    #expect(readable > 150, "mutations that leave a record are tried too")
  }

  private static func mutate(_ bytes: inout [UInt8], _ chance: inout SeededChance) {
    let at = Int.random(in: 0..<bytes.count, using: &chance)
    switch Int.random(in: 0..<7, using: &chance) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &chance)
    case 1: bytes[at] = Array(#"{}[],:"\ 0-e.ntfu"#.utf8).randomElement(using: &chance) ?? 0
    case 2: bytes.remove(at: at)
    case 3: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &chance)], at: at)
    case 4: bytes.insert(contentsOf: Array("é".utf8), at: at)
    default:
      // Another letter or digit, so that much stays a record.
      if bytes[at] >= 0x30, bytes[at] <= 0x39 { bytes[at] = UInt8.random(in: 0x30...0x39, using: &chance) }
    }
  }

  @Test("is cut short at every length, whatever stands behind it")
  func truncations() {
    var shop = ShopReader()
    for sample in Self.samples { #expect(shop.read(sample) == shop.read(sample)) }
    for sample in Self.samples {
      let bytes = Array(sample.utf8)
      for length in 0..<bytes.count {
        // What is cut off stands behind the end: nothing of it counts.
        let room = bytes + Array(repeating: 0x7D, count: RecordReader.padding)
        let isRejected = room.withUnsafeBytes { all in
          if case .rejected(.json) = shop.reader.read(Bytes(all).slice(0, length)) { true } else { false }
        }
        #expect(isRejected, "\(length) bytes of \(sample)")
      }
    }
  }

  @Test(
    "has numbers by JSON's grammar",
    arguments: ["0", "-0", "7", "10.50", "1e5", "1E+5", "-1.5e-3", "12345678901234567890123"])
  func numbers(number: String) {
    var shop = warm()
    #expect(shop.read(Self.order(number)) == .event("Order Completed", of: "u", atMs: nil))
  }

  @Test(
    "has nothing else for a number",
    arguments: [
      "", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1 2", "0x1", "1_0", "NaN", "--1", "1..2", "1e5.0", "\"1",
    ])
  func noNumbers(text: String) {
    var shop = warm()
    #expect(shop.read(Self.order(text)) == .rejected(.json))
  }

  private static func order(_ number: String) -> String {
    #"{"type":"track","event":"purchase","userId":"u","properties":{"value":\#(number),"order_id":"o"}}"#
  }

  private func warm() -> ShopReader {
    var shop = ShopReader()
    #expect(shop.read(Self.order("1")) == .event("Order Completed", of: "u", atMs: nil))
    #expect(shop.read(Self.order("2")) == .event("Order Completed", of: "u", atMs: nil))
    return shop
  }

  @Test("may have any UTF-8 in its strings, and nothing else")
  func encodings() {
    var shop = ShopReader()
    func record(_ name: [UInt8]) -> [UInt8] {
      Array(#"{"type":"track","event":"purchase","userId":""#.utf8) + name + Array(#"","properties":{}}"#.utf8)
    }
    #expect(shop.read(record(Array("a".utf8))) == .event("Order Completed", of: "a", atMs: nil))
    for name in ["é", "日本語", "a\u{1F600}b", String(repeating: "ü", count: 40)] {
      #expect(shop.read(record(Array(name.utf8))) == .event("Order Completed", of: name, atMs: nil))
    }
    for wrong in [[0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x61, 0xFF]] as [[UInt8]]
    {
      #expect(shop.read(record(wrong)) == .rejected(.json))
    }
  }

  @Test("may be one of more than are remembered: they are given up, and learnt again")
  func tooMany() {
    var shop = ShopReader()
    func record(_ number: Int, _ user: String) -> String {
      #"{"type":"track","event":"purchase","userId":"\#(user)","properties":{"k\#(number % 23)":1,"k\#(number)":"v","value":7}}"#
    }
    for round in 0..<3 {
      for number in 0..<800 {
        #expect(shop.read(record(number, "u\(number)")) == .event("Order Completed", of: "u\(number)", atMs: nil))
      }
      // Given up after so many that it does not matter: each of these is of a shape that is known, or soon will be.
      let usual = Array(record(1_000_000 + round, "u").utf8)
      lend(usual) { bytes in
        for _ in 0..<101_000 {
          if case .record(let record) = shop.reader.read(bytes), record.event >= 0 { continue }
          Issue.record("not read")
        }
      }
    }
  }
}

/// What a reader makes of a record, in values that outlive it.
private struct Account: Equatable {
  let told: Told
  let messageHash: UInt64?
  let merged: String?
  var values: [String] = []
  let overflows: Int
  let wrongTypes: [String: Int]

  private static let paths = [
    "order_id", "revenue", "gift", "placed_at", "products.product_id", "products.price", "cart_id", "value", "anything",
    "else",
  ]

  init(of bytes: [UInt8], by shop: inout ShopReader) {
    let (overflowsBefore, wrongBefore) = (shop.overflows, shop.wrongTypes)
    told = shop.read(bytes)
    overflows = shop.overflows - overflowsBefore
    wrongTypes = shop.wrongTypes.merging(wrongBefore) { $0 - $1 }.filter { $0.value != 0 }
    messageHash = shop.messageHash(bytes)
    merged = shop.merged(bytes)
    for path in Self.paths { values += shop.values(path, ofRecord: bytes) }
  }
}
