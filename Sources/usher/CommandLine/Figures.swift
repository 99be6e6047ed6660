/// Numbers for people.
enum Figures {
  /// `1234567` as `1,234,567`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `1 event`, `1,234 events`.
  static func counted(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A number of bytes as `312.4 MiB`.
  static func bytes(_ count: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024 && unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(count) B" : "\((value * 10).rounded() / 10) \(units[unit])"
  }

  /// Milliseconds as `1.2 s`.
  static func seconds(ms: Int64) -> String { "\(Double(ms / 100) / 10) s" }
}

/// Columns of text, as wide as what is in them.
enum Table {
  /// Lays out rows under a heading; no line ends in spaces.
  static func text(heading: [String], rows: [[String]]) -> String {
    var widths = heading.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([heading, rule] + rows).map { line($0, widths) }.joined()
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() where !cell.isEmpty {
      let start = widths.prefix(column).reduce(0) { $0 + $1 + 2 }
      text += String(repeating: " ", count: start - text.count) + cell
    }
    return text + "\n"
  }
}
