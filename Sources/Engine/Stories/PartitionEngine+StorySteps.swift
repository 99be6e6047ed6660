internal import Audiences
internal import Events

/// The steps of language, section 3.1, over a story: each leaves some events in `story.left`.
extension PartitionEngine {
  /// Does all steps up to the window. Gives the next instant at which time alone changes what is left.
  mutating func takeSteps(_ reading: StoryReading, at nowMs: Int64, in profile: Profile) -> Int64 {
    story.all.removeAll()
    story.left.removeAll()
    guard let part = profile.part(.cell(reading.cell)) else { return .max }
    list(part)
    begin(reading, in: profile)
    if !reading.sequels.isEmpty { keepThose(with: reading.sequels, part) }
    if reading.pick != nil { pick(reading) }
    guard let window = reading.window else { return .max }
    return cut(window, at: nowMs)
  }

  private mutating func list(_ part: Part) {
    var at = 0
    while at < part.contentBytes {
      let entry = StoryEntry(base: part.content + at)
      story.all.append(entry)
      at += entry.byteCount
    }
  }

  /// Name, `where`, `since` and `gap`.
  private mutating func begin(_ reading: StoryReading, in profile: Profile) {
    let since = newestMoment(of: Int32(reading.since ?? -1), in: profile)
    var formerMs: Int64?
    for place in 0..<story.all.count {
      let entry = story.all[place]
      if entry.roles & Story.asked == 0 { continue }
      if let since, !entry.isAfter(since) { continue }
      if let gapMs = reading.gapMs {
        let former = formerMs
        formerMs = entry.timeMs
        guard let former, entry.timeMs - former >= gapMs else { continue }
      }
      story.left.append(Int32(place))
    }
  }

  private mutating func keepThose(with sequels: [PlannedSequel], _ part: Part) {
    var kept = 0
    for index in 0..<story.left.count where hasSequels(sequels, after: Int(story.left[index]), part) {
      story.left[kept] = story.left[index]
      kept += 1
    }
    story.left.truncate(to: kept)
  }

  /// `followed_by` and `not_followed_by`, and theirs.
  private mutating func hasSequels(_ sequels: [PlannedSequel], after place: Int, _ part: Part) -> Bool {
    for sequel in sequels where hasCome(sequel, after: place, part) != sequel.isWanted { return false }
    return true
  }

  private mutating func hasCome(_ sequel: PlannedSequel, after place: Int, _ part: Part) -> Bool {
    let slots = plan.cells[Int(part.tag.rawValue)].story?.slots ?? []
    let entry = story.all[place]
    let same = sequel.same.map { entry.values(of: $0, slots) }
    if let same, same.count == 0 { return false }  // an event without a value is equal to none
    for later in (place + 1)..<max(place + 1, story.all.count) {
      let candidate = story.all[later]
      if let withinMs = sequel.withinMs, candidate.timeMs - entry.timeMs > withinMs { return false }
      if candidate.roles & sequel.role == 0 { continue }
      if let same, let number = sequel.same, !same.intersects(candidate.values(of: number, slots)) { continue }
      if hasSequels(sequel.sequels, after: later, part) { return true }
    }
    return false
  }

  private mutating func pick(_ reading: StoryReading) {
    if story.left.count == 0 { return }
    story.left[0] = story.left[reading.pick == .first ? 0 : story.left.count - 1]
    let isKept = !reading.wantsHaving || story.all[Int(story.left[0])].hasHaving
    story.left.truncate(to: isKept ? 1 : 0)
  }

  /// The window. What is left changes where an event comes into it or leaves it.
  private mutating func cut(_ window: Window, at nowMs: Int64) -> Int64 {
    var dueMs = Int64.max
    var kept = 0
    for index in 0..<story.left.count {
      let timeMs = story.all[Int(story.left[index])].timeMs
      let entersMs = timeMs.saturating(plus: window.from.ms)
      let leavesMs = timeMs.saturating(plus: window.to.ms)
      if entersMs >= leavesMs || nowMs >= leavesMs { continue }
      dueMs = min(dueMs, nowMs < entersMs ? entersMs : leavesMs)
      if nowMs < entersMs { continue }
      story.left[kept] = story.left[index]
      kept += 1
    }
    story.left.truncate(to: kept)
    return dueMs
  }
}

extension StoryEntry {
  /// Whether it is later than a moment, or equal in time and arrived later.
  func isAfter(_ moment: Moment) -> Bool {
    timeMs > moment.timeMs || timeMs == moment.timeMs && arrival > moment.arrival
  }
}
