import Engine
import Events
import Foundation
import Testing

@testable import usher

@Suite("The sizes of audiences over time")
struct BacktestSizesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// The rows of the file of sizes: instant, audience, members, controls.
  private func rows() throws -> [[String]] {
    let text = try String(contentsOfFile: "\(folder.path)/sizes.csv", encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines.first == ["instant", "audience", "members", "controls"])
    return Array(lines.dropFirst())
  }

  @Test("are those that the changes lead to, at every instant", arguments: ["", "1h", "7m", "1d", "30s"])
  func exact(step: String) throws {
    let words = ["--sizes", "\(folder.path)/sizes.csv", "--changes", "\(folder.path)/changes"]
    let recorder = try Recorder()
    let settings = try BacktestShop.settings(
      words + (step.isEmpty ? [] : ["--step", step]), in: folder, words: recorder.terminal)
    #expect(try BacktestCommand(settings: settings).run(BacktestShop().plan()) == 0)
    #expect(recorder.said.isEmpty, "nothing was asked that is told in words")
    let changes = try WrittenChange.all(in: "\(folder.path)/changes")
    let rows = try rows()
    let instants = Set(rows.map { $0[0] }).sorted()
    #expect(rows.map { $0[1] } == instants.flatMap { _ in ["bought", "cart", "held"] })
    #expect(rows.contains { $0[3] != "0" } && rows.contains { $0[2] != "0" })
    if step.isEmpty { #expect((50...140).contains(instants.count), "\(instants.count)") }
    for (index, instant) in instants.enumerated() where index % (step == "30s" ? 97 : 1) == 0 {
      let (members, controls) = WrittenChange.standing(after: changes, upTo: instant)
      for row in rows.filter({ $0[0] == instant }) {
        #expect(row[2] == "\(members[row[1]]?.count ?? 0)" && row[3] == "\(controls[row[1]]?.count ?? 0)", "\(row)")
      }
    }
  }

  @Test("end where the clock does")
  func end() throws {
    _ = try BacktestShop().backtest(
      "--sizes", "\(folder.path)/sizes.csv", "--until", "2026-11-30T00:30:00Z", "--step", "1d", in: folder)
    let rows = try rows()
    #expect(rows.last?[0] == "2026-11-30T00:30:00.000Z" && rows.suffix(3).allSatisfy { $0[2] == "0" && $0[3] == "0" })
    #expect(rows[rows.count - 4][0] == "2026-11-30T00:00:00.000Z")
  }

  @Test("stay exact while steps are made longer")
  func widening() {
    var (wide, walked) = (SizeLog(audiences: 2), SizeLog(audiences: 2, stepMs: 86_400_000))
    for number in 0..<50_000 as Range<Int64> {
      let instant = Instant(ms: -900_000_000 + number * number % 40_000_000_007)
      for kind in [.entered, .entered, .heldOut, .exited] as [Change.Kind] where (number + Int64(kind.rawValue)) % 3 > 0
      {
        wide.add(kind, audience: Int(number) % 2, at: instant)
        walked.add(kind, audience: Int(number) % 2, at: instant)
      }
    }
    #expect(wide.stepMs > 1 && 86_400_000 % wide.stepMs == 0)
    var (a, b) = (wide.walk(), walked.walk())
    for day in -20..<480 as Range<Int64> {
      a.goOn(to: Instant(ms: day * 86_400_000))
      b.goOn(to: Instant(ms: day * 86_400_000))
      #expect(a.members == b.members && a.controls == b.controls)
    }
    a.goOn(to: nil)
    b.goOn(to: nil)
    #expect(a.members == b.members && a.members != [0, 0])
  }

  @Test("are a row of bars in the summary, as wide as there is room for")
  func bars() throws {
    #expect(Sparkline.text([0, 1, 2, 4, 8, 0]) == " ▁▂▄█ ")
    #expect(Sparkline.text([0, 0]) == "  ")
    #expect(Sparkline.text([1000, 1, 0]) == "█▁ ")
    let said = try BacktestShop().backtest(in: folder)
    let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("audience  members  entries  exits  in control  2026-11-"))
    #expect(lines.allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") && !$0.contains("\u{1B}") })
    let bars = try #require(lines.first { $0.hasPrefix("cart") })
    #expect(bars.contains("█"))
    let held = try #require(lines.first { $0.hasPrefix("held") }).split(separator: " ")
    #expect(Int(held[4]) != nil, "who is held out is counted: \(held)")
    #expect(bars.dropFirst(35).prefix(10).allSatisfy { $0 == " " }, "an audience without a holdout has no control")
  }

  @Test("of one day are headed by times, and nothing is headed where no time passed")
  func headings() throws {
    let (from, to) = (Instant(ms: 1_795_132_800_000), Instant(ms: 1_795_140_000_000))
    #expect(Sparkline.heading(from: from, to: to, width: 20) == "00:00:00    02:00:00")
    #expect(Sparkline.heading(from: from, to: Instant(ms: to.ms + 864_000_000), width: 12) == "2026-11-20")
    try folder.write(
      #"{"type":"track","event":"Add to Cart","userId":"a","timestamp":"2026-11-20T00:00:00Z"}"#, to: "one")
    let said = try BacktestShop().backtest("--events", "\(folder.path)/one", in: folder)
    #expect(said.hasPrefix("audience  members  entries  exits  in control\n"))
    #expect(said.contains("1 event of 1 profile, 2026-11-20 00:00 to 2026-11-20 00:00 UTC"))
  }

  @Test("go with a step, and not with the same stream as the changes")
  func sense() throws {
    for (words, part) in [
      (["--step", "1h"], "--step is for --sizes"), (["--sizes", "-", "--changes", "-"], "standard output"),
      (["--against", ".", "--time"], "--time looks at one"), (["--against", ".", "--overlaps"], "--overlaps"),
      (["--sizes", "x", "--step", "0s"], "longer than nothing"),
    ] {
      let arguments = try? Arguments(["--events", "e"] + words, for: BacktestOptions.declaration)
      guard let arguments else { continue }
      let failure = #expect(throws: Failure.self) { try BacktestSettings(arguments) }
      #expect(failure?.exitCode == 2 && failure?.message.contains(part) == true, "\(words)")
    }
  }
}
