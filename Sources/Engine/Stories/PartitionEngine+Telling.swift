internal import Audiences
internal import Events

/// How events come into stories.
extension PartitionEngine {
  /// Notes that the event at hand plays a role in a story.
  mutating func cast(_ role: UInt16, in cell: Int) {
    for index in 0..<cast.count where cast[index].cell == cell {
      cast[index].roles |= role
      return
    }
    cast.append((cell: cell, roles: role))
  }

  /// Puts the event into every story that it plays a part in.
  mutating func tellStories(of record: Record, at timeMs: Int64, in slot: ProfileTable.Slot) {
    for index in 0..<cast.count {
      let (number, roles) = cast[index]
      if tell(record, at: timeMs, as: roles, in: number, of: slot) { touch(number) }
    }
    cast.removeAll(keepingCapacity: true)
  }

  private mutating func tell(
    _ record: Record, at timeMs: Int64, as roles: UInt16, in number: Int, of slot: ProfileTable.Slot
  ) -> Bool {
    guard let story = plan.cells[number].story else { preconditionFailure("events are cast for stories alone") }
    if isPast(timeMs, story, cell: number, in: profiles[slot]) { return false }
    guard draftSlots(of: story, roles, record) else { return false }
    var marks: UInt16 = 0
    let having = plan.cells[number].having
    if roles & Story.asked != 0, !having.isEmpty, having.allSatisfy({ $0.holds(of: record, &values) }) {
      marks = StoryEntry.havingMark
    }
    let bytes = StoryEntry.headBytes + draft.byteCount
    let arrival = profiles[slot].arrivals
    var part = profiles[slot].part(.cell(number)) ?? profiles.addPart(.cell(number), contentBytes: 0, to: slot)
    let offset = StoryEntries(part).offset(after: timeMs)
    part = profiles.grow(part, by: bytes, at: offset, in: slot)
    let entry = StoryEntry(base: part.content + offset)
    entry.initialize(
      byteCount: bytes, roles: roles, marks: marks, timeMs: timeMs, arrival: arrival, weight: draft.weight)
    draft.copy(to: entry.base + StoryEntry.headBytes)
    prune(part, story, cell: number, in: profiles[slot])
    return true
  }

  /// Whether an event has come too late to matter.
  private mutating func isPast(_ timeMs: Int64, _ story: Story, cell number: Int, in profile: Profile) -> Bool {
    if let since = newestMoment(of: tables.cells[number].since, in: profile), timeMs < since.timeMs { return true }
    guard let maxAge = story.maxAge, !story.keepsPredecessor else { return false }
    return timeMs.saturating(plus: maxAge.ms) <= clock.ms
  }

  // MARK: Values

  /// Puts what the event's slots keep into `draft`; false where it has not the value without which nobody looks at it.
  private mutating func draftSlots(of story: Story, _ roles: UInt16, _ record: Record) -> Bool {
    draft.removeAll()
    for (number, slot) in story.slots.enumerated() where slot.roles & roles != 0 {
      gather(slot, record)
      let isText = slot.form == .texts
      if number == story.required, isText ? values.count == 0 : words.count == 0 { return false }
      if isText { draft.append(texts: values) } else { draft.append(words) }
    }
    return true
  }

  /// Collects what a slot keeps of the event at hand: `values` for texts, else `words`. Of an event's values no more
  /// than `limits.entries` are kept, and no string that is too long.
  private mutating func gather(_ slot: Story.Slot, _ record: Record) {
    words.removeAll()
    if let times = slot.times {
      guard let product = MeasuredValue.product(record, slot.of, times, &values) else { return }
      words.append(UInt64(bitPattern: product.units))
      return
    }
    record.values(at: slot.of, into: &values)
    if slot.form == .texts { values.keepShort(KeptValues.longestText) }
    values.truncate(to: plan.policy.entries)
    switch slot.form {
    case .texts: break
    case .hashes: for index in 0..<values.count where values[index].isScalar { words.append(values[index].hash) }
    case .numbers:
      for index in 0..<values.count {
        if let number = values[index].number { words.append(UInt64(bitPattern: number.units)) }
      }
    }
  }

