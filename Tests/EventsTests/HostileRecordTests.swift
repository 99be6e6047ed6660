import Events
import Testing

@Suite("Whatever the bytes, a reader gives an answer")
struct HostileRecordTests {
  private static let samples = [
    #"{"type":"track","messageId":"5f0c","event":"Checkout Started","userId":"u_8412","timestamp":"2026-11-20T18:02:11.417Z","properties":{"cart_id":"c\u005f77","value":84.5e-1,"products":[{"product_id":"sku-19","price":42.25},[null,true,{}]]},"context":{"traits":{"email":"Ada@Example.com"}}}"#,
    #"{"type":"identify","userId":12,"anonymousId":null,"timestamp":1795197731417,"traits":{"tags":["a","\ud83d\ude00"]}}"#,
    #"{"type":"track","event":"purchase","anonymousId":"a","properties":{"transaction_id":"T\\1","items":[{"item_id":"x"}],"value":"12"}}"#,
  ]

  @Test("twenty thousand times something else", arguments: 1...4 as ClosedRange<UInt64>)
  func mutations(seed: UInt64) {
    var chance = SeededChance(seed: seed)
    var shop = ShopReader()
    var readable = 0
    for round in 0..<5000 {
      var bytes = Array(Self.samples[round % Self.samples.count].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &chance) { Self.mutate(&bytes, &chance) }
      if case .rejected = shop.read(bytes) {} else { readable += 1 }
    }
    #expect(readable > 200, "mutations that leave a record are tried too")
    #expect(shop.read(Self.samples[1]) == .identify(of: "12", atMs: 1_795_197_731_417))
  }

  private static func mutate(_ bytes: inout [UInt8], _ chance: inout SeededChance) {
    guard !bytes.isEmpty else { return }
    let at = Int.random(in: 0..<bytes.count, using: &chance)
    switch Int.random(in: 0..<6, using: &chance) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &chance)
    case 1: bytes[at] = Array(#"{}[],:"\ 0-e.ntfu"#.utf8).randomElement(using: &chance) ?? 0
    case 2: bytes.remove(at: at)
    case 3: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &chance)], at: at)
    case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &chance)))
    default:
      let from = Int.random(in: 0..<bytes.count, using: &chance)
      bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + 30)]), at: at)
    }
  }

  @Test("at every length of a record cut short")
  func truncations() {
    var shop = ShopReader()
    for sample in Self.samples {
      let bytes = Array(sample.utf8)
      for length in 0..<bytes.count { #expect(shop.read(Array(bytes[..<length])) == .rejected(.json)) }
    }
  }

  @Test("to a megabyte of nothing but brackets, commas, quotes or backslashes")
  func monotony() {
    var shop = ShopReader()
    for byte in Array("{}[],:\"\\ 0-a".utf8) + [0, 0x80, 0xFF] {
      let told = shop.read(Array(repeating: byte, count: RecordReader.largestBytes))
      #expect(told == .rejected(.json))
    }
  }

  @Test("to a record of a megabyte of keys and of values")
  func manyMembers() {
    var shop = ShopReader()
    let members = (0..<55_000).map { "\"k\($0)\":\"\\u0041\"" }.joined(separator: ",")
    let record =
      "{\"type\":\"track\",\"event\":\"purchase\",\"userId\":\"u\",\"properties\":{\(members),\"order_id\":\"o\"}}"
    #expect(record.utf8.count <= RecordReader.largestBytes)
    #expect(shop.read(record) == .event("Order Completed", of: "u", atMs: nil))
  }
}
