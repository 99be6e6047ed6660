internal import Events

/// Profiles that are not in memory and are due later than the queue's entry for them says, because events have put the
/// due instant off since it was added. When the entry comes up it is moved on from here, and the profile need not be
/// loaded for it; when the profile returns it goes on with the entry. So there is one entry for it, however often it
/// leaves and returns.
///
/// A table by hash, with open addressing; a hash that two ids share has a row for each.
struct Postponements: ~Copyable {
  private struct Row {
    var hash: UInt64
    /// The instant of the queue's entry; nowhere the last one, which stands for a place without a row.
    var armedMs: Int64
    /// The instant at which the profile is due; the last one where it is never.
    var dueMs: Int64
    static var empty: Row { Row(hash: 0, armedMs: .max, dueMs: .max) }
    var isEmpty: Bool { armedMs == .max }
  }

  private var rows: UnsafeMutablePointer<Row>
  private var capacity = 64
  private(set) var count = 0

  init() {
    rows = .allocate(capacity: capacity)
    rows.initialize(repeating: .empty, count: capacity)
  }

  deinit { rows.deallocate() }

  var memoryBytes: Int { capacity * MemoryLayout<Row>.stride }

  /// Notes that the entry at `armedMs` stands for a profile that is due only at `dueMs`.
  mutating func add(hash: UInt64, armedMs: Int64, dueMs: Int64) {
    if (count + 1) * 4 > capacity * 3 { grow() }
    put(Row(hash: hash, armedMs: armedMs, dueMs: dueMs))
    count += 1
  }

  /// Whether an entry of the queue stands for a profile that is due later.
  func has(hash: UInt64, armedMs: Int64) -> Bool {
    var at = home(of: hash)
    while !rows[at].isEmpty {
      if rows[at].hash == hash, rows[at].armedMs == armedMs { return true }
      at = (at &+ 1) & (capacity &- 1)
    }
    return false
  }

  /// When a profile is due whose entry has come up; nil where none of that hash waits for it.
  mutating func take(hash: UInt64, armedMs: Int64) -> Int64? {
    var at = home(of: hash)
    while !rows[at].isEmpty {
      if rows[at].hash == hash, rows[at].armedMs == armedMs { return remove(at).dueMs }
      at = (at &+ 1) & (capacity &- 1)
    }
    return nil
  }

  /// The instant of the entry that stands for a profile which returns; nil where it stands at the due instant itself.
  mutating func take(hash: UInt64, dueMs: Int64) -> Int64? {
    var at = home(of: hash)
    while !rows[at].isEmpty {
      if rows[at].hash == hash, rows[at].dueMs == dueMs { return remove(at).armedMs }
      at = (at &+ 1) & (capacity &- 1)
    }
    return nil
  }

  private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (capacity &- 1) }

  private func put(_ row: Row) {
    var at = home(of: row.hash)
    while !rows[at].isEmpty { at = (at &+ 1) & (capacity &- 1) }
    rows[at] = row
  }

  private mutating func remove(_ place: Int) -> Row {
    let row = rows[place]
    var hole = place
    var at = (hole &+ 1) & (capacity &- 1)
    while !rows[at].isEmpty {
      if (at &- home(of: rows[at].hash)) & (capacity &- 1) >= (at &- hole) & (capacity &- 1) {
        rows[hole] = rows[at]
        hole = at
      }
      at = (at &+ 1) & (capacity &- 1)
    }
    rows[hole] = .empty
    count -= 1
    return row
  }

  private mutating func grow() {
    let former = UnsafeMutableBufferPointer(start: rows, count: capacity)
    capacity *= 2
    rows = .allocate(capacity: capacity)
    rows.initialize(repeating: .empty, count: capacity)
    for row in former where !row.isEmpty { put(row) }
    former.deallocate()
  }
}
