internal import Audiences
internal import Events

/// Profiles that end: erased, or moved into another one (language, section 5, "Merges and deletions").
extension PartitionEngine {
  /// Erases a profile: it leaves every audience, and nothing of it stays.
  mutating func erase(_ slot: ProfileTable.Slot) {
    endMemberships(of: slot, because: .deleted)
    profiles.forget(slot)
  }

  /// Moves an anonymous profile into a known one: its memberships end, its events and traits move. What is left of it
  /// is the count of its changes: whoever uses the id again goes on counting, or readers would take its changes for
  /// late ones.
  mutating func merge(_ slot: ProfileTable.Slot, into known: ProfileTable.Slot) {
    endMemberships(of: slot, because: .merged)
    for index in 0..<profiles[slot].partCount {
      let part = profiles[slot].part(at: index)
      if part.tag.rawValue < PartTag.firstOther { move(part, into: known) }
      if part.tag == .traits { moveTraits(part, into: known) }
    }
    let (arrivals, overflow) = profiles[known].arrivals.addingReportingOverflow(profiles[slot].arrivals)
    profiles[known].arrivals = overflow ? .max : arrivals
    // Whatever moved may have become too old, or too much, in the other profile's company.
    for cell in plan.cells.indices { prune(cell, in: known) }
    profiles.empty(slot, except: .memberships)
    profiles.mark(slot, asMoved: true)
    for cell in plan.cells.indices where profiles[known].part(.cell(cell)) != nil { touch(cell) }
    touchedTraits = true
  }

  /// Begins a profile anew whose id has moved into another one before.
  mutating func resume(_ slot: ProfileTable.Slot) {
    profiles.mark(slot, asMoved: false)
    profiles[slot].isUnevaluated = true
    profiles[slot].isUnsettled = false
  }

  private mutating func move(_ part: Part, into known: ProfileTable.Slot) {
    let number = Int(part.tag.rawValue)
    let own = profiles[known].part(part.tag)
    switch tables.cells[number].form {
    case .counter:
      let moved = part.content.load(as: Int64.self)
      let count = own.map { $0.content.load(as: Int64.self) } ?? 0
      let target = own ?? profiles.addPart(part.tag, contentBytes: 8, to: known)
      target.content.storeBytes(
        of: min(count.saturating(plus: moved), Int64(tables.cells[number].most)), as: Int64.self)
    case .accumulator:
      let moved = Accumulator(part).value
      let former = own.map { Accumulator($0).value }
      let target = own ?? profiles.addPart(part.tag, contentBytes: 16, to: known)
      let together = former.flatMap { plan.cells[number].value?.combine($0, moved) }
      Accumulator(target).value = together ?? moved
    case .latest, .earliest, .all: moveSeries(part, number, into: known)
    case .story: moveStory(part, number, into: known)
    }
  }

  /// Moved events keep their times; among equal times they come after those already there.
  private mutating func moveSeries(_ part: Part, _ number: Int, into known: ProfileTable.Slot) {
    let bytes = tables.cells[number].entryBytes
    let moved = Series(part, entryBytes: bytes)
    let offset = profiles[known].arrivals
    for index in 0..<moved.count {
      var event = moved.event(index)
      event.arrival = event.arrival.saturating(plus: offset)
      _ = keep(event, in: number, of: known)
    }
  }

  private mutating func moveStory(_ part: Part, _ number: Int, into known: ProfileTable.Slot) {
    let offset = profiles[known].arrivals
    var at = 0
    while at < part.contentBytes {
      let moved = StoryEntry(base: part.content + at)
      var target = profiles[known].part(part.tag) ?? profiles.addPart(part.tag, contentBytes: 0, to: known)
      let place = StoryEntries(target).offset(after: moved.timeMs)
      target = profiles.grow(target, by: moved.byteCount, at: place, in: known)
      let entry = StoryEntry(base: target.content + place)
      entry.base.copyMemory(from: moved.base, byteCount: moved.byteCount)
      entry.arrival = moved.arrival.saturating(plus: offset)
      at += moved.byteCount
    }
  }

  private mutating func moveTraits(_ part: Part, into known: ProfileTable.Slot) {
    let moved = TraitsPart(part: part)
    var at = 0
    while at < part.contentBytes {
      values.clear()
      moved.values(at).forEach { value, _ in values.append(value) }
      _ = setTrait(moved.number(at), at: moved.timeMs(at), in: known)
      at += moved.byteCount(at)
    }
  }

  private mutating func prune(_ number: Int, in slot: ProfileTable.Slot) {
    guard let part = profiles[slot].part(.cell(number)) else { return }
    if let story = plan.cells[number].story {
      prune(part, story, cell: number, in: profiles[slot])
    } else if tables.cells[number].form == .all {
      prune(part, tables.cells[number], in: slot)
    }
  }
}

extension UInt32 {
  /// The sum, or the largest number where it is beyond 32 bits.
  fileprivate func saturating(plus other: UInt32) -> UInt32 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
