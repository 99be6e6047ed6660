/// Rows that never change, in memory of their own: a look at one costs no reference count and no bounds check.
struct RowTable<Row: BitwiseCopyable>: ~Copyable {
  private let rows: UnsafeMutablePointer<Row>
  let count: Int

  init(_ rows: [Row]) {
    count = rows.count
    self.rows = .allocate(capacity: max(rows.count, 1))
    self.rows.initialize(from: rows, count: rows.count)
  }

  deinit { rows.deallocate() }

  @inline(__always) subscript(index: Int) -> Row { rows[index] }

  /// The row itself, where it stands.
  @inline(__always) func row(_ index: Int) -> UnsafePointer<Row> { UnsafePointer(rows + index) }
}
