import Events
import Testing

@testable import usher

struct ValueKindTests {
  @Test(
    arguments: [
      ("100ms", 100), ("30s", 30_000), ("45m", 2_700_000), ("2h", 7_200_000), ("7d", 604_800_000),
      ("2w", 1_209_600_000),
    ] as [(String, Int64)])
  func durationsHaveUnits(text: String, ms: Int64) {
    #expect(ValueKind.duration.read(text) == .duration(DurationMs(ms: ms)))
  }

  @Test(arguments: ["", "5", "ms", "-5s", "1.5h", "5 s", "99999999999999999999ms"])
  func whatIsNoDurationIsRefused(text: String) {
    #expect(ValueKind.duration.read(text) == nil)
  }

  @Test(arguments: [("65536", 65_536), ("10B", 10), ("512KiB", 524_288), ("512MiB", 536_870_912), ("2GiB", 1 << 31)])
  func sizesHaveBinaryUnits(text: String, bytes: Int) {
    #expect(ValueKind.size.read(text) == .size(bytes))
  }

  @Test(arguments: ["", "MiB", "1MB", "1.5GiB", "-1", "9999999999TiB"])
  func whatIsNoSizeIsRefused(text: String) {
    #expect(ValueKind.size.read(text) == nil)
  }

  @Test(arguments: [("0", 0), ("0.05", 0.05), ("5%", 0.05), ("1", 1), ("100%", 1)])
  func sharesGoFromNothingToAll(text: String, share: Double) {
    #expect(ValueKind.share.read(text) == .share(share))
  }

  @Test(arguments: ["", "%", "1.01", "101%", "-0.1", "nan", "1e-3", "."])
  func whatIsNoShareIsRefused(text: String) {
    #expect(ValueKind.share.read(text) == nil)
  }

  @Test func instantsAreDatesOrTimes() {
    #expect(ValueKind.instant.read("2026-01-01") == .instant(Instant(ms: 1_767_225_600_000)))
    #expect(ValueKind.instant.read("2026-01-01T02:00:00.250+01:00") == .instant(Instant(ms: 1_767_229_200_250)))
    #expect(ValueKind.instant.read("yesterday") == nil)
    #expect(ValueKind.instant.read("2026-02-30") == nil)
  }

  @Test func numbersMayBeGroupedByUnderscores() {
    #expect(ValueKind.integer(0...2_000_000).read("1_000_000") == .integer(1_000_000))
    #expect(ValueKind.integer(0...2).read("3") == nil)
  }
}
