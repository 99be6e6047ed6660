internal import Audiences
internal import Events

/// What traits are at an instant, and the leaves that ask for them.
extension PartitionEngine {
  /// Asks a leaf that is not plain, and notes its audiences where its answer is another than before.
  mutating func ask(leaf number: Int, at nowMs: Int64, in slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    let leaf = plan.leaves[number]
    let holds: Bool
    switch leaf.question {
    case .plain: return
    case .story(let reading, let test):
      let answer = answer(reading, test, at: nowMs, in: profile)
      Self.note(dueMs: answer.dueMs, on: .cell(reading.cell), in: profile)
      holds = answer.holds
    case .trait(let trait, let test):
      let figure = figure(ofTrait: trait, at: nowMs, in: profile)
      let answer = answer(test, figure, at: nowMs)
      for cell in plan.traits[trait].cells { Self.note(dueMs: answer.dueMs, on: .cell(cell), in: profile) }
      if plan.traits[trait].readsProfile { Self.note(dueMs: answer.dueMs, on: .traits, in: profile) }
      holds = answer.holds
    }
    let word = number >> 6
    let bit = UInt64(1) << UInt64(number & 63)
    if (profile.leaves[word] & bit != 0) == holds { return }
    profile.leaves[word] ^= bit
    for audience in leaf.audiences { affectedAudiences.insert(audience) }
  }

  private static func note(dueMs: Int64, on tag: PartTag, in profile: Profile) {
    if dueMs == .max { return }
    guard let part = profile.part(tag) else { return }
    part.dueMs = min(part.dueMs, dueMs)
  }

  private mutating func answer(_ test: TraitTest, _ figure: Figure, at nowMs: Int64) -> Answer {
    collect(figure)
    switch test {
    case .value(let predicate): return .lasting(predicate.holds(of: values))
    // now - time in [from, to): from the time on `from` later, up to `to` later.
    case .ago(let window):
      return answer(at: nowMs) { ($0.saturating(plus: window.from.ms), $0.saturating(plus: window.to.ms)) }
    // time - now in (from, to]: from `to` before the time, up to `from` before it.
    case .ahead(let window):
      return answer(at: nowMs) { ($0.saturating(plus: -window.to.ms), $0.saturating(plus: -window.from.ms)) }
    }
  }

  /// Whether the instant lies within the span of one of the times in `values`; what is no time is none.
  private mutating func answer(at nowMs: Int64, _ span: (Int64) -> (fromMs: Int64, toMs: Int64)) -> Answer {
    var holds = false
    var dueMs = Int64.max
    for index in 0..<values.count {
      guard let time = values[index].time else { continue }
      let (fromMs, toMs) = span(time.ms)
      if fromMs >= toMs || nowMs >= toMs { continue }
      dueMs = min(dueMs, nowMs < fromMs ? fromMs : toMs)
      if nowMs >= fromMs { holds = true }
    }
    return Answer(holds: holds, dueMs: dueMs)
  }

  /// What a trait is at an instant. Notes when the cells that it is read from change it by time alone.
  mutating func figure(ofTrait number: Int, at nowMs: Int64, in profile: Profile) -> Figure {
    switch plan.traits[number].source {
    case .identified, .identifier:
      guard let part = profile.part(.traits), let at = TraitsPart(part: part).offset(of: number) else { return .absent }
      let kept = TraitsPart(part: part).values(at)
      return kept.count == 0 ? .absent : .values(kept)
    case .plain(let reading): return figure(reading, in: profile)
    case .story(let reading):
      let dueMs = takeSteps(reading, at: nowMs, in: profile)
      Self.note(dueMs: dueMs, on: .cell(reading.cell), in: profile)
      return figure(reading.measure, slots(of: reading))
    case .minus(let a, let b):
      guard let (a, b) = numbers(a, b, at: nowMs, in: profile) else { return .absent }
      let (difference, overflow) = a.subtractingReportingOverflow(b)
      return overflow ? .absent : .number(difference)
    case .over(let a, let b):
      guard let (a, b) = numbers(a, b, at: nowMs, in: profile), b != 0 else { return .absent }
      return Self.rounded(Int128(a) * Int128(Millionths.perWhole), over: Int128(b))
    }
  }

  private mutating func numbers(
    _ a: Int, _ b: Int, at nowMs: Int64, in profile: Profile
  ) -> (Int64, Int64)? {
    collect(figure(ofTrait: a, at: nowMs, in: profile))
    guard let left = values.onlyNumber else { return nil }
    collect(figure(ofTrait: b, at: nowMs, in: profile))
    return values.onlyNumber.map { (left.units, $0.units) }
  }

  private mutating func figure(_ reading: PlainReading, in profile: Profile) -> Figure {
    let part = profile.part(.cell(reading.cell))
    switch reading.measure {
    case .count:
      let count = part.map { $0.content.load(as: Int64.self) } ?? 0
      return .number(Int64(clamping: Int128(count) * Int128(Millionths.perWhole)))
    case .sum: return .number(part.map { Int64(clamping: Accumulator($0).value) } ?? 0)
    case .min, .max: return part.map { .number(Int64(clamping: Accumulator($0).value)) } ?? .absent
    case .at:
      guard let moment = newestMoment(of: Int32(reading.cell), in: profile) else { return .absent }
      if let since = newestMoment(of: Int32(reading.since ?? -1), in: profile), !moment.isAfter(since) {
        return .absent
      }
      return .instant(moment.timeMs)
    }
  }
}

extension Value {
  /// The time that it reads as: a number is epoch milliseconds.
  fileprivate var time: Instant? {
    switch kind {
    case .number: number.map(Instant.init(epoch:))
    case .string: Instant(timeString: text)
    default: nil
    }
  }
}

extension Values {
  /// The number that stands in it, where there is exactly one.
  fileprivate var onlyNumber: Millionths? {
    var found: Millionths?
    for index in 0..<count {
      guard let number = self[index].number else { continue }
      if found != nil { return nil }
      found = number
    }
    return found
  }
}
