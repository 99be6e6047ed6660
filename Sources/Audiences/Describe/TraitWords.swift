import Events

/// Conditions on traits, and traits themselves, in words.
enum TraitWords {
  /// A condition as a relative clause. `isFigure` where the trait is 0 of nothing, and so always known.
  static func clause(_ leaf: TraitLeaf, isWanted: Bool, isFigure: Bool) -> Clause {
    let subject = "whose \(leaf.name)"
    switch leaf.test {
    case .ago(let window): return time("\(subject) was", EventWords.window(window), isWanted)
    case .ahead(let window): return time("\(subject) is", ahead(window), isWanted)
    case .value(let predicate):
      guard !isWanted else { return Clause(relative: "\(subject) \(PredicateWords.verb(predicate))") }
      let mayLack = !isFigure && !PredicateWords.mentionsExistence(predicate)
      return Clause(relative: "\(subject) \(PredicateWords.contrary(predicate))\(mayLack ? " (or is not known)" : "")")
    }
  }

  private static func time(_ subject: String, _ when: String, _ isWanted: Bool) -> Clause {
    Clause(relative: isWanted ? "\(subject) \(when)" : "\(subject) not \(when) (or is not known)")
  }

  private static func ahead(_ window: Window) -> String {
    window.from.ms == 0
      ? "in the next \(DurationWords.of(window.to))" : "\(DurationWords.of(window.from, to: window.to)) ahead"
  }

  /// What a computed trait is: `the total revenue over Order Completed events`.
  static func phrase(_ formula: TraitDefinition.Formula) -> String {
    switch formula {
    case .minus(let left, let right): "\(left) minus \(right)"
    case .over(let left, let right): "\(left) divided by \(right)"
    case .measure(let query, let measure): "the " + MeasureWords.of(measure, query)
    }
  }
}
