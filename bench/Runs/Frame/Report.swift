import Glibc

/// What is told while a run goes on, and how figures are written.
enum Report {
  /// Tells how far the run has come, where it does not get in the way of the figures.
  static func tell(_ line: String) {
    var text = line + "\n"
    text.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }

  /// A whole number with commas between its thousands.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (place, digit) in String(abs(number)).reversed().enumerated() {
      if place > 0 && place % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }

  /// A number with so many digits behind the point.
  static func fixed(_ number: Double, _ digits: Int) -> String {
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    let units = Int((abs(number) * factor).rounded())
    let sign = number < 0 && units > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(units)" }
    let behind = String(units % Int(factor))
    return "\(sign)\(units / Int(factor))." + String(repeating: "0", count: digits - behind.count) + behind
  }

  /// Rows below their headings, all but the first column flush right.
  static func table(_ rows: [[String]]) -> String {
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let room = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + room : room + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
