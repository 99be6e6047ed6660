internal import Events

/// Turns definitions into the tables of a plan; what means the same becomes one.
struct PlanCompiler {
  private(set) var selectors: [Selector] = []
  var cells: [Cell] = []
  var leaves: [Leaf] = []
  var traits: [PlannedTrait] = []
  var names = PropertyNames()

  let taxonomy: Taxonomy
  let policy: Policy
  let definitions: [TraitDefinition]
  let texts: LogicText
  let literals = Literals()
  var leafNumbers: [ExactText: Int] = [:]
  var traitNumbers: [ExactText: Int] = [:]
  private var selectorNumbers: [EventSelector: Int] = [:]
  private(set) var selectorTexts: [String] = []
  private var cellNumbers: [CellIdentity: Int] = [:]

  init(taxonomy: Taxonomy, traits: [TraitDefinition], policy: Policy) {
    self.taxonomy = taxonomy
    self.policy = policy
    definitions = traits
    texts = LogicText(traits: traits)
  }

  /// What makes two cells the same one, however much of the events each must keep.
  struct CellIdentity: Hashable {
    enum Form: Hashable { case counter, sum, min, max, latest, earliest, all, story(ExactText) }
    var selector: Int
    var form: Form
    var value: Measure?
    var having: [PropertyTest] = []
    var since: Int?
    var keepsValueless = false
  }

  /// The cell that holds the newest event of a selector, for `since`.
  mutating func newest(of selector: EventSelector) -> Int {
    cell(CellIdentity(selector: self.selector(selector), form: .latest), keeping: .latest(1))
  }

  mutating func cell(_ identity: CellIdentity, keeping: Cell.Keeping, story: Story? = nil) -> Int {
    if let number = cellNumbers[identity] {
      cells[number].keeping = cells[number].keeping.widened(to: keeping)
      if let story { cells[number].story?.widen(to: story) }
      return number
    }
    let number = cells.count
    cells.append(
      Cell(
        keeping: keeping, value: identity.value?.measuredValue(&names),
        having: identity.having.map { ValueTest($0, names: &names, literals: literals) }, since: identity.since,
        keepsValueless: identity.keepsValueless || identity.form != .all, story: story,
        meaning: meaning(of: identity)))
    cellNumbers[identity] = number
    if story == nil { selectors[identity.selector].cells.append(number) }
    return number
  }

  /// Notes that a cell's leaves also look at the newest entry of another, for `since`.
  mutating func note(_ cell: Int, dependsOn since: Int?) {
    guard let since, since != cell, !cells[since].dependents.contains(cell) else { return }
    cells[since].dependents.append(cell)
  }

  /// Notes that a selector's events play a role in a story.
  mutating func feed(_ selector: Int, into cell: Int, as role: UInt16) {
    if selectors[selector].stories.contains(where: { $0.cell == cell && $0.role == role }) { return }
    selectors[selector].stories.append((cell: cell, role: role))
  }

  private func meaning(of identity: CellIdentity) -> String {
    let selector = selectorTexts[identity.selector]
    let value = identity.value.map { " of \(Canonical.text($0))" } ?? ""
    let having = identity.having.isEmpty ? "" : " having \(identity.having.map(Canonical.text))"
    let since = identity.since.map { " since (\(cells[$0].meaning))" } ?? ""
    return "\(identity.form)\(value) \(selector)\(having)\(since)"
  }

  mutating func selector(_ definition: EventSelector) -> Int {
    let definition = Canonical.form(definition)
    if let number = selectorNumbers[definition] { return number }
    let number = selectors.count
    selectors.append(
      Selector(
        events: Set(definition.names.compactMap { taxonomy.position(of: $0) }),
        filter: definition.filter.map { ValueTest($0, names: &names, literals: literals) }, cells: [], stories: []))
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

extension Story {
  /// What is enough for both of two that differ in nothing else.
  fileprivate mutating func widen(to other: Story) {
    maxAge = maxAge.flatMap { a in other.maxAge.map { Swift.max(a, $0) } }
    most = Swift.max(most, other.most)
  }
}

extension Measure {
  /// What is kept of each event for it, one number at most; nil where that is nothing.
  fileprivate func measuredValue(_ names: inout PropertyNames) -> MeasuredValue? {
    switch self {
    case .sum(let of, let times):
      MeasuredValue(kind: .sum, of: names.path(of), times: times.map { names.path($0) })
    case .min(let of): MeasuredValue(kind: .min, of: names.path(of), times: nil)
    case .max(let of): MeasuredValue(kind: .max, of: names.path(of), times: nil)
    default: nil
    }
  }
}
