import Events
import Testing

@Suite("Bytes")
struct BytesTests {
  @Test("are equal byte for byte, at every length")
  func equality() {
    for length in 0..<40 {
      let text = String(repeating: "a", count: length)
      #expect(lend(text) { a in lend(text) { b in a == b } })
      for odd in 0..<length {
        var other = Array(text.utf8)
        other[odd] = 0x62
        #expect(!lend(text) { a in lend(other) { b in a == b } })
      }
      #expect(!lend(text) { a in lend(text + "a") { b in a == b || b == a } })
    }
  }

  @Test("keep texts apart that only Unicode calls equal")
  func unicode() {
    #expect(!lend("caf\u{e9}") { a in lend("cafe\u{301}") { b in a == b } })
  }

  @Test("are ordered byte by byte, a prefix first")
  func order() {
    let sorted = ["", "A", "a", "aa", "ab", "b", "\u{e9}", "\u{1F600}"]
    for (low, a) in sorted.enumerated() {
      for (high, b) in sorted.enumerated() {
        #expect(lend(a) { a in lend(b) { b in a < b } } == (low < high))
      }
    }
  }

  @Test("contain their parts")
  func contains() {
    func contains(_ text: String, _ part: String) -> Bool { lend(text) { text in lend(part) { text.contains($0) } } }
    #expect(contains("coffee", "off") && contains("coffee", "coffee") && contains("coffee", "ee"))
    #expect(contains("coffee", "") && contains("", ""))
    #expect(!contains("coffee", "tea") && !contains("", "a") && !contains("coffe", "coffee"))
    #expect(contains("aab", "ab"))
  }

  @Test("of a slice have their text")
  func slices() {
    #expect(lend("audience") { $0.slice(2, 5).text } == "die")
    #expect(Bytes.empty.isEmpty && Bytes(UnsafeRawBufferPointer(start: nil, count: 0)).isEmpty)
  }
}
