import Events
import Testing

@testable import Delivery

@Suite("What destinations over HTTP share")
struct MachineryTests {
  @Test("signs as RFC 4231 says, and writes Base64 as RFC 4648 does")
  func vectors() {
    for (key, message, digest) in [
      (
        Array(repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        Array(repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ] as [([UInt8], [UInt8], String)] {
      #expect(Hex.text(HMAC.sha256(message, key: key)) == digest)
    }
    for (text, base64) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
      #expect(Base64.text(Array(text.utf8)) == base64)
    }
  }

  /// Items by short words: a profile, an audience and `+`, `-`, `.` or `x` for what it does.
  private func items(_ words: String) -> [Item] {
    words.split(separator: " ").enumerated().map { index, word in
      let parts = word.map { UInt64($0.unicodeScalars.first!.value) }
      let direction: Item.Direction = ["+": .addition, "-": .removal, ".": .neither][word.last!] ?? .erasure
      var item = Item(profile: parts[0], membership: parts[0] << 8 | parts[1], direction: direction)
      item.record = index
      return item
    }
  }

  @Test(
    "removals go first, and nobody's own order changes",
    arguments: [
      ("aV+ bV- cV+ dV-", "1 3 0 2"), ("aV+ aV- aV+", "0 1 2"), ("aV- aV+ bV+ bV-", "0 1 2 3"),
      ("aV+ aW- bV-", "2 0 1"), ("aV. aV- bVx aV+", "2 0 1 3"), ("aV+ aVx bV+", "0 2 1"), ("", ""),
    ])
  func order(_ words: String, _ expected: String) {
    let order = ItemOrder.removalsFirst.arrange(items(words)).map { "\($0)" }
    #expect(order.joined(separator: " ") == expected)
    #expect(ItemOrder.asTheyCame.arrange(items(words)) == Array(items(words).indices))
  }

  @Test("in random batches each item goes once, each profile's in their order; or the last of each membership alone")
  func randomOrder() {
    var chance = Chance(state: 7)
    for _ in 0..<500 {
      let count = Int.random(in: 0...30, using: &chance)
      let words = (0..<count).map { _ in
        ["a", "b", "c", "d"].randomElement(using: &chance)! + ["V", "W"].randomElement(using: &chance)!
          + ["+", "-", ".", "x"].randomElement(using: &chance)!
      }
      let items = items(words.joined(separator: " "))
      let order = ItemOrder.removalsFirst.arrange(items)
      #expect(order.sorted() == Array(items.indices))
      for profile in Set(items.map(\.profile)) {
        let mine = order.filter { items[$0].profile == profile }
        #expect(mine == mine.sorted())
      }
      let last = ItemOrder.lastOnly.arrange(items)
      #expect(Set(last.map { items[$0].membership }).count == last.count)
      #expect(Set(last.map { items[$0].membership }) == Set(items.map(\.membership)))
      for index in last { #expect(!items[(index + 1)...].contains { $0.membership == items[index].membership }) }
    }
  }

  @Test("lets so many requests go at once, and then so many a second")
  func rate() {
    var rate = RateLimit(perSecond: 10, at: 0)
    for _ in 0..<10 { #expect(rate.take(at: 0) == 0) }
    #expect(rate.take(at: 0) == 100)
    #expect(rate.take(at: 60) == 40)
    #expect(rate.take(at: 100) == 0 && rate.take(at: 100) == 100)
    for _ in 0..<10 { #expect(rate.take(at: 60_000) == 0) }
    #expect(rate.take(at: 60_000) == 100, "no more than those of a second are saved")
  }

  @Test("tells of an answer neither secrets nor what was sent")
  func mask() {
    let body = Array(#"{"userId":"ada","properties":{"name":"Lovelace","seq":7,"city":"Paris"}}"#.utf8)
    let mask = Mask(["tok-en", ""])
    for (answer, told) in [
      ("'userId' ADA is unknown", "'userId' *** is unknown"),
      ("Bad Request: Lovelace", "Bad Request: ***"), ("INVALID_FORMAT in field 3", "INVALID_FORMAT in field 3"),
      ("ADA MCDONALD, ada mcdonald at 12 elm street", "*** ***, *** *** at 12 *** ***"),
      ("Mary-ann. Smith.", "*** ***"), ("no such name as Lovelace in paris", "no *** name as *** in ***"),
      ("ada@example.com, +1 415 555 0132", "***, +1 *** *** ***"), ("token tok-en is wrong", "token *** is wrong"),
      ("5f0c8c31b0a94d7c8b1f7f6f5e4d3c2b1a", "***"), ("Zoë", "***"), ("a\nb\u{1B}[31m", "a b [***"),
      (String(repeating: "no ", count: 100), String(repeating: "no ", count: 66) + "no"),
    ] {
      #expect(mask.answer(Array(answer.utf8), to: body) == told)
    }
  }

  @Test("waits longer after each failure, and as long as it is asked to")
  func backoff() {
    var backoff = Backoff()
    #expect((100...150).contains(backoff.fail(at: 0)))
    #expect((200...300).contains(backoff.fail(at: 0)))
    #expect((5000...5200).contains(backoff.fail(at: 0, leastMs: 5000)))
    #expect((800...1200).contains(backoff.fail(at: 0)), "each time twice as long")
    #expect(!backoff.isTime(at: 700) && backoff.isFailing)
    #expect((3_600_000...3_600_800).contains(backoff.fail(at: 0, leastMs: .max)), "an hour at most")
    backoff.succeed()
    #expect(!backoff.isFailing && backoff.isTime(at: 0))
  }
}
