/// Measured values in order. Percentiles are values that were measured (nearest rank), never ones in between.
struct Distribution: Sendable {
  private let values: [Int64]

  init(_ values: [Int64]) { self.values = values.sorted() }

  var count: Int { values.count }
  var least: Int64? { values.first }
  var most: Int64? { values.last }

  /// The least value that so many thousandths of the values do not exceed; nil where nothing was measured.
  func permille(_ share: Int) -> Int64? {
    guard !values.isEmpty else { return nil }
    let rank = (values.count * share + 999) / 1000
    return values[min(max(rank, 1), values.count) - 1]
  }

  /// The value in the middle; of an even number, the lower one of the two.
  var median: Int64? { permille(500) }
}
