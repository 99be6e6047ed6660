internal import Audiences
internal import Events

/// What a leaf says at an instant, and until when time alone cannot change that.
struct Answer {
  var holds: Bool
  var dueMs: Int64

  /// An answer that time alone does not change.
  @inline(__always) static func lasting(_ holds: Bool) -> Answer { Answer(holds: holds, dueMs: .max) }
}

extension PartitionEngine {
  /// Asks all leaves of a cell at an instant, and notes the audiences of those whose answer is another than before.
  mutating func ask(_ number: Int, at nowMs: Int64, in slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    guard let part = profile.part(.cell(number)) else { return }
    let cell = tables.cells.row(number)
    var asking = Asking(cell, part, profile, tables.cells.row(0), tables.tests, nowMs: nowMs)
    var dueMs = Int64.max
    for index in cell.pointee.leaves.range {
      let leaf = tables.leaves.row(index)
      let answer = asking.answer(leaf)
      dueMs = min(dueMs, answer.dueMs)
      let word = Int(leaf.pointee.number >> 6)
      let bit = UInt64(1) << UInt64(leaf.pointee.number & 63)
      if (profile.leaves[word] & bit != 0) != answer.holds {
        profile.leaves[word] ^= bit
        for place in leaf.pointee.audiences.range { affectedAudiences.insert(Int(tables.audienceNumbers[place])) }
      }
    }
    part.dueMs = dueMs
    for place in cell.pointee.otherLeaves.range { touchedLeaves.insert(Int(tables.leafNumbers[place])) }
  }

  /// The place of a cell's newest entry in the order of events.
  @inline(__always) func newestMoment(of cell: Int32, in profile: Profile) -> Moment? {
    cell < 0 ? nil : profile.newestMoment(of: cell, tables.cells.row(Int(cell)).pointee.entryBytes)
  }
}

extension Profile {
  /// The place of a cell's newest entry in the order of events.
  @inline(__always) func newestMoment(of cell: Int32, _ entryBytes: Int) -> Moment? {
    part(.cell(Int(cell))).flatMap { Series($0, entryBytes: entryBytes).newest }
  }
}

/// A cell while its leaves are asked, one after the other: what they have in common is found once.
struct Asking {
  private let form: CellRow.Form
  private let part: Part
  private let series: Series
  private let profile: Profile
  private let cells: UnsafePointer<CellRow>
  private let tests: UnsafePointer<NumberTest>
  private let nowMs: Int64
  /// The `since` of the leaf asked last, and the first entry after it.
  private var since: Int32 = -1
  private var from = 0

  init(
    _ cell: UnsafePointer<CellRow>, _ part: Part, _ profile: Profile, _ cells: UnsafePointer<CellRow>,
    _ tests: UnsafePointer<NumberTest>, nowMs: Int64
  ) {
    form = cell.pointee.form
    self.part = part
    series = Series(part, entryBytes: cell.pointee.entryBytes)
    self.profile = profile
    self.cells = cells
    self.tests = tests
    self.nowMs = nowMs
  }

  @inline(__always) mutating func answer(_ leaf: UnsafePointer<LeafRow>) -> Answer {
    let test = MeasureTest(leaf: leaf, tests: tests)
    switch form {
    case .counter: return .lasting(test.holds(count: Int(part.content.load(as: Int64.self))))
    case .accumulator: return .lasting(test.holds(Int64(clamping: Accumulator(part).value)))
    case .latest, .earliest, .all:
      if leaf.pointee.since != since { look(after: leaf.pointee.since) }
      let entries = Entries(leaf: leaf, test: test, series: series, from: from, nowMs: nowMs)
      if leaf.pointee.pick != .none { return entries.picked() }
      return leaf.pointee.measure == .count ? entries.counted() : entries.combined()
    case .story: preconditionFailure("a story has no plain leaves")
    }
  }

  private mutating func look(after cell: Int32) {
    since = cell
    from = 0
    if cell < 0 { return }
    let moment = profile.newestMoment(of: cell, cells[Int(cell)].entryBytes)
    if let moment { from = series.firstIndex(after: moment) }
  }
}

/// What a leaf's measure must be.
struct MeasureTest {
  let leaf: UnsafePointer<LeafRow>
  let tests: UnsafePointer<NumberTest>  // the engine that asks holds them

