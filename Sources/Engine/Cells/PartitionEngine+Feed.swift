internal import Audiences
internal import Events

extension PartitionEngine {
  /// Puts an event into every cell that it belongs in, and notes which cells' leaves must be asked again.
  mutating func feed(_ record: Record, at timeMs: Int64, into slot: ProfileTable.Slot) {
    let arrival = profiles[slot].arrivals
    for index in tables.selectorsOfEvent[Int(record.event)].range {
      let number = tables.selector(index)
      let selector = tables.selectors[number]
      if selector.hasFilter, !matches(record, number) { continue }
      for place in selector.stories.range {
        cast(tables.storyRoles[place].role, in: Int(tables.storyRoles[place].cell))
      }
      for place in selector.cells.range {
        let cell = Int(tables.cellsOfSelectors[place])
        var event = MeasuredEvent(timeMs: timeMs, arrival: arrival)
        if !complete(&event, from: record, for: cell) { continue }
        if keep(event, in: cell, of: slot) { touch(cell) }
      }
    }
    if !cast.isEmpty { tellStories(of: record, at: timeMs, in: slot) }
  }

  private mutating func matches(_ record: Record, _ selector: Int) -> Bool {
    for test in plan.selectors[selector].filter where !test.holds(of: record, &values) { return false }
    return true
  }

  /// Notes that a cell's leaves must be asked, and those of the cells that look at it.
  mutating func touch(_ cell: Int) {
    touchedCells.insert(cell)
    for index in tables.cells[cell].dependents.range { touchedCells.insert(Int(tables.dependents[index])) }
  }

  /// Fills in what a cell wants to know of an event; false where the event does not matter to it.
  private mutating func complete(_ event: inout MeasuredEvent, from record: Record, for number: Int) -> Bool {
    let cell = tables.cells.row(number)
    if cell.pointee.hasHaving {
      var holds = true
      for test in plan.cells[number].having where !test.holds(of: record, &values) { holds = false }
      if holds { event.marks |= Series.havingMark }
    }
    guard cell.pointee.hasValue else { return true }
    if let measured = plan.cells[number].value?.measure(record, &values) {
      event.value = measured
      event.marks |= Series.valueMark
      return true
    }
    return cell.pointee.isSeries && cell.pointee.keepsValueless
  }

  /// Keeps an event as its cell wants it; false where nothing changed.
  mutating func keep(_ event: MeasuredEvent, in number: Int, of slot: ProfileTable.Slot) -> Bool {
    switch tables.cells.row(number).pointee.form {
    case .counter: count(in: number, of: slot)
    case .accumulator: accumulate(event.value, in: number, of: slot)
    case .latest: keepLatest(event, in: number, of: slot)
    case .earliest: keepEarliest(event, in: number, of: slot)
    case .all: keepAll(event, in: number, of: slot)
    case .story: preconditionFailure("a story is told, not measured")
    }
  }

  private mutating func count(in number: Int, of slot: ProfileTable.Slot) -> Bool {
    guard let part = profiles[slot].part(.cell(number)) else {
      profiles.addPart(.cell(number), contentBytes: 8, to: slot).content.storeBytes(of: 1, as: Int64.self)
      return true
    }
    let count = part.content.load(as: Int64.self)
    if count >= tables.cells[number].most { return false }
    part.content.storeBytes(of: count + 1, as: Int64.self)
    return true
  }

  private mutating func accumulate(_ value: Int128, in number: Int, of slot: ProfileTable.Slot) -> Bool {
    guard let part = profiles[slot].part(.cell(number)) else {
      Accumulator(profiles.addPart(.cell(number), contentBytes: 16, to: slot)).value = value
      return true
    }
    let accumulator = Accumulator(part)
    let before = accumulator.value
    let after = plan.cells[number].value?.combine(before, value) ?? before
    accumulator.value = after
    return after != before
  }

  private mutating func keepLatest(_ event: MeasuredEvent, in number: Int, of slot: ProfileTable.Slot) -> Bool {
    let bytes = tables.cells[number].entryBytes
    guard let part = profiles[slot].part(.cell(number)) else {
      Series(profiles.addPart(.cell(number), contentBytes: bytes, to: slot), entryBytes: bytes).set(0, event)
      return true
    }
    let series = Series(part, entryBytes: bytes)
    let index = series.firstIndex(after: event.timeMs)
    if series.count < tables.cells[number].most {
      Series(profiles.grow(part, by: bytes, at: index * bytes, in: slot), entryBytes: bytes).set(index, event)
    } else if index == 0 {
      return false
    } else {
      series.forgetFirst(makingRoomAt: index - 1)
      series.set(index - 1, event)
    }
    return true
  }

  private mutating func keepEarliest(_ event: MeasuredEvent, in number: Int, of slot: ProfileTable.Slot) -> Bool {
    let bytes = tables.cells[number].entryBytes
    guard let part = profiles[slot].part(.cell(number)) else {
      Series(profiles.addPart(.cell(number), contentBytes: bytes, to: slot), entryBytes: bytes).set(0, event)
      return true
    }
    let series = Series(part, entryBytes: bytes)
    if series.timeMs(0) <= event.timeMs { return false }
    series.set(0, event)
    return true
  }

  private mutating func keepAll(_ event: MeasuredEvent, in number: Int, of slot: ProfileTable.Slot) -> Bool {
    let cell = tables.cells[number]
    if cell.maxAgeMs != .max, event.timeMs + cell.maxAgeMs <= clock.ms { return false }
    if let since = newestMoment(of: cell.since, in: profiles[slot]), event.timeMs < since.timeMs { return false }
    var part = profiles[slot].part(.cell(number)) ?? profiles.addPart(.cell(number), contentBytes: 0, to: slot)
    let index = Series(part, entryBytes: cell.entryBytes).firstIndex(after: event.timeMs)
    part = profiles.grow(part, by: cell.entryBytes, at: index * cell.entryBytes, in: slot)
    Series(part, entryBytes: cell.entryBytes).set(index, event)
    prune(part, cell, in: slot)
    return true
  }

  /// Forgets entries that no leaf can ask for any more, and the oldest beyond the limit.
  mutating func prune(_ part: Part, _ cell: CellRow, in slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    let series = Series(part, entryBytes: cell.entryBytes)
    var gone = 0
    if cell.maxAgeMs != .max { gone = series.firstIndex(after: clock.ms - cell.maxAgeMs) }
    if let since = newestMoment(of: cell.since, in: profile) { gone = max(gone, series.firstIndex(after: since)) }
    if series.count - gone > cell.most {
      counts.entriesDropped += series.count - gone - cell.most
      gone = series.count - cell.most
    }
    if gone > 0 { profile.remove(gone * cell.entryBytes, at: 0, from: part) }
  }
}

/// A total, or the smallest or largest value, of all events: 128 bits, so that a sum is exact.
struct Accumulator {
  private let content: UnsafeMutableRawPointer

  init(_ part: Part) { content = part.content }

  var value: Int128 {
    get {
      Int128(content.load(fromByteOffset: 8, as: Int64.self)) << 64 | Int128(content.load(as: UInt64.self))
    }
    nonmutating set {
      content.storeBytes(of: UInt64(truncatingIfNeeded: newValue), as: UInt64.self)
      content.storeBytes(of: Int64(truncatingIfNeeded: newValue >> 64), toByteOffset: 8, as: Int64.self)
    }
  }
}
