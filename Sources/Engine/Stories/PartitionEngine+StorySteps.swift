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
    if !reading.sequels.isEmpty && story.left.count > 0 { keepThose(with: reading.sequels, part) }
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
      if let since, !entry.moment.isAfter(since) { continue }
      if let gapMs = reading.gapMs {
        let former = formerMs
        formerMs = entry.timeMs
        guard let former, entry.timeMs - former >= gapMs else { continue }
      }
      story.left.append(Int32(place))
    }
  }

  /// `followed_by` and `not_followed_by`, and theirs: one walk from the newest event to the oldest, which knows of each
  /// sequel the nearest event after the place at hand. That one is enough: a farther one is no more within a time.
  private mutating func keepThose(with sequels: [PlannedSequel], _ part: Part) {
    let slots = plan.cells[Int(part.tag.rawValue)].story?.slots ?? []
    story.table.removeAll()
    var index = story.left.count
    for place in stride(from: story.all.count - 1, through: 0, by: -1) {
      let entry = story.all[place]
      if index > 0, story.left[index - 1] == Int32(place) {
        index -= 1
        if !haveCome(sequels, after: entry, slots) { story.left[index] = Self.dropped }
      }
      note(sequels, entry, slots)
    }
    var kept = 0
    for index in 0..<story.left.count where story.left[index] != Self.dropped {
      story.left[kept] = story.left[index]
      kept += 1
    }
    story.left.truncate(to: kept)
  }

  private static var dropped: Int32 { -1 }

  /// Whether of each sequel an event has come, or none has, as it is wanted.
  private mutating func haveCome(_ sequels: [PlannedSequel], after entry: StoryEntry, _ slots: [Story.Slot]) -> Bool {
    for sequel in sequels where hasCome(sequel, after: entry, slots) != sequel.isWanted { return false }
    return true
  }

  private mutating func hasCome(_ sequel: PlannedSequel, after entry: StoryEntry, _ slots: [Story.Slot]) -> Bool {
    guard let same = sequel.same else { return isNear(story.table.find(sequel.key), sequel, entry) }
    let values = entry.values(of: same, slots)  // an event without a value is equal to none
    for index in 0..<values.count {
      if isNear(story.table.find(Hash64.mix(values.word(index), sequel.key)), sequel, entry) { return true }
    }
    return false
  }

  private mutating func isNear(_ row: StoryTable.Row?, _ sequel: PlannedSequel, _ entry: StoryEntry) -> Bool {
    guard let row else { return false }
    return sequel.withinMs.map { row.timeMs - entry.timeMs <= $0 } ?? true
  }

  /// Notes an event as the nearest one of each sequel that it can be, for the events before it.
  private mutating func note(_ sequels: [PlannedSequel], _ entry: StoryEntry, _ slots: [Story.Slot]) {
    for sequel in sequels {
      if entry.roles & sequel.role != 0, haveCome(sequel.sequels, after: entry, slots) {
        if let same = sequel.same {
          let values = entry.values(of: same, slots)
          for index in 0..<values.count {
            story.table.row(of: Hash64.mix(values.word(index), sequel.key)).pointee.timeMs = entry.timeMs
          }
        } else {
          story.table.row(of: sequel.key).pointee.timeMs = entry.timeMs
        }
      }
      note(sequel.sequels, entry, slots)
    }
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
