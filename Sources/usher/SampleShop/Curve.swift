import Glibc

/// Draws from a curve by a table of whole numbers, so that the last digits of a mathematical library change nothing.
struct Curve: Sendable {
  private let points: [Int64]
  private static let steps = 4096

  /// The curve `value`, over shares from 0 to 1.
  private init(_ value: (Double) -> Double) {
    points = (0...Self.steps).map { Int64(value(Double($0) / Double(Self.steps)).rounded()) }
  }

  /// Gaps between things that happen independently of each other: exponential, with a mean of 1024.
  static let gaps = Curve { share in -log(max(1 - share, 0.5 / Double(steps))) * 1024 }

  /// Who of `count` people comes, 0 being the most frequent: Zipf's law, flattened at its head (Mandelbrot), so that
  /// two people in a hundred make about a sixth of all visits, and no one of them much more than the next.
  static func visitors(_ count: Int) -> Curve {
    let flat = Double(count) / 50 + 1
    return Curve { share in 256 * flat * (pow((Double(count) + flat) / flat, share) - 1) }
  }

  /// A value drawn by lot, between two points of the table on the straight line.
  func draw(_ chance: inout Chance) -> Int64 {
    let bits = chance.next()
    let at = Int(bits &>> 52)
    let part = Int64((bits &>> 36) & 0xFFFF)
    return points[at] + ((points[at + 1] - points[at]) * part) >> 16
  }
}