  /// Whether it holds of a number in millionths; `nil` is absent.
  @inline(__always) func holds(_ units: Int64?) -> Bool {
    if leaf.pointee.hasThreshold { return units.map { $0 >= leaf.pointee.threshold } ?? false }
    return tests[Int(leaf.pointee.test)].holds(units)
  }

  /// Whether it holds of a count.
  @inline(__always) func holds(count: Int) -> Bool {
    holds(Int64(min(count, leaf.pointee.cap)) * Millionths.perWhole)
  }
}

/// The steps `pick`, `having`, window and measure of one leaf over the entries of a series, from one entry on.
struct Entries {
  let leaf: UnsafePointer<LeafRow>
  let test: MeasureTest
  let series: Series
  let from: Int
  let nowMs: Int64

  /// The one picked either counts or does not: the answer changes where its age crosses an end of the window.
  @inline(__always) func picked() -> Answer {
    let whenEmpty = leaf.pointee.whenEmpty
    let index = leaf.pointee.pick == .first ? from : series.count - 1
    guard from < series.count, !leaf.pointee.wantsHaving || series.has(Series.havingMark, index) else {
      return .lasting(whenEmpty)
    }
    let whenCounted = measured(index)
    if !leaf.pointee.hasWindow || whenCounted == whenEmpty { return .lasting(whenCounted) }
    let enters = series.timeMs(index) + leaf.pointee.fromMs
    let leaves = series.timeMs(index) + leaf.pointee.toMs
    if enters >= leaves || nowMs >= leaves { return .lasting(whenEmpty) }
    return nowMs < enters ? Answer(holds: whenEmpty, dueMs: enters) : Answer(holds: whenCounted, dueMs: leaves)
  }

  /// What one event comes to; its measure is absent where it does not have the property.
  @inline(__always) private func measured(_ index: Int) -> Bool {
    let hasValue = series.has(Series.valueMark, index)
    switch leaf.pointee.measure {
    case .count: return test.holds(count: 1)
    case .sum: return test.holds(hasValue ? Int64(clamping: series.value(index)) : 0)
    case .min, .max: return test.holds(hasValue ? Int64(clamping: series.value(index)) : nil)
    }
  }

  /// A count changes where the oldest entry that counts leaves the window, or the next one enters it.
  @inline(__always) func counted() -> Answer {
    guard leaf.pointee.hasWindow else { return .lasting(test.holds(count: series.count - from)) }
    if leaf.pointee.fromMs == 0, leaf.pointee.hasThreshold { return reached() }
    let (low, high, dueMs) = inside()
    return Answer(holds: test.holds(count: high - low), dueMs: dueMs)
  }

  /// `at_least: n within w` is true until the n-th newest entry is `w` old, and never by time alone once false.
  @inline(__always) private func reached() -> Answer {
    if leaf.pointee.cap == 0 { return .lasting(true) }
    let index = series.count - leaf.pointee.cap
    guard index >= from else { return .lasting(false) }
    let until = series.timeMs(index) + leaf.pointee.toMs
    return nowMs < until ? Answer(holds: true, dueMs: until) : .lasting(false)
  }

  /// Sums, and the smallest and largest values, of the entries inside the window.
  func combined() -> Answer {
    var low = from
    var high = series.count
    var dueMs = Int64.max
    if leaf.pointee.hasWindow { (low, high, dueMs) = inside() }
    var result: Int128? = leaf.pointee.measure == .sum ? 0 : nil
    for index in low..<max(low, high) where series.has(Series.valueMark, index) {
      let value = series.value(index)
      guard let before = result else {
        result = value
        continue
      }
      switch leaf.pointee.measure {
      case .min: result = min(before, value)
      case .max: result = max(before, value)
      case .sum, .count: result = before + value
      }
    }
    return Answer(holds: test.holds(result.map { Int64(clamping: $0) }), dueMs: dueMs)
  }

  /// The entries whose age lies in the window, and the next instant at which these are others.
  private func inside() -> (low: Int, high: Int, dueMs: Int64) {
    let (fromMs, toMs) = (leaf.pointee.fromMs, leaf.pointee.toMs)
    if fromMs == toMs { return (from, from, .max) }
    let low = max(from, series.firstIndex(after: nowMs - toMs))
    let high = fromMs == 0 ? series.count : max(low, series.firstIndex(after: nowMs - fromMs))
    var dueMs = Int64.max
    if low < series.count { dueMs = series.timeMs(low) + toMs }
    if high < series.count { dueMs = min(dueMs, series.timeMs(high) + fromMs) }
    return (low, high, dueMs)
  }
}
