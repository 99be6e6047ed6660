internal import Audiences
internal import Events

/// Measures over the events that the steps have left.
extension PartitionEngine {
  /// Whether a story's figure is what a leaf wants, and until when time alone cannot change that.
  mutating func answer(
    _ reading: StoryReading, _ test: ValuePredicate, at nowMs: Int64, in profile: Profile
  ) -> Answer {
    let dueMs = takeSteps(reading, at: nowMs, in: profile)
    let slots = self.slots(of: reading)
    guard let by = reading.by else {
      return Answer(holds: holds(test, of: figure(reading.measure, slots)), dueMs: dueMs)
    }
    return Answer(holds: holdsForAny(of: by, reading, test, slots), dueMs: dueMs)
  }

  mutating func slots(of reading: StoryReading) -> [Story.Slot] { plan.cells[reading.cell].story?.slots ?? [] }

  private mutating func holds(_ test: ValuePredicate, of figure: Figure) -> Bool {
    collect(figure)
    return test.holds(of: values)
  }

  /// `by`: the measure for each value apart. How many events have a value is counted in one go.
  private mutating func holdsForAny(
    of by: Int, _ reading: StoryReading, _ test: ValuePredicate, _ slots: [Story.Slot]
  ) -> Bool {
    if case .count = reading.measure {
      tally(by, slots)
      for index in 0..<story.table.count {
        if holds(test, of: .number(Int64(story.table.row(index).events) * Millionths.perWhole)) { return true }
      }
      return false
    }
    group(by, slots)
    var from = 0
    while from < story.groups.count {
      story.left.removeAll()
      let hash = story.groups[from].hash
      while from < story.groups.count, story.groups[from].hash == hash {
        let place = story.groups[from].place
        let isAgain = story.left.count > 0 && story.left[story.left.count - 1] == place
        if !isAgain { story.left.append(place) }  // an event counts once for a value
        from += 1
      }
      if holds(test, of: figure(reading.measure, slots)) { return true }
    }
    return false
  }

  /// Pairs of each value of a slot with the events that have it, ordered by value.
  private mutating func group(_ slot: Int, _ slots: [Story.Slot]) {
    story.groups.removeAll()
    for index in 0..<story.left.count {
      let place = story.left[index]
      let kept = story.all[Int(place)].values(of: slot, slots)
      for number in 0..<kept.count { story.groups.append(StoryScratch.Pair(hash: kept.word(number), place: place)) }
    }
    story.sortGroups()
  }

  /// How many events have each value of a slot, each event once for a value, and which was the last.
  private mutating func tally(_ slot: Int, _ slots: [Story.Slot]) {
    story.table.removeAll()
    let isText = slots[slot].form == .texts
    for index in 0..<story.left.count {
      let place = story.left[index]
      let kept = story.all[Int(place)].values(of: slot, slots)
      if isText {
        kept.texts.forEach { value, at in
          if value.isScalar { Self.note(value.hash, at, of: place, &story.table) }
        }
      } else {
        for number in 0..<kept.count { Self.note(kept.word(number), nil, of: place, &story.table) }
      }
    }
  }

  private static func note(
    _ hash: UInt64, _ text: UnsafeMutableRawPointer?, of place: Int32, _ table: inout StoryTable
  ) {
    let row = table.row(of: hash)
    if row.pointee.place == place { return }
    row.pointee.events += 1
    row.pointee.place = place
    row.pointee.text = text
  }

  mutating func figure(_ measure: StoryMeasure, _ slots: [Story.Slot]) -> Figure {
    let count = story.left.count
    switch measure {
    case .count: return .number(Int64(clamping: Int128(count) * Int128(Millionths.perWhole)))
    case .sum(let slot): return .number(Int64(clamping: numbers(slot, slots).sum))
    case .average(let slot):
      let numbers = numbers(slot, slots)
      return numbers.count == 0 ? .absent : Self.rounded(numbers.sum, over: Int128(numbers.count))
    case .min(let slot): return numbers(slot, slots).least.map { .number($0) } ?? .absent
    case .max(let slot): return numbers(slot, slots).most.map { .number($0) } ?? .absent
    case .distinct(let slot): return .number(distinct(slot, slots) * Millionths.perWhole)
    case .favorite(let slot): return favorite(slot, slots)
    case .firstAt: return count == 0 ? .absent : .instant(entry(0).timeMs)
    case .lastAt: return count == 0 ? .absent : .instant(entry(count - 1).timeMs)
    case .first(let slot): return values(of: slot, slots, fromEnd: false)
    case .last(let slot): return values(of: slot, slots, fromEnd: true)
    case .collect(_, let keep): return count == 0 ? .absent : .items(from: max(0, count - keep))
    }
  }

