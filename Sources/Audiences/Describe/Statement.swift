/// A condition in which only leaves are denied: not (a and b) is told as not a, or not b.
indirect enum Statement {
  /// All of them: at least two.
  case all([Statement])
  /// Any of them: at least two.
  case any([Statement])
  /// A leaf, or its contrary.
  case leaf(Condition, isWanted: Bool)

  init(_ condition: Condition, isWanted: Bool = true) {
    switch condition {
    case .all(let parts): self = Self.combined(parts, isWanted, isAll: isWanted)
    case .any(let parts): self = Self.combined(parts, isWanted, isAll: !isWanted)
    case .not(let part): self.init(part, isWanted: !isWanted)
    case .events, .trait, .audience: self = .leaf(condition, isWanted: isWanted)
    }
  }

  /// One combination; those of the same kind within it are told with it.
  private static func combined(_ parts: [Condition], _ isWanted: Bool, isAll: Bool) -> Statement {
    let statements = parts.map { Statement($0, isWanted: isWanted) }.flatMap { statement -> [Statement] in
      switch statement {
      case .all(let inner) where isAll: inner
      case .any(let inner) where !isAll: inner
      default: [statement]
      }
    }
    if statements.count == 1 { return statements[0] }
    return isAll ? .all(statements) : .any(statements)
  }

  /// The leaves, in order.
  var leaves: [(condition: Condition, isWanted: Bool)] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.leaves)
    case .leaf(let condition, let isWanted): [(condition, isWanted)]
    }
  }
}
