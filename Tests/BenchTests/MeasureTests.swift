import Testing

@testable import usher_bench

@Suite("What the runs of bench/ measure with")
struct MeasureTests {
  @Test("Percentiles are measured values: the least that so many do not exceed")
  func percentiles() {
    let thousand = Distribution((1...1000).map { Int64($0) }.reversed())
    #expect(thousand.median == 500)
    #expect(thousand.permille(990) == 990)
    #expect(thousand.permille(999) == 999)
    #expect(thousand.permille(1000) == 1000)
    #expect(thousand.least == 1 && thousand.most == 1000)
    let three = Distribution([30, 10, 20])
    #expect(three.median == 20)
    #expect(three.permille(990) == 30)
    #expect(three.permille(1) == 10)
    #expect(Distribution([7]).permille(999) == 7)
    #expect(Distribution([]).median == nil)
  }

  @Test("A pace counts from its start, and loses nothing to rounding")
  func pace() {
    let pacing = Pacing(rate: 20_000, forMs: 130_000)
    #expect(pacing.total == 2_600_000)
    #expect(pacing.due(afterNs: 0) == 0)
    #expect(pacing.due(afterNs: 5_000_000) == 100)
    #expect(pacing.due(afterNs: 1_000_000_000) == 20_000)
    #expect(pacing.due(afterNs: 129_999_999_999) == 2_599_999)
    #expect(pacing.due(afterNs: 999_000_000_000) == 2_600_000)
    let odd = Pacing(rate: 7, forMs: 3000, stepNs: 1)
    #expect((0..<30).map { odd.due(afterNs: $0 * 100_000_000) }.last == 20)
    #expect(odd.due(afterNs: 3_000_000_000) == 21)
  }

  @Test("After a step that took too long, the next one is the next that begins")
  func steps() {
    let pacing = Pacing(rate: 1000, forMs: 1000)
    #expect(pacing.nextStepNs(afterNs: 0) == 5_000_000)
    #expect(pacing.nextStepNs(afterNs: 4_999_999) == 5_000_000)
    #expect(pacing.nextStepNs(afterNs: 5_000_000) == 10_000_000)
    #expect(pacing.nextStepNs(afterNs: 23_000_000) == 25_000_000)
  }

  @Test("An event's id and time are found where SDKs write them")
  func eventLines() throws {
    func look<Result>(_ text: String, _ body: (EventLine?) -> Result) -> Result {
      Array(text.utf8).withUnsafeBytes { body(EventLine($0)) }
    }
    let time = "2026-01-01T00:04:23.798Z"
    let known = #"{"type":"track","userId":"u_1","anonymousId":"a_1","timestamp":"\#(time)","properties":{}}"#
    look(known) { line in
      #expect(line.map { String(decoding: $0.profile, as: UTF8.self) } == "u_1")
      #expect(line.map { String(decoding: $0.bytes[$0.timePlace..<($0.timePlace + 24)], as: UTF8.self) } == time)
    }
    look(#"{"anonymousId":"a_1","timestamp":"\#(time)","properties":{"userId":"other"}}"#) { line in
      #expect(line.map { String(decoding: $0.profile, as: UTF8.self) } == "a_1")
    }
    for wrong in ["", "{}", #"{"timestamp":"\#(time)"}"#, #"{"userId":"","timestamp":"\#(time)"}"#] {
      #expect(look(wrong) { $0 == nil })
    }
    #expect(look(#"{"userId":"u","timestamp":"2026-01-01T00:04:23Z","x":"1234567890"}"#) { $0 == nil })
    #expect(look(#"{"userId":"u","timestamp":"2026-01"#) { $0 == nil })
  }

  @Test("Figures are written as they are read")
  func figures() {
    #expect(Report.grouped(1_234_567) == "1,234,567")
    #expect(Report.grouped(999) == "999")
    #expect(Report.fixed(1.005, 1) == "1.0")
    #expect(Report.fixed(58.06, 1) == "58.1")
    #expect(Report.fixed(-0.04, 1) == "0.0")
    #expect(Report.fixed(-2.5, 2) == "-2.50")
    #expect(Report.fixed(1234.6, 0) == "1235")
    let json = #"{"records":12,"seconds":1.5,"seconds_after_start":1.25}"#
    #expect(UsherProcess.figure("seconds", in: json) == 1.5)
    #expect(UsherProcess.figure("seconds_after_start", in: json) == 1.25)
    #expect(UsherProcess.figure("commits", in: json) == nil)
  }

  @Test("The partitions that are ready are those of all lanes")
  func restoredPartitions() {
    let log = """
      2026-11-21T06:14:01.000Z info restoring partitions=0,1
      2026-11-21T06:14:02.123Z info restored partitions=0,1 profiles=12 records=9 took_ms=3
      2026-11-21T06:14:02.200Z info restored partitions=3 profiles=1 records=1 took_ms=3
      """
    #expect(UsherProcess.restored(in: log) == ["0", "1", "3"])
    #expect(UsherProcess.restored("took_ms", in: log) == ["3", "3"])
    #expect(UsherProcess.restored(in: "").isEmpty)
  }

  @Test("Durations have a unit")
  func durations() {
    #expect(Arguments.durationMs(of: "120s") == 120_000)
    #expect(Arguments.durationMs(of: "500ms") == 500)
    #expect(Arguments.durationMs(of: "2m") == 120_000)
    for wrong in ["", "s", "12", "-1s", "1.5s", "99999999999999999999s", "9223372036854775807m"] {
      #expect(Arguments.durationMs(of: wrong) == nil)
    }
  }
}
