internal import CMemory

/// Rows that are added and taken away at the end: the memory doubles when it is full, and is kept for the next ones.
struct GrowingTable<Row>: ~Copyable {
  private var rows: UnsafeMutablePointer<Row>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    rows = .allocate(capacity: capacity)
  }

  deinit {
    rows.deinitialize(count: count)
    rows.deallocate()
  }

  /// How many bytes are taken for rows, filled or not.
  var memoryBytes: Int { capacity * MemoryLayout<Row>.stride }

  @inline(__always) subscript(index: Int) -> Row {
    get { rows[index] }
    set { rows[index] = newValue }
  }

  /// Asks for the memory of a row that will soon be looked at.
  @inline(__always) func expect(_ index: Int) { usher_prefetch(rows + index) }

  mutating func append(_ row: Row) {
    if count == capacity { grow() }
    (rows + count).initialize(to: row)
    count += 1
  }

  mutating func removeLast() -> Row {
    count -= 1
    return (rows + count).move()
  }

  /// Takes away all rows from one on.
  mutating func truncate(to count: Int) {
    (rows + count).deinitialize(count: self.count - count)
    self.count = count
  }

  mutating func removeAll() {
    rows.deinitialize(count: count)
    count = 0
  }

  private mutating func grow() {
    let grown = UnsafeMutablePointer<Row>.allocate(capacity: capacity * 2)
    grown.moveInitialize(from: rows, count: count)
    rows.deallocate()
    rows = grown
    capacity *= 2
  }
}
