import Events
import Testing

@Suite("Durations")
struct DurationTests {
  @Test(
    "of every unit",
    arguments: [
      ("30s", 30_000), ("45m", 2_700_000), ("2h", 7_200_000), ("7d", 604_800_000), ("2w", 1_209_600_000), ("0s", 0),
      ("007d", 604_800_000), ("3660000d", 316_224_000_000_000),
    ] as [(String, Int64)])
  func reads(text: String, ms: Int64) {
    #expect(DurationMs(text)?.ms == ms)
  }

  @Test(
    "near misses are none",
    arguments: [
      "", "s", "30", "30 s", "30S", "-30s", "+30s", "1.5h", "1h30m", "30ms", "2y", "1M", "٣d", "d7", "7d ", " 7d",
      "7d\u{301}",
      "3660001d", "99999999999999999999w", "9223372036854775807w",
    ])
  func refuses(text: String) {
    #expect(DurationMs(text) == nil)
  }

  @Test("are written in the largest unit that fits, which reads back")
  func description() {
    for (ms, text) in [(129_600_000, "36h"), (604_800_000, "1w"), (518_400_000, "6d"), (90_000, "90s"), (0, "0s")] {
      #expect(DurationMs(ms: Int64(ms)).description == text)
      #expect(DurationMs(text)?.ms == Int64(ms))
    }
    #expect(DurationMs(ms: 1500).description == "1500ms")
  }
}
