import Events

/// Whole conditions in words.
struct ConditionWords {
  private let figures: Set<String>

  /// Words for conditions on these computed traits, among others.
  init(traits: [TraitDefinition]) {
    figures = Set(
      traits.compactMap { trait in
        if case .measure(_, let measure) = trait.formula, measure.isZeroOfNothing { trait.name } else { nil }
      })
  }

  /// A relative clause, or several: `who .., with no .., and whose ..`.
  func clauses(_ statement: Statement) -> String {
    var since = SinceWords()
    switch statement {
    case .leaf: return part(statement, &since).relative
    case .all(let parts): return joined(parts, "and")
    case .any(let parts): return joined(parts, "or")
    }
  }

  private func joined(_ parts: [Statement], _ conjunction: String) -> String {
    var since = SinceWords()
    var text = ""
    var isTrailing = false
    for (index, part) in parts.enumerated() {
      if conjunction == "or" { since = SinceWords() }
      let clause = self.part(part, &since)
      if index == 0 {
        text = clause.relative
      } else if conjunction == "and", let trailing = clause.trailing {
        text += (isTrailing ? ", and " : ", ") + trailing
        isTrailing = true
      } else {
        isTrailing = false
        text += ", \(conjunction) \(clause.relative)"
      }
    }
    return text
  }

  private func part(_ statement: Statement, _ since: inout SinceWords) -> Clause {
    guard case .leaf(let condition, let isWanted) = statement else {
      since.justTold = nil
      return Clause(relative: "(\(clauses(statement)))")
    }
    let clause = leaf(condition, isWanted: isWanted, since: since)
    // Behind "no Order Completed since", a second "since" still means the same event.
    if clause.trailing == nil { since.justTold = nil }
    if case .events(let leaf) = condition, isWanted {
      since.told.append(leaf.query.events)
      if leaf.tellsLatest { since.justTold = leaf.query.events }
    }
    return clause
  }

  /// A single condition.
  func leaf(_ condition: Condition, isWanted: Bool, since: SinceWords = SinceWords()) -> Clause {
    switch condition {
    case .events(let leaf): LeafWords(leaf: leaf, isWanted: isWanted, since: since).clause
    case .trait(let leaf): TraitWords.clause(leaf, isWanted: isWanted, isFigure: figures.contains(leaf.name))
    case .audience(let key): Clause(relative: isWanted ? "who are in \(key)" : "who are not in \(key)")
    case .all, .any, .not: Clause(relative: "(\(clauses(Statement(condition, isWanted: isWanted))))")
    }
  }

  /// The conditions one by one, each a line; those of a combination within another one are indented.
  func lines(_ statement: Statement, depth: Int = 0) -> [DescriptionLine] {
    switch statement {
    case .leaf(let condition, let isWanted):
      let text = leaf(condition, isWanted: isWanted).relative + (condition.note ?? "")
      return [DescriptionLine(depth: depth, text: text)]
    case .all(let parts):
      return [DescriptionLine(depth: depth, text: "all of:")] + parts.flatMap { lines($0, depth: depth + 1) }
    case .any(let parts):
      return [DescriptionLine(depth: depth, text: "any of:")] + parts.flatMap { lines($0, depth: depth + 1) }
    }
  }
}

extension EventLeaf {
  /// Whether its clause tells of the latest event of its names, so that "since" can follow.
  fileprivate var tellsLatest: Bool {
    query.pick == .last && query.since == nil && query.gap == nil && query.sequels.isEmpty && by == nil
      && measure == .count && predicate.holds(of: 1) && !predicate.holds(of: 0)
      && (query.window != nil || !query.having.isEmpty)
  }
}

extension Condition {
  /// What a word of its clause means exactly.
  fileprivate var note: String? {
    switch self {
    case .events(let leaf):
      leaf.query.since.map { " [or ever, where there was no \(EventWords.name($0))]" }
    case .audience: " [even where something leaves them out there]"
    case .all, .any, .not, .trait: nil
    }
  }
}
