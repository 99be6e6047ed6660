import Events

/// A single condition as a relative clause: `who ..` or `whose ..`.
struct Clause {
  /// `who had no Order Completed in the last 7 days`
  let relative: String
  /// A shorter form behind another clause: `with no Order Completed in the last 7 days`.
  var trailing: String?
}

/// Conditions on events, in words.
struct LeafWords {
  let leaf: EventLeaf
  let isWanted: Bool
  let since: SinceWords

  private var query: EventQuery { leaf.query }
  private var name: String { EventWords.name(query.events) }
  private var qualities: String { EventWords.qualities(query, since: since) }

  var clause: Clause {
    guard leaf.measure == .count else { return measured }
    if query.pick != nil {
      guard let isThere = picksOne else { return measured }
      let isBare = query.window == nil && query.having.isEmpty && leaf.by == nil
      return isBare ? existence(isThere == isWanted) : picked(isThere == isWanted)
    }
    return counted
  }

  /// Whether the count asks for the one that is picked (or for its absence); `nil` where it asks for neither.
  private var picksOne: Bool? {
    let (ofNone, ofOne) = (leaf.predicate.holds(of: 0), leaf.predicate.holds(of: 1))
    return ofNone == ofOne || leaf.by != nil ? nil : ofOne
  }

  // MARK: Counts

  private var counted: Clause {
    guard let by = leaf.by else {
      guard let quantity = Quantity(leaf.predicate, isWanted: isWanted) else { return measured }
      return counted(quantity)
    }
    guard let quantity = Quantity(leaf.predicate, isWanted: true) else { return measured }
    let events = events(quantity)
    return Clause(
      relative: isWanted ? "who, for one and the same \(by), had \(events)" : "who, for no \(by), had \(events)")
  }

  private func counted(_ quantity: Quantity) -> Clause {
    let isOfAllTimes = query.window == nil && query.since == nil
    if quantity.isNone {
      let rest = events(quantity)
      return isOfAllTimes ? existence(false) : Clause(relative: "who had \(rest)", trailing: "with \(rest)")
    }
    if quantity.isOne, quantity.words.isEmpty, isOfAllTimes { return existence(true) }
    return Clause(relative: "who had \(events(quantity))")
  }

  /// Whether there ever was one.
  private func existence(_ isThere: Bool) -> Clause {
    let isOfAllTimes = query.since == nil
    let one = Words.withArticle(name) + qualities
    guard isThere else {
      if isOfAllTimes { return Clause(relative: "who never had \(one)") }
      return Clause(relative: "who had no \(name)\(qualities)", trailing: "with no \(name)\(qualities)")
    }
    return Clause(relative: isOfAllTimes ? "who ever had \(one)" : "who had \(one)")
  }

  /// `at least 3 Product Viewed events in the last 7 days`
  private func events(_ quantity: Quantity) -> String {
    var text = quantity.isOne ? name : "\(name) events"
    text = quantity.words.isEmpty ? Words.withArticle(text) : "\(quantity.words) \(text)"
    return text + EventWords.qualities(query, since: since, withWindow: true)
  }

  // MARK: The latest or the first one

  private func picked(_ isThere: Bool) -> Clause {
    var facts = query.window.map { [EventWords.window($0)] } ?? []
    if !query.having.isEmpty { facts.append("one where \(EventWords.such(query.having))") }
    let subject = "whose \(query.pick?.inWords ?? "") \(name)\(qualities)"
    guard !isThere else { return Clause(relative: "\(subject) was \(facts.joined(separator: " and was "))") }
    let both = facts.count == 2 ? "both " : ""
    return Clause(relative: "\(subject) was not \(both)\(facts.joined(separator: " and ")) (or who had none)")
  }

  // MARK: Figures

  private var measured: Clause {
    let figure = MeasureWords.of(leaf.measure, query, since: since)
    guard leaf.by == nil else {
      let which = leaf.by.map { "for \(isWanted ? "some" : "no") \($0)" } ?? ""
      return Clause(relative: "whose \(figure) \(PredicateWords.verb(leaf.predicate)) \(which)")
    }
    guard !isWanted else { return Clause(relative: "whose \(figure) \(PredicateWords.verb(leaf.predicate))") }
    let mayLack = !leaf.measure.isZeroOfNothing && !PredicateWords.mentionsExistence(leaf.predicate)
    return Clause(
      relative: "whose \(figure) \(PredicateWords.contrary(leaf.predicate))\(mayLack ? " (or is not known)" : "")")
  }
}
