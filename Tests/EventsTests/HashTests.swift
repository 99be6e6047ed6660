import Events
import Testing

@Suite("Hashes")
struct HashTests {
  @Test("of a million ids of each common form are all different")
  func noDuplicates() {
    let forms: [(UInt64) -> String] = [
      { "\($0)" }, { "u_\($0)" }, { "msg-2026-11-20-\($0)-abcdefgh" },
      { String(format($0 &* 0x9E37_79B9_7F4A_7C15)) + String(format($0)) },
    ]
    for form in forms {
      var hashes: [UInt64] = []
      hashes.reserveCapacity(1_000_000)
      for number in 0..<1_000_000 as Range<UInt64> {
        var text = form(number)
        hashes.append(text.withUTF8 { Hash64.of(Bytes(UnsafeRawBufferPointer($0))) })
      }
      hashes.sort()
      #expect(zip(hashes, hashes.dropFirst()).allSatisfy { $0 != $1 })
    }
  }

  private func format(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @Test("tell apart lengths, seeds, and every single bit")
  func apart() {
    var seen: Set<UInt64> = []
    for seed in 0...1000 as ClosedRange<UInt64> { #expect(seen.insert(Hash64.of(Bytes("id"), seed: seed)).inserted) }
    for length in 0...64 {
      #expect(seen.insert(lend(Array(repeating: 0, count: length)) { Hash64.of($0) }).inserted)
    }
    seen = []
    for bit in 0..<256 {
      var bytes = Array(repeating: UInt8(0), count: 32)
      bytes[bit / 8] = 1 << UInt8(bit % 8)
      #expect(seen.insert(lend(bytes) { Hash64.of($0) }).inserted)
    }
  }

  @Test("stay the same from version to version: they stand in the state on disk")
  func stable() {
    #expect(Hash64.of(Bytes("")) == HashTests.known[0])
    #expect(Hash64.of(Bytes("a")) == HashTests.known[1])
    #expect(Hash64.of(Bytes("5f0c1d2e-audience"), seed: 1) == HashTests.known[2])
  }

  private static let known: [UInt64] = [
    12_998_779_243_129_130_510, 3_870_992_441_218_676_505, 10_773_891_511_032_244_367,
  ]

  @Test(
    "of keys are those of Kafka's Java clients",
    arguments: [
      ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
      ("a-little-bit-longer-string", -1_486_304_829), ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
      ("abc", 479_470_107),
    ] as [(String, Int32)])
  func murmur2(key: String, hash: Int32) {
    #expect(lend(key) { Murmur2.hash($0) } == UInt32(bitPattern: hash))
    #expect(lend(key) { Murmur2.partition(of: $0, among: 12) } == Int(hash & 0x7FFF_FFFF) % 12)
  }

  @Test("by SHA-256 are those of FIPS 180-4")
  func sha256() {
    func digest(_ text: String) -> String {
      lend(text) { bytes in
        SHA256.withDigest(of: bytes) { digest in
          var writer = JSONWriter()
          writer.hex(digest)
          return writer.text
        }
      }
    }
    #expect(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}
