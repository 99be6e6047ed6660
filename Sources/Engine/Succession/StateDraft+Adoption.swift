internal import Audiences
internal import Events

/// What of a profile's states goes on under another plan, under the numbers of today.
extension StateDraft {
  /// Takes from a former state what is still good.
  mutating func take(
    former: ProfileState, besides filled: ProfileState?, by succession: Succession, _ tables: borrowing PlanTables
  ) {
    let parts = StateParts(former)
    for index in 0..<parts.count {
      let tag = parts.tag(index)
      if tag == .recentMessages {
        copy(parts, index, as: tag)
      } else if tag == .memberships {
        takeEntries(parts.content(index), as: tag, entryBytes: Memberships.entryBytes) { succession.audiences[$0] }
      } else if tag.rawValue < PartTag.firstOther {
        guard let cell = succession.cells[Int(tag.rawValue)] else { continue }
        let content = parts.content(index)
        if succession.origins[cell] == .widened, Self.isMore(filled, than: content, in: cell, tables) { continue }
        begin(.cell(cell), mark: parts.mark(index))
        append(Self.newest(of: content, for: tables.cells[cell]))
        if tables.cells[cell].form == .counter { clampCount(to: Int64(tables.cells[cell].most)) }
      } else if let (_, event) = succession.uniques.first(where: { .uniqueValues(ofEvent: Int32($0.former)) == tag }) {
        copy(parts, index, as: .uniqueValues(ofEvent: Int32(event)))
      }
    }
    let words = (former: succession.former.audienceWords, now: succession.dictionary.audienceWords)
    for number in succession.former.audiences.indices {
      guard let now = succession.audiences[number], now < succession.inherits.count else { continue }
      if succession.inherits[now], former.hasBit(number, after: 0) { setBit(now, after: 0) }
      if former.hasBit(number, after: words.former) { setBit(now, after: words.now) }
      if succession.former.hasHoldouts, succession.dictionary.hasHoldouts,
        former.hasBit(number, after: 2 * words.former)
      {
        setBit(now, after: 2 * words.now)
      }
    }
  }

  /// Takes from a state that the log came to what is new, or everything where there is no former one.
  mutating func take(
    filled: ProfileState, besides former: ProfileState?, by succession: Succession, _ tables: borrowing PlanTables
  ) {
    let parts = StateParts(filled)
    // Where the log's begin is gone, the former state has counted more arrivals.
    let ahead = former.map { Int64($0.arrivals) - Int64(filled.arrivals) } ?? 0
    for index in 0..<parts.count {
      let tag = parts.tag(index)
      if tag == .recentMessages {
        if former == nil { copy(parts, index, as: tag) }
      } else if tag.rawValue < PartTag.firstOther {
        let number = Int(tag.rawValue)
        if has(tag) || former != nil && succession.origins[number] == .kept { continue }
        copy(parts, index, as: tag)
        if ahead != 0 { moveArrivals(of: tables.cells[number], by: ahead) }
      } else if tag != .memberships, tag != .traits, tag != .spells,
        former == nil || !succession.uniques.contains(where: { .uniqueValues(ofEvent: Int32($0.now)) == tag })
      {
        copy(parts, index, as: tag)
      }
    }
    for number in succession.inherits.indices where former == nil || !succession.inherits[number] {
      if filled.hasBit(number, after: 0) { setBit(number, after: 0) }
    }
  }

  /// Takes the values of traits from both, each of the one that knows it.
  mutating func takeTraits(former: ProfileState?, filled: ProfileState?, by succession: Succession) {
    begin(.traits)
    if let former {
      takeTraits(StateParts(former).content(of: .traits)) { succession.traits[$0] }
    }
    if let filled {
      takeTraits(StateParts(filled).content(of: .traits)) { former == nil || succession.isNewTrait[$0] ? $0 : nil }
    }
    dropEmpty()
  }

  /// Takes how long eligibility lasts from both, each of the one that knows it.
  mutating func takeSpells(former: ProfileState?, filled: ProfileState?, by succession: Succession) {
    var entries: [(audience: Int, entry: UnsafeRawBufferPointer)] = []
    if let former {
      AudienceEntries.forEach(in: StateParts(former).content(of: .spells), entryBytes: Spells.entryBytes) {
        if let now = succession.audiences[$0], now < succession.inherits.count, succession.inherits[now] {
          entries.append((now, $1))
        }
      }
    }
    if let filled {
      AudienceEntries.forEach(in: StateParts(filled).content(of: .spells), entryBytes: Spells.entryBytes) {
        if former == nil || !succession.inherits[$0] { entries.append(($0, $1)) }
      }
    }
    append(entries, as: .spells)
  }

