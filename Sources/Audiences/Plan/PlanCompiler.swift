internal import Events

/// Turns definitions into the tables of a plan; what means the same becomes one.
struct PlanCompiler {
  private(set) var selectors: [Selector] = []
  private(set) var cells: [Cell] = []
  private(set) var leaves: [Leaf] = []
  var names = PropertyNames()

  private let taxonomy: Taxonomy
  private let limit: Int
  private let literals = Literals()
  private var selectorNumbers: [EventSelector: Int] = [:]
  private var selectorTexts: [String] = []
  private var cellNumbers: [CellIdentity: Int] = [:]
  private var leafNumbers: [EventLeaf: Int] = [:]

  init(taxonomy: Taxonomy, limit: Int) {
    self.taxonomy = taxonomy
    self.limit = limit
  }

  /// What makes two cells the same one, however much of the events each must keep.
  private struct CellIdentity: Hashable {
    enum Form: Hashable { case counter, sum, min, max, latest, earliest, all }
    var selector: Int
    var form: Form
    var value: EventLeaf.Measure?
    var having: [PropertyTest] = []
    var since: Int?
    var keepsValueless = false
  }

  mutating func audience(_ definition: AudienceDefinition, number: Int) -> PlannedAudience {
    var decisions: [Decision] = []
    let start = walk(definition.condition, yes: Decision.yes, no: Decision.no, audience: number, into: &decisions)
    let logic = StableText.hash("\(definition.key) \(definition.version) \(Canonical.text(definition.condition))")
    return PlannedAudience(definition: definition, decisions: decisions, start: start, hash: logic)
  }

  /// Builds the walk from its end: what follows is known before what leads to it.
  private mutating func walk(
    _ condition: Condition, yes: Int32, no: Int32, audience: Int, into decisions: inout [Decision]
  ) -> Int32 {
    switch condition {
    case .all(let parts):
      return parts.reversed().reduce(yes) { walk($1, yes: $0, no: no, audience: audience, into: &decisions) }
    case .any(let parts):
      return parts.reversed().reduce(no) { walk($1, yes: yes, no: $0, audience: audience, into: &decisions) }
    case .not(let part):
      return walk(part, yes: no, no: yes, audience: audience, into: &decisions)
    case .events(let leaf):
      let number = self.leaf(leaf)
      if !leaves[number].audiences.contains(audience) { leaves[number].audiences.append(audience) }
      decisions.append(Decision(leaf: Int32(number), whenTrue: yes, whenFalse: no))
      return Int32(decisions.count - 1)
    }
  }

  private mutating func leaf(_ definition: EventLeaf) -> Int {
    let definition = Canonical.form(definition)
    if let number = leafNumbers[definition] { return number }
    let since = definition.since.map { newest(of: $0) }
    let test = NumberTest(definition.measure.predicate)
    let (cell, measure) = cell(of: definition, since: since, test: test)
    let number = leaves.count
    leaves.append(
      Leaf(
        cell: cell, since: since, window: definition.window, pick: definition.pick,
        wantsHaving: !definition.having.isEmpty, measure: measure, test: test,
        whenEmpty: test.holds(measure == .min || measure == .max ? nil : 0), audiences: []))
    cells[cell].leaves.append(number)
    if let since, since != cell, !cells[since].dependents.contains(cell) { cells[since].dependents.append(cell) }
    leafNumbers[definition] = number
    return number
  }

  /// The cell that holds the newest event of a selector, for `since`.
  private mutating func newest(of selector: EventSelector) -> Int {
    cell(CellIdentity(selector: self.selector(selector), form: .latest), keeping: .latest(1))
  }

