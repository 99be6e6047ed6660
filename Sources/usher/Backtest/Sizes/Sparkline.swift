import Events

/// A row of small bars, the highest of them as high as a line.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// One bar a number; none for zero.
  static func text(_ numbers: [Int]) -> String {
    let most = max(1, numbers.max() ?? 0)
    return String(
      numbers.map { number in
        number <= 0 ? " " : bars[min(bars.count - 1, (number * bars.count - 1) / most)]
      })
  }

  /// For each audience, its members over the time from one instant to another; the last bar is the end.
  static func rows(_ log: SizeLog, from: Instant, to: Instant, width: Int) -> [String] {
    var numbers = Array(repeating: [Int](), count: log.audiences)
    var walk = log.walk()
    let length = Double(to.ms - from.ms)
    for column in 1...max(1, width) {
      let ms = from.ms + Int64(length * Double(column) / Double(width))
      walk.goOn(to: column == width ? nil : Instant(ms: ms))
      for audience in 0..<log.audiences { numbers[audience].append(walk.members[audience]) }
    }
    return numbers.map(text)
  }

  /// The two ends of the time, over the bars: days, or times of day where they are on one.
  static func heading(from: Instant, to: Instant, width: Int) -> String {
    let (first, last) = (from.description, to.description)
    var ends = [String(first.prefix(10)), String(last.prefix(10))]
    if ends[0] == ends[1] { ends = [first, last].map { String($0.dropFirst(11).prefix(8)) } }
    let gap = width - ends[0].count - ends[1].count
    return gap > 0 ? ends[0] + String(repeating: " ", count: gap) + ends[1] : ends[0]
  }
}