  private mutating func takeEntries(
    _ content: UnsafeRawBufferPointer, as tag: PartTag, entryBytes: Int, _ number: (Int) -> Int?
  ) {
    var entries: [(audience: Int, entry: UnsafeRawBufferPointer)] = []
    AudienceEntries.forEach(in: content, entryBytes: entryBytes) { audience, entry in
      if let now = number(audience) { entries.append((now, entry)) }
    }
    append(entries, as: tag)
  }

  /// Entries are ordered by audience, and begin with its number.
  private mutating func append(_ entries: [(audience: Int, entry: UnsafeRawBufferPointer)], as tag: PartTag) {
    if entries.isEmpty { return }
    begin(tag)
    for (audience, entry) in entries.sorted(by: { $0.audience < $1.audience }) {
      withUnsafeBytes(of: UInt16(audience)) { append($0) }
      append(UnsafeRawBufferPointer(rebasing: entry.dropFirst(2)))
    }
  }

  /// Whether the log has at least as much of a cell that keeps more now: else its begin is gone, and the former state knows
  /// better.
  private static func isMore(
    _ filled: ProfileState?, than content: UnsafeRawBufferPointer, in cell: Int, _ tables: borrowing PlanTables
  ) -> Bool {
    guard let found = filled.map({ StateParts($0).content(of: .cell(cell)) }), !found.isEmpty else { return false }
    if tables.cells[cell].form == .counter {
      return found.loadUnaligned(as: Int64.self) >= content.loadUnaligned(as: Int64.self)
    }
    return found.count >= content.count
  }

  /// What a cell keeps of a series that had room for more.
  private static func newest(of content: UnsafeRawBufferPointer, for cell: CellRow) -> UnsafeRawBufferPointer {
    if cell.form != .latest { return content }
    return UnsafeRawBufferPointer(rebasing: content.suffix(cell.most * cell.entryBytes))
  }

  /// Counts no further than the part begun last does now.
  private mutating func clampCount(to most: Int64) {
    withLast { count in
      count.storeBytes(of: min(count.loadUnaligned(as: Int64.self), most), as: Int64.self)
    }
  }

  private mutating func copy(_ parts: StateParts, _ index: Int, as tag: PartTag) {
    begin(tag, mark: parts.mark(index))
    append(parts.content(index))
  }

  private mutating func takeTraits(_ content: UnsafeRawBufferPointer, _ number: (Int) -> Int?) {
    var at = 0
    while at < content.count {
      let trait = Int(content.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      let end = at + TraitsPart.headBytes + Int(content.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
      if let now = number(trait) {
        withUnsafeBytes(of: UInt32(now)) { append($0) }
        append(UnsafeRawBufferPointer(rebasing: content[at + 4..<end]))
      }
      at = end
    }
  }

  /// Moves the arrivals of the events that the part begun last keeps.
  private mutating func moveArrivals(of cell: CellRow, by count: Int64) {
    withLast { content in
      var at = 0
      while at < content.count {
        let place: Int
        let next: Int
        switch cell.form {
        case .counter, .accumulator: return
        case .latest, .earliest, .all: (place, next) = (at + Series.arrivalAt, at + cell.entryBytes)
        case .story:
          place = at + StoryEntry.arrivalAt
          next = at + Int(content.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        }
        let arrival = Int64(content.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        content.storeBytes(of: UInt32(clamping: arrival + count), toByteOffset: place, as: UInt32.self)
        at = next
      }
    }
  }
}

extension AudienceEntries {
  /// Hands over each entry of a part's content, with its audience.
  static func forEach(
    in content: UnsafeRawBufferPointer, entryBytes: Int, _ body: (Int, UnsafeRawBufferPointer) -> Void
  ) {
    for at in stride(from: 0, to: content.count, by: entryBytes) {
      let entry = UnsafeRawBufferPointer(rebasing: content[at..<at + entryBytes])
      body(Int(entry.loadUnaligned(as: UInt16.self)), entry)
    }
  }
}