  // MARK: Forgetting

  /// Forgets events that no leaf can ask for any more, and those beyond the limit.
  mutating func prune(_ part: Part, _ story: Story, cell number: Int, in profile: Profile) {
    let entries = StoryEntries(part)
    if let since = newestMoment(of: tables.cells[number].since, in: profile) {
      profile.remove(entries.offset(after: since), at: 0, from: part)
    }
    if let maxAge = story.maxAge { Self.forget(olderThan: maxAge, at: clock, story, in: part) }
    if story.isLimited { limit(part, to: story.most) } else { keep(story.most, of: part, oldest: story.keepsOldest) }
  }

  /// Gives up the oldest events until what is left is within the shop's limit.
  private mutating func limit(_ part: Part, to most: Int) {
    var excess = StoryEntries(part).weight - most
    var at = 0
    while excess > 0 {
      let entry = StoryEntry(base: part.content + at)
      excess -= entry.weight
      at += entry.byteCount
      counts.entriesDropped += 1
    }
    part.profile.remove(at, at: 0, from: part)
  }

  /// Forgets the events that nobody asks for beside so many.
  private mutating func keep(_ most: Int, of part: Part, oldest: Bool) {
    let count = StoryEntries(part).count
    if count <= most { return }
    let end = StoryEntries(part).offset(of: oldest ? most : count - most)
    if oldest {
      part.profile.remove(part.contentBytes - end, at: end, from: part)
    } else {
      part.profile.remove(end, at: 0, from: part)
    }
  }

  /// The newest event that is too old stays where it is the predecessor of those that are not.
  private static func forget(olderThan maxAge: DurationMs, at clock: Instant, _ story: Story, in part: Part) {
    let entries = StoryEntries(part)
    let end = entries.offset(after: clock.ms.saturating(plus: -maxAge.ms))
    var keptAt = end
    if story.keepsPredecessor {
      var at = 0
      while at < end {
        let entry = StoryEntry(base: part.content + at)
        if entry.roles & Story.asked != 0 { keptAt = at }
        at += entry.byteCount
      }
    }
    if keptAt == end {
      part.profile.remove(end, at: 0, from: part)
      return
    }
    let keptEnd = keptAt + StoryEntry(base: part.content + keptAt).byteCount
    part.profile.remove(end - keptEnd, at: keptEnd, from: part)
    part.profile.remove(keptAt, at: 0, from: part)
  }
}

/// The events of a story, the oldest first; equal times in the order of arrival.
struct StoryEntries {
  let part: Part

  init(_ part: Part) { self.part = part }

  var count: Int {
    var count = 0
    var at = 0
    while at < part.contentBytes {
      at += StoryEntry(base: part.content + at).byteCount
      count += 1
    }
    return count
  }

  /// How much all of them count against the limit.
  var weight: Int {
    var weight = 0
    var at = 0
    while at < part.contentBytes {
      let entry = StoryEntry(base: part.content + at)
      weight += entry.weight
      at += entry.byteCount
    }
    return weight
  }

  /// Where the first event stands that is later than a time, in bytes from the begin.
  func offset(after timeMs: Int64) -> Int {
    firstOffset { $0.timeMs > timeMs }
  }

  /// Where the first event stands after a moment: later in time, or equal in time and arrived later.
  func offset(after moment: Moment) -> Int {
    firstOffset { $0.moment.isAfter(moment) }
  }

  /// Where the event of that place stands.
  func offset(of place: Int) -> Int {
    var at = 0
    for _ in 0..<place { at += StoryEntry(base: part.content + at).byteCount }
    return at
  }

  private func firstOffset(where isPast: (StoryEntry) -> Bool) -> Int {
    var at = 0
    while at < part.contentBytes {
      let entry = StoryEntry(base: part.content + at)
      if isPast(entry) { return at }
      at += entry.byteCount
    }
    return at
  }
}
