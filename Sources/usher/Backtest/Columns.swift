/// A table for people: words to the left, numbers to the right, no line ending in spaces.
struct Columns {
  /// On which side of its column a cell stands.
  enum Side { case left, right }

  private let heading: [(title: String, side: Side)]
  private var rows: [[String]] = []

  init(_ heading: [(title: String, side: Side)]) { self.heading = heading }

  /// Adds a row, a cell a column.
  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// How many characters a line takes at most.
  var width: Int { widths.reduce(0, +) + 2 * max(0, heading.count - 1) }

  private var widths: [Int] {
    heading.indices.map { column in
      ([heading[column].title] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
  }

  /// The lines, under a heading and a rule; styled where the terminal has colours.
  func text(on terminal: Terminal) -> String {
    let widths = widths
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    let lines = rows.map { line($0, widths) }
    return terminal.styled(line(heading.map(\.title), widths), .bold) + "\n" + terminal.styled(rule, .dim) + "\n"
      + lines.map { $0 + "\n" }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    var owed = 0
    for (column, cell) in cells.enumerated() {
      let gap = String(repeating: " ", count: widths[column] - cell.count)
      let padded = heading[column].side == .right ? gap + cell : cell + gap
      let end = padded.lastIndex { $0 != " " }.map { padded.distance(from: padded.startIndex, to: $0) + 1 } ?? 0
      if end > 0 { text += String(repeating: " ", count: owed) + padded.prefix(end) }
      owed = (end > 0 ? 0 : owed) + padded.count - end + 2
    }
    return text
  }
}
