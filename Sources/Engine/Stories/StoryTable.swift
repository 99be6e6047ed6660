/// What is known of values while a story is read, found by their hashes. Open addressing; emptied in one step, and kept
/// for the next story.
struct StoryTable: ~Copyable {
  struct Row {
    fileprivate var hash: UInt64 = 0
    fileprivate var generation: UInt32 = 0
    /// How many events have the value.
    var events: Int32 = 0
    /// The place of the event that was noted last.
    var place: Int32 = -1
    /// That event's time.
    var timeMs: Int64 = 0
    /// Where the value itself stands, where it is kept.
    var text: UnsafeMutableRawPointer?
  }

  private var rows: UnsafeMutablePointer<Row>
  private var capacity = 64
  private var generation: UInt32 = 1
  /// Where the rows in use stand, in the order in which they were added.
  private var used = GrowingTable<Int32>(capacity: 64)

  init() {
    rows = .allocate(capacity: capacity)
    rows.initialize(repeating: Row(), count: capacity)
  }

  deinit { rows.deallocate() }

  /// How many values are known.
  var count: Int { used.count }

  /// One of them, in the order in which they were added.
  func row(_ index: Int) -> Row { rows[Int(used[index])] }

  mutating func removeAll() {
    used.removeAll()
    generation &+= 1
    if generation == 0 {  // once in four thousand million stories
      for index in 0..<capacity { rows[index].generation = 0 }
      generation = 1
    }
  }

  /// The row of a value, if it is known.
  func find(_ hash: UInt64) -> Row? {
    let at = position(of: hash)
    return rows[at].generation == generation ? rows[at] : nil
  }

  /// The row of a value, a new one where there is none. Valid until the next call.
  mutating func row(of hash: UInt64) -> UnsafeMutablePointer<Row> {
    if used.count * 2 >= capacity { grow() }
    let at = position(of: hash)
    if rows[at].generation != generation {
      rows[at] = Row(hash: hash, generation: generation)
      used.append(Int32(at))
    }
    return rows + at
  }

  private func position(of hash: UInt64) -> Int {
    var at = Int(truncatingIfNeeded: hash) & (capacity - 1)
    while rows[at].generation == generation, rows[at].hash != hash { at = (at + 1) & (capacity - 1) }
    return at
  }

  private mutating func grow() {
    let (former, count) = (rows, used.count)
    capacity *= 2
    rows = .allocate(capacity: capacity)
    rows.initialize(repeating: Row(), count: capacity)
    for index in 0..<count {
      let row = former[Int(used[index])]
      let at = position(of: row.hash)
      rows[at] = row
      used[index] = Int32(at)
    }
    former.deallocate()
  }
}