  /// The least that answers a leaf exactly, at every instant to come and for events that come late.
  private mutating func cell(
    of leaf: EventLeaf, since: Int?, test: NumberTest
  ) -> (cell: Int, measure: Leaf.Measure) {
    var identity = CellIdentity(selector: selector(leaf.events), form: .all)
    let measure = leaf.measure.planned(cap: test.countCap)
    if case .count = measure {} else { identity.value = leaf.measure.anyPredicate }
    identity.having = leaf.having
    switch (leaf.pick, leaf.window, since) {
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
    if case .count(let cap) = measure, leaf.pick == nil, leaf.window.map({ $0.from.ms == 0 }) ?? true {
      identity.form = .latest
      return (cell(identity, keeping: .latest(max(cap, 1))), measure)
    }
    identity.since = since
    identity.keepsValueless = leaf.pick != nil
    // The one picked first may be of any age: that it is too old must be known.
    let maxAge = leaf.pick == nil ? leaf.window?.to : nil
    return (cell(identity, keeping: .all(maxAge: maxAge, limit: limit)), measure)
  }

  private func accumulator(_ measure: Leaf.Measure) -> (CellIdentity.Form, Cell.Keeping) {
    switch measure {
    case .count(let cap): (.counter, .counter(cap: Int64(cap)))
    case .sum: (.sum, .sum)
    case .min: (.min, .min)
    case .max: (.max, .max)
    }
  }

  private mutating func cell(_ identity: CellIdentity, keeping: Cell.Keeping) -> Int {
    if let number = cellNumbers[identity] {
      cells[number].keeping = cells[number].keeping.widened(to: keeping)
      return number
    }
    let number = cells.count
    cells.append(
      Cell(
        keeping: keeping, value: identity.value?.measuredValue(&names),
        having: identity.having.map { ValueTest($0, names: &names, literals: literals) }, since: identity.since,
        keepsValueless: identity.keepsValueless || identity.form != .all, leaves: [], dependents: [],
        meaning: meaning(of: identity)))
    cellNumbers[identity] = number
    selectors[identity.selector].cells.append(number)
    if let since = identity.since, since != number { cells[since].dependents.append(number) }
    return number
  }

  private func meaning(of identity: CellIdentity) -> String {
    let selector = selectorTexts[identity.selector]
    let value = identity.value.map { " of \(Canonical.text($0))" } ?? ""
    let having = identity.having.isEmpty ? "" : " having \(identity.having.map(Canonical.text))"
    let since = identity.since.map { " since (\(cells[$0].meaning))" } ?? ""
    return "\(identity.form)\(value) \(selector)\(having)\(since)"
  }

  private mutating func selector(_ definition: EventSelector) -> Int {
    let definition = Canonical.form(definition)
    if let number = selectorNumbers[definition] { return number }
    let number = selectors.count
    selectors.append(
      Selector(
        events: Set(definition.names.compactMap { taxonomy.position(of: $0) }),
        filter: definition.filter.map { ValueTest($0, names: &names, literals: literals) }, cells: []))
    selectorNumbers[definition] = number
    selectorTexts.append(Canonical.text(definition))
    return number
  }
}

extension Cell.Keeping {
  /// What is enough for both.
  fileprivate func widened(to other: Cell.Keeping) -> Cell.Keeping {
    switch (self, other) {
    case (.counter(let a), .counter(let b)): .counter(cap: Swift.max(a, b))
    case (.latest(let a), .latest(let b)): .latest(Swift.max(a, b))
    case (.all(let a, let limit), .all(let b, _)):
      .all(maxAge: a.flatMap { a in b.map { Swift.max(a, $0) } }, limit: limit)
    default: self
    }
  }
}

extension EventLeaf.Measure {
  /// What the measure must be.
  var predicate: Predicate {
    switch self {
    case .count(let predicate), .sum(_, _, let predicate), .min(_, let predicate), .max(_, let predicate): predicate
    }
  }

  /// The same measure whatever it must be: it keeps the same.
  fileprivate var anyPredicate: EventLeaf.Measure {
    let any = Predicate([])
    return switch self {
    case .count: .count(any)
    case .sum(let of, let times, _): .sum(of: of, times: times, is: any)
    case .min(let of, _): .min(of: of, is: any)
    case .max(let of, _): .max(of: of, is: any)
    }
  }

  fileprivate func planned(cap: Int) -> Leaf.Measure {
    switch self {
    case .count: .count(cap: cap)
    case .sum: .sum
    case .min: .min
    case .max: .max
    }
  }

  fileprivate func measuredValue(_ names: inout PropertyNames) -> MeasuredValue? {
    switch self {
    case .count: nil
    case .sum(let of, let times, _):
      MeasuredValue(kind: .sum, of: names.path(of), times: times.map { names.path($0) })
    case .min(let of, _): MeasuredValue(kind: .min, of: names.path(of), times: nil)
    case .max(let of, _): MeasuredValue(kind: .max, of: names.path(of), times: nil)
    }
  }
}
