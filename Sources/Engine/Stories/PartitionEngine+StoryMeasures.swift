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

  /// `by`: the measure for each value apart.
  private mutating func holdsForAny(
    of by: Int, _ reading: StoryReading, _ test: ValuePredicate, _ slots: [Story.Slot]
  ) -> Bool {
    pair(by, slots)
    story.sortPairs()
    swap(&story.pairs, &story.groups)  // a measure may need pairs of its own
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

  /// Pairs of each value of a slot with the events that have it, each event once for a value.
  private mutating func pair(_ slot: Int, _ slots: [Story.Slot]) {
    story.pairs.removeAll()
    let isText = slots[slot].form == .texts
    for index in 0..<story.left.count {
      let place = story.left[index]
      let kept = story.all[Int(place)].values(of: slot, slots)
      if isText {
        kept.texts.forEach { value, at in
          if value.isScalar { story.pairs.append(StoryScratch.Pair(hash: value.hash, place: place, text: at)) }
        }
      } else {
        for number in 0..<kept.count { story.pairs.append(StoryScratch.Pair(hash: kept.word(number), place: place)) }
      }
    }
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
    pair(slot, slots)
    story.sortPairs()
    var count: Int64 = 0
    for index in 0..<story.pairs.count where index == 0 || story.pairs[index].hash != story.pairs[index - 1].hash {
      count += 1
    }
    return count
  }

  /// The value in most events; of those in equally many the one whose latest event is newer, then the smaller text.
  private mutating func favorite(_ slot: Int, _ slots: [Story.Slot]) -> Figure {
    pair(slot, slots)
    story.sortPairs()
    var best: (events: Int, latest: Int32, text: UnsafeMutableRawPointer)?
    var from = 0
    while from < story.pairs.count {
      let first = story.pairs[from]
      var (events, latest) = (0, Int32(-1))
      while from < story.pairs.count, story.pairs[from].hash == first.hash {
        if story.pairs[from].place != latest { events += 1 }  // an event counts once for a value
        latest = story.pairs[from].place
        from += 1
      }
      guard let text = first.text else { continue }
      if let former = best {
        if events < former.events || events == former.events && latest < former.latest { continue }
        let isTie = events == former.events && latest == former.latest
        if isTie && !Self.isSmaller(KeptValues.value(at: text), KeptValues.value(at: former.text)) { continue }
      }
      best = (events, latest, text)
    }
    return best.map { .value($0.text) } ?? .absent
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
