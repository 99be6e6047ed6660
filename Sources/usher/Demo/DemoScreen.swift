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
    lines += Self.sizes(plan, lane).split(separator: "\n").map(String.init)
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

  /// The table of audiences.
  static func sizes(_ plan: Plan, _ lane: LaneTotals?) -> String {
    let rows = plan.audiences.enumerated().map { number, audience in
      let entered = lane?.entries[number] ?? 0
      let left = lane?.exits[number] ?? 0
      return [
        audience.definition.key, Figures.grouped(entered - left), Figures.grouped(entered), Figures.grouped(left),
      ]
    }
    return Table.text(heading: ["audience", "in now", "entered", "left"], rows: rows)
  }

  /// How many lines the terminal has.
  private static func rows() -> Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
  }
}