  private func entry(_ index: Int) -> StoryEntry { story.all[Int(story.left[index])] }

  /// The values of the first event, or of the last one, that has any.
  private mutating func values(of slot: Int, _ slots: [Story.Slot], fromEnd: Bool) -> Figure {
    for index in 0..<story.left.count {
      let kept = entry(fromEnd ? story.left.count - 1 - index : index).values(of: slot, slots)
      if kept.count > 0 { return .values(kept.texts) }
    }
    return .absent
  }

  private mutating func numbers(
    _ slot: Int, _ slots: [Story.Slot]
  ) -> (count: Int, sum: Int128, least: Int64?, most: Int64?) {
    var (count, sum) = (0, Int128(0))
    var least: Int64?
    var most: Int64?
    for index in 0..<story.left.count {
      let kept = entry(index).values(of: slot, slots)
      for number in 0..<kept.count {
        let value = kept.number(number)
        count += 1
        sum += Int128(value)
        least = Swift.min(least ?? value, value)
        most = Swift.max(most ?? value, value)
      }
    }
    return (count, sum, least, most)
  }

  private mutating func distinct(_ slot: Int, _ slots: [Story.Slot]) -> Int64 {
    tally(slot, slots)
    return Int64(story.table.count)
  }

  /// The value in most events; of those in equally many the one whose latest event is newer, then the smaller text.
  private mutating func favorite(_ slot: Int, _ slots: [Story.Slot]) -> Figure {
    tally(slot, slots)
    var best: StoryTable.Row?
    for index in 0..<story.table.count {
      let row = story.table.row(index)
      guard let text = row.text else { continue }
      if let former = best, let formerText = former.text {
        if row.events < former.events || row.events == former.events && row.place < former.place { continue }
        let isTie = row.events == former.events && row.place == former.place
        if isTie && !Self.isSmaller(KeptValues.value(at: text), KeptValues.value(at: formerText)) { continue }
      }
      best = row
    }
    return best?.text.map { .value($0) } ?? .absent
  }

  /// By their texts, a number's and a truth's as they are written; of equal texts a string comes before a number, a
  /// number before a truth.
  private static func isSmaller(_ a: Value, _ b: Value) -> Bool {
    let (left, right) = (text(of: a), text(of: b))
    return left == right ? a.kind.rawValue < b.kind.rawValue : left.lexicographicallyPrecedes(right)
  }

  private static func text(of value: Value) -> [UInt8] {
    switch value.kind {
    case .string: Array(UnsafeBufferPointer(start: value.text.start, count: value.text.count))
    case .number: Array((value.number?.description ?? "").utf8)
    case .no: Array("false".utf8)
    case .yes: Array("true".utf8)
    case .object: []
    }
  }

  /// A quotient in millionths, ties away from zero; absent beyond 64 bits.
  static func rounded(_ dividend: Int128, over divisor: Int128) -> Figure {
    let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
    let roundsUp = rest.magnitude * 2 >= divisor.magnitude
    let away: Int128 = (dividend < 0) != (divisor < 0) ? -1 : 1
    return Int64(exactly: roundsUp ? quotient + away : quotient).map { .number($0) } ?? .absent
  }

  /// Puts what a figure is into `values`; items are none.
  mutating func collect(_ figure: Figure) {
    values.clear()
    switch figure {
    case .absent, .items: break
    case .number(let units): values.append(Value(Millionths(units: units)))
    case .instant(let ms):
      if let number = Millionths(wholeMs: ms) { values.append(Value(number)) }
    case .value(let at): values.append(KeptValues.value(at: at))
    case .values(let kept): kept.forEach { value, _ in values.append(value) }
    }
  }
}

extension Millionths {
  /// So many milliseconds as a number; nil beyond what millionths hold.
  init?(wholeMs ms: Int64) {
    let (units, overflow) = ms.multipliedReportingOverflow(by: Millionths.perWhole)
    if overflow { return nil }
    self.init(units: units)
  }
}
