internal import Events

/// What the engine keeps of each profile for an audience, and how much that is at most: the plan in words.
extension Plan {
  /// A line for each cell that the audience's condition, and the traits that go with its changes, are read from; nil
  /// where there is no such audience.
  public func state(ofAudience key: String) -> [StateLine]? {
    guard let number = audiences.firstIndex(where: { $0.definition.key == key }) else { return nil }
    let cellsOfAll = audiences.indices.map { cells(ofAudience: $0) }
    var lines = cellsOfAll[number].sorted().map { cell in
      line(cell, others: cellsOfAll.count { $0.contains(cell) } - 1)
    }
    let audience = audiences[number]
    if audience.spell != nil {
      lines.append(StateLine(subject: "hold, stay and rejoin", text: "40 bytes, once the condition has held"))
    }
    lines.append(StateLine(subject: "membership", text: "16 bytes, once it has been entered"))
    return lines
  }

  /// The cells that an audience is read from, those of its traits and of the events that `since` names among them.
  private func cells(ofAudience number: Int) -> Set<Int> {
    var found: Set<Int> = []
    for decision in audiences[number].decisions {
      guard case .leaf(let leaf) = decision.asks else { continue }
      switch leaves[leaf].question {
      case .plain(let reading, _): found.formUnion([reading.cell, reading.since].compactMap { $0 })
      case .story(let reading, _): found.formUnion([reading.cell, reading.since].compactMap { $0 })
      case .trait(let trait, _): found.formUnion(traits[trait].cells)
      }
    }
    for trait in audiences[number].entryTraits + audiences[number].exitTraits { found.formUnion(traits[trait].cells) }
    return found
  }

  /// - Parameter others: how many other audiences are read from the cell too.
  private func line(_ number: Int, others: Int) -> StateLine {
    let shared = others == 0 ? "" : "; shared with \(others) other \(others == 1 ? "audience" : "audiences")"
    return StateLine(subject: subject(of: number), text: kept(in: cells[number]) + shared)
  }

  /// The names of the events that a cell is fed with.
  private func subject(of number: Int) -> String {
    let feeding = selectors.filter { $0.cells.contains(number) || $0.stories.contains { $0.cell == number } }
    let names = feeding.map { selector in
      let names = Words.list(selector.events.sorted().map { eventNames[$0] }, "or")
      return selector.filter.isEmpty ? names : names + " (where ..)"
    }
    return Words.list(names, "and")
  }

  private func kept(in cell: Cell) -> String {
    let bytes = cell.entryBytes
    switch cell.keeping {
    case .counter: return "a count, 8 bytes"
    case .sum: return "one total, 16 bytes"
    case .min: return "the smallest value, 16 bytes"
    case .max: return "the largest value, 16 bytes"
    case .latest(1): return "the newest, \(bytes) bytes"
    case .latest(let count): return "the newest \(count), at most \(count * bytes) bytes"
    case .earliest: return "the first, \(bytes) bytes"
    case .all(let maxAge, let limit):
      return "each\(age(maxAge)), \(bytes) bytes; at most \(limit), which are \(limit * bytes) bytes"
    case .story: return cell.story.map(kept) ?? ""
    }
  }

  /// The values of an event are as long as they are: a hash and a number have 8 bytes, a text its own length.
  private func kept(in story: Story) -> String {
    let values = story.slots.isEmpty ? "24 bytes" : "24 bytes and what is compared of it (8 bytes and each value)"
    let which = story.keepsOldest ? "the first" : "the newest"
    if story.most == 1 { return "\(which), \(values)" }
    if !story.isLimited { return "\(which) \(story.most)\(age(story.maxAge)), each \(values)" }
    return "each\(age(story.maxAge)), \(values); at most \(story.most)"
  }

  private func age(_ maxAge: DurationMs?) -> String { maxAge.map { " of the last \(DurationWords.of($0))" } ?? "" }
}
