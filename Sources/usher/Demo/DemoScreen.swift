import Audiences
import Events
import Glibc
import Pipeline

/// Draws the demo: on a terminal one picture over the other, in a pipe a line for each change.
struct DemoScreen {
  let plan: Plan
  let demo: DemoPlan
  let terminal = Terminal.output
  private var drawnLines = 0

  init(_ plan: Plan, _ demo: DemoPlan) {
    self.plan = plan
    self.demo = demo
  }

  private var audienceWidth: Int { plan.audiences.map(\.definition.key.count).max() ?? 0 }

  /// A change, where nothing is drawn: only those that happen while one watches.
  func tell(_ change: DemoChange) {
    guard !terminal.isTerminal, change.at >= demo.liveFrom else { return }
    terminal.write(change.line(on: terminal, audienceWidth: audienceWidth) + "\n")
  }

  /// The picture of this moment.
  mutating func draw(_ lane: LaneTotals?, produced: Int, now: Instant, latest: [DemoChange]) {
    guard terminal.isTerminal else { return }
    var lines = [headline(lane, produced: produced, now: now), ""]
    lines += Self.sizes(plan, lane, most: Self.rows() - 12).split(separator: "\n").map(String.init)
    lines.append("")
    let room = max(4, Self.rows() - lines.count - 2)
    lines += latest.prefix(room).map { $0.line(on: terminal, audienceWidth: audienceWidth) }
    // Up to where the last picture began, each line over the old one, and away with what is left below.
    let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r" : ""
    terminal.write(up + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
    drawnLines = lines.count
  }

  private func headline(_ lane: LaneTotals?, produced: Int, now: Instant) -> String {
    let day = now.description.prefix(16).replacing("T", with: " ")
    let events = "\(Figures.grouped(lane?.records ?? 0)) of \(Figures.grouped(produced)) events"
    let changes = "\(Figures.grouped(lane?.changes ?? 0)) changes"
    let title = terminal.styled("A shop at \(demo.speed) times its pace", .bold)
    return "\(title)  \(day)  \(events)  \(changes)  (Ctrl-C ends)"
  }

  /// The table of audiences: the liveliest ones, in the order of the plan, and a line that tells how many are left out.
  static func sizes(_ plan: Plan, _ lane: LaneTotals?, most: Int) -> String {
    func entered(_ number: Int) -> Int { lane?.entries[number] ?? 0 }
    func left(_ number: Int) -> Int { lane?.exits[number] ?? 0 }
    let numbers = Array(plan.audiences.indices)
    let liveliest = numbers.sorted { (entered($1) + left($1), $0) < (entered($0) + left($0), $1) }
    let shown = liveliest.prefix(max(4, most)).sorted()
    let rows = shown.map { number in
      [
        plan.audiences[number].definition.key, Figures.grouped(entered(number) - left(number)),
        Figures.grouped(entered(number)), Figures.grouped(left(number)),
      ]
    }
    let table = Table.text(heading: ["audience", "in now", "entered", "left"], rows: rows)
    let rest = numbers.count - shown.count
    return rest == 0 ? table : table + "and \(Figures.counted(rest, "quieter audience"))\n"
  }

  /// How many lines the terminal has.
  private static func rows() -> Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
  }
}
