internal import Events

/// Leaves over events: from the cells that keep the least where that is enough, else from a story.
extension PlanCompiler {
  mutating func leaf(_ definition: EventLeaf) -> Int {
    let definition = Canonical.form(definition)
    let text = ExactText(Canonical.text(.events(definition)))
    if let number = leafNumbers[text] { return number }
    let number = leaves.count
    if definition.isPlain {
      let test = NumberTest(definition.predicate)
      let reading = plain(definition.query, definition.measure, cap: test.countCap)
      let isZero = reading.measure != .min && reading.measure != .max
      leaves.append(Leaf(question: .plain(reading, test), whenEmpty: test.holds(isZero ? 0 : nil), audiences: []))
      cells[reading.cell].leaves.append(number)
    } else {
      let test = ValuePredicate(definition.predicate, literals: literals)
      let reading = story(definition.query, by: definition.by, definition.measure)
      let isZero = reading.measure.isZeroOfNothing
      let whenEmpty = definition.by == nil && test.holds(ofNumber: isZero ? Millionths(units: 0) : nil)
      leaves.append(Leaf(question: .story(reading, test), whenEmpty: whenEmpty, audiences: []))
      cells[reading.cell].otherLeaves.append(number)
    }
    leafNumbers[text] = number
    return number
  }

  mutating func leaf(_ definition: TraitLeaf) -> Int {
    let text = ExactText(Canonical.text(.trait(definition)))
    if let number = leafNumbers[text] { return number }
    let trait = trait(named: definition.name)
    let number = leaves.count
    let test: TraitTest
    var whenEmpty = false
    switch definition.test {
    case .value(let predicate):
      let compiled = ValuePredicate(predicate, literals: literals)
      whenEmpty = compiled.holds(ofNumber: figureOfNothing(trait))
      test = .value(compiled)
    case .ago(let window): test = .ago(window)
    case .ahead(let window): test = .ahead(window)
    }
    leaves.append(Leaf(question: .trait(trait, test), whenEmpty: whenEmpty, audiences: []))
    for cell in traits[trait].cells { cells[cell].otherLeaves.append(number) }
    leafNumbers[text] = number
    return number
  }

  // MARK: Plain readings

  /// The least that answers a leaf exactly, at every instant to come and for events that come late.
  mutating func plain(_ query: EventQuery, _ measure: Measure, cap: Int) -> PlainReading {
    let since = query.since.map { newest(of: $0) }
    let (cell, measure) = cell(of: query, measure, since: since, cap: cap)
    note(cell, dependsOn: since)
    return PlainReading(
      cell: cell, since: since, window: query.window, pick: query.pick, wantsHaving: !query.having.isEmpty,
      measure: measure)
  }

  private mutating func cell(
    of query: EventQuery, _ asked: Measure, since: Int?, cap: Int
  ) -> (cell: Int, measure: PlainReading.Measure) {
    var identity = CellIdentity(selector: selector(query.events), form: .all)
    let measure = asked.planned(cap: cap)
    switch measure {
    case .count, .at: break
    case .sum, .min, .max: identity.value = asked
    }
    identity.having = query.having
    switch (query.pick, query.window, since) {
    case (.last, _, _):
      identity.form = .latest
      return (cell(identity, keeping: .latest(1)), measure)
    case (.first, _, nil):
      identity.form = .earliest
      return (cell(identity, keeping: .earliest), measure)
    case (nil, nil, nil):
      let (form, keeping) = accumulator(measure)
      identity.form = form
      return (cell(identity, keeping: keeping), measure)
    default: break
    }
    if case .count(let cap) = measure, query.pick == nil, query.window.map({ $0.from.ms == 0 }) ?? true {
      identity.form = .latest
      return (cell(identity, keeping: .latest(max(cap, 1))), measure)
    }
    identity.since = since
    identity.keepsValueless = query.pick != nil
    // The one picked first may be of any age: that it is too old must be known.
    let maxAge = query.pick == nil ? query.window?.to : nil
    return (cell(identity, keeping: .all(maxAge: maxAge, limit: policy.entries)), measure)
  }

  private func accumulator(_ measure: PlainReading.Measure) -> (CellIdentity.Form, Cell.Keeping) {
    switch measure {
    case .count(let cap): (.counter, .counter(cap: Int64(cap)))
    case .sum: (.sum, .sum)
    case .min: (.min, .min)
    case .max: (.max, .max)
    case .at: preconditionFailure("an instant is read from the one event that is kept")
    }
  }
}

extension EventLeaf {
  /// Whether a cell that keeps the least can answer it.
  fileprivate var isPlain: Bool {
    if query.gap != nil || !query.sequels.isEmpty || by != nil { return false }
    switch measure {
    case .count, .sum, .min, .max: return true
    default: return false
    }
  }
}

extension Measure {
  fileprivate func planned(cap: Int) -> PlainReading.Measure {
    switch self {
    case .count: .count(cap: cap)
    case .sum: .sum
    case .min: .min
    case .max: .max
    default: .at
    }
  }
}

extension ValuePredicate {
  /// Whether it holds of a number, or of nothing.
  func holds(ofNumber number: Millionths?) -> Bool {
    var values = Values()
    if let number { values.append(Value(number)) }
    return holds(of: values)
  }
}
