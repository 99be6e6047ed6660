import Events
import Testing

@Suite("Instants")
struct InstantTests {
  @Test(
    "of every allowed form",
    arguments: [
      ("1970-01-01", 0), ("2026-11-20T18:02:11.417Z", 1_795_197_731_417),
      ("2026-11-20T18:02:11.417", 1_795_197_731_417),
      ("2026-11-20 18:02:11.417Z", 1_795_197_731_417), ("2026-11-20T18:02:11Z", 1_795_197_731_000),
      ("2026-11-20T18:02Z", 1_795_197_720_000), ("2026-11-20T18:02", 1_795_197_720_000),
      ("2026-11-20T20:02:11.417+02:00", 1_795_197_731_417), ("2026-11-20T20:02:11.417+0200", 1_795_197_731_417),
      ("2026-11-20T12:32:11.417-05:30", 1_795_197_731_417), ("2026-11-20T18:02-00:00", 1_795_197_720_000),
      ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1), ("1970-01-01T00:00+23:59", -86_340_000),
      ("0001-01-01", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
      ("0000-02-29", -62_162_121_600_000), ("9999-12-31T23:59-23:59", 253_402_387_080_000),
    ] as [(String, Int64)])
  func reads(text: String, ms: Int64) {
    #expect(Instant(iso8601: text)?.ms == ms)
  }

  @Test(
    "digits beyond milliseconds are cut off",
    arguments: [
      ("1970-01-01T00:00:01.5Z", 1500), ("1970-01-01T00:00:01.54Z", 1540), ("1970-01-01T00:00:01.9999Z", 1999),
      ("1970-01-01T00:00:01.123456789012345678901234567890Z", 1123), ("1970-01-01T00:00:01.0009+00:00", 1000),
    ] as [(String, Int64)])
  func cutsOff(text: String, ms: Int64) {
    #expect(Instant(iso8601: text)?.ms == ms)
  }

  @Test("a day has the place that the calendar gives it, in leap years too")
  func everyDay() {
    var ms = Instant(iso8601: "1896-01-01")?.ms ?? 0
    for year in 1896...2104 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        func text(_ day: Int) -> String { "\(year)-\(Self.two(month + 1))-\(Self.two(day))" }
        for day in 1...days {
          #expect(Instant(iso8601: text(day))?.ms == ms)
          #expect(Instant(iso8601: text(day) + "T00:00:00.000Z")?.ms == ms)
          #expect(Instant(ms: ms).description == text(day) + "T00:00:00.000Z")
          ms += 86_400_000
        }
        #expect(Instant(iso8601: text(days + 1)) == nil)
        #expect(Instant(iso8601: text(days + 1) + "T00:00:00.000Z") == nil)
      }
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  @Test(
    "near misses are none",
    arguments: [
      "", "2026", "2026-11", "2026-1-1", "26-11-20", "20261120", "2026-11-20T", "2026-11-20Z", "2026-11-20+02:00",
      "2026-11-20T18", "2026-11-20T18Z", "2026-11-20T1802Z", "2026-11-20T18:2Z", "2026-11-20T24:00:00Z",
      "2026-11-20T18:60:00Z", "2026-11-20T18:02:60Z", "2026-11-20T18:02:60.000Z", "2026-11-20T24:00:00.000Z",
      "2026-11-20T18:60:00.000Z", "2026-00-20T18:02:11.417Z", "2026-13-20T18:02:11.417Z", "2026-11-00T18:02:11.417Z",
      "2026-11-31T18:02:11.417Z", "2026-02-29T18:02:11.417Z", "2100-02-29", "2026-11-20T18:02:11.Z",
      "2026-11-20T18:02:11,417Z", "2026-11-20T18:02:11.417z", "2026-11-20t18:02:11.417Z", "2026-11-20T18:02:11.417ZZ",
      "2026-11-20T18:02:11.417 Z", "2026-11-20  18:02", "2026-11-20T18:02:11+2", "2026-11-20T18:02:11+02",
      "2026-11-20T18:02:11+02:0", "2026-11-20T18:02:11+02:60", "2026-11-20T18:02:11+24:00", "2026-11-20T18:02+02:00:00",
      "2026-11-20T18:02:11 +02:00", " 2026-11-20", "2026-11-20 ", "+2026-11-20", "-2026-11-20", "12026-11-20",
      "2026/11/20", "20/11/2026", "2026-11-20T18:02:1a.417Z", "202a-11-20T18:02:11.417Z", "２０２６-11-20", "yesterday",
      "Fri, 20 Nov 2026 18:02:11 GMT", "2026-W47-5", "2026-324", "now",
    ])
  func refuses(text: String) {
    #expect(Instant(iso8601: text) == nil)
  }

  @Test("a string of digits is epoch milliseconds, and a fraction of one is cut off")
  func timeStrings() {
    func ms(_ text: String) -> Int64? { lend(text) { Instant(timeString: $0)?.ms } }
    #expect(ms("1795197731417") == 1_795_197_731_417)
    #expect(ms("1795197731417.999999") == 1_795_197_731_417)
    #expect(ms("-1") == -1)
    #expect(ms("2026") == 2026)
    #expect(ms("2026-11-20") == 1_795_132_800_000)
    #expect(ms("1e3") == nil)
    #expect(ms("99999999999999") == nil, "beyond 64 bits of millionths")
    #expect(ms("") == nil)
  }

  @Test("what is written reads back", arguments: [0, -1, 1, 951_782_400_000, -62_135_596_800_000, 253_402_300_799_999])
  func roundTrip(ms: Int64) {
    #expect(Instant(iso8601: Instant(ms: ms).description)?.ms == ms)
  }

  @Test("random instants of years 0 to 9999 read back")
  func randomRoundTrip() {
    var chance = SeededChance(seed: 1)
    for _ in 0..<20_000 {
      let ms = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &chance)
      #expect(Instant(iso8601: Instant(ms: ms).description)?.ms == ms)
    }
  }

  @Test("the ends of time can be written")
  func ends() {
    #expect(Instant.never.description == "292278994-08-17T07:12:55.807Z")
    #expect(Instant.distantPast.description == "-292275055-05-16T16:47:04.192Z")
  }

  @Test("adding a duration stays within what can be told")
  func addition() {
    #expect((Instant(ms: 5) + DurationMs(ms: 10)).ms == 15)
    #expect(Instant.never + DurationMs(ms: 1) == .never)
    #expect(Instant(ms: .max - 5) + DurationMs(ms: 10) == .never)
  }
}
