import Events
import Testing

@Suite("JSON is written")
struct JSONWriterTests {
  private func written(_ text: String) -> String {
    var writer = JSONWriter(capacity: 1)
    writer.string(text)
    return writer.text
  }

  @Test("with quotes, backslashes and control characters escaped")
  func escapes() {
    #expect(written("") == "\"\"")
    #expect(written("a \"b\" \\ c") == #""a \"b\" \\ c""#)
    #expect(written("\n\r\t") == #""\n\r\t""#)
    #expect(written("\u{0}\u{1}\u{8}\u{c}\u{1b}\u{1f}") == #""\u0000\u0001\u0008\u000c\u001b\u001f""#)
    #expect(written("/\u{7f}") == "\"/\u{7f}\"")
  }

  @Test("in UTF-8 as it is")
  func utf8() {
    #expect(written("caf\u{e9} cafe\u{301} 日本 😀").utf8.elementsEqual("\"caf\u{e9} cafe\u{301} 日本 😀\"".utf8))
  }

  @Test("so that every character reads back")
  func readsBack() {
    var chance = SeededChance(seed: 2)
    let limits: [UInt32] = [0x30, 0x80, 0x800, 0x10FFFF]
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...30, using: &chance) {
        let limit = limits[Int.random(in: 0..<4, using: &chance)]
        if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &chance)) {
          text.unicodeScalars.append(scalar)
        }
      }
      var shop = ShopReader()
      let values = shop.values("order_id", of: "{\"order_id\":\(written(text))}")
      #expect(values.count == 1 && values[0].utf8.elementsEqual("string \(text)".utf8))
    }
  }

  @Test("with whole numbers, decimals and instants exact")
  func numbers() {
    var writer = JSONWriter(capacity: 1)
    for number in [0, 7, -7, .max, .min] as [Int64] {
      writer.integer(number)
      writer.byte(0x2C)
    }
    writer.decimal(Millionths(units: 84_500_000))
    writer.raw(" ")
    writer.instant(Instant(ms: 1_795_197_731_417))
    #expect(
      writer.text == "0,7,-7,9223372036854775807,-9223372036854775808,84.5 2026-11-20T18:02:11.417Z")
    writer.clear()
    #expect(writer.count == 0)
    writer.hex(Bytes("\u{1}Az"))
    #expect(writer.text == "01417a")
  }

  @Test("however long it becomes")
  func growth() {
    var writer = JSONWriter(capacity: 1)
    let part = String(repeating: "\u{1}", count: 1000)
    for _ in 0..<100 { writer.string(part) }
    #expect(writer.count == 100 * 6002)
  }
}
