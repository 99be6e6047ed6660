internal import Events

/// Traits, as far as they are asked for.
extension PlanCompiler {
  /// The number of a trait; a computed one hides an `identify`'s of its name.
  mutating func trait(named name: String) -> Int {
    if let number = traitNumbers[ExactText(name)] { return number }
    let planned: PlannedTrait
    if let definition = definitions.first(where: { ExactText($0.name) == ExactText(name) }) {
      planned = computed(definition)
    } else {
      planned = PlannedTrait(
        name: name, source: .identified(names.number(of: name)), cells: [], readsProfile: true,
        isList: taxonomy.trait(named: name)?.type.isList ?? false)
    }
    traits.append(planned)
    traitNumbers[ExactText(name)] = traits.count - 1
    return traits.count - 1
  }

  private mutating func computed(_ definition: TraitDefinition) -> PlannedTrait {
    switch definition.formula {
    case .minus(let a, let b):
      let (a, b) = (trait(named: a), trait(named: b))
      return combined(definition.name, .minus(a, b), a, b)
    case .over(let a, let b):
      let (a, b) = (trait(named: a), trait(named: b))
      return combined(definition.name, .over(a, b), a, b)
    case .measure(let query, let measure):
      let query = Canonical.form(query)
      if query.isPlain(for: measure) {
        let reading = plain(query.pickingOne(for: measure), measure, cap: .max)
        return measured(definition.name, .plain(reading), reading.cell)
      }
      let reading = story(query, by: nil, measure)
      return measured(definition.name, .story(reading), reading.cell, isList: measure.isList)
    }
  }

  /// The number of an identifier. No definition can ask for it: it goes with changes.
  mutating func identifier(_ kind: IdentifierKind) -> Int {
    traits.append(
      PlannedTrait(
        name: "identifier \(kind.word)", source: .identifier(kind), cells: [], readsProfile: false, isList: false))
    return traits.count - 1
  }

  /// The number of what people said last of a use of their data; `nil` where the taxonomy does not know it.
  mutating func consent(to use: String) -> Int? {
    guard let event = taxonomy.position(of: Consent.event).map({ taxonomy.events[$0] }),
      event.properties.contains(where: { $0.name == use }), let path = PropertyPath(use)
    else { return nil }
    let query = EventQuery(events: EventSelector(names: [Consent.event], filter: []))
    traits.append(computed(TraitDefinition(name: "consent \(use)", formula: .measure(query, .last(of: path)))))
    return traits.count - 1
  }

  private func combined(_ name: String, _ source: PlannedTrait.Source, _ a: Int, _ b: Int) -> PlannedTrait {
    PlannedTrait(
      name: name, source: source, cells: traits[a].cells + traits[b].cells.filter { !traits[a].cells.contains($0) },
      readsProfile: traits[a].readsProfile || traits[b].readsProfile, isList: false)
  }

  private func measured(
    _ name: String, _ source: PlannedTrait.Source, _ cell: Int, isList: Bool = false
  ) -> PlannedTrait {
    PlannedTrait(name: name, source: source, cells: [cell], readsProfile: false, isList: isList)
  }

  /// What a trait is where nothing is known of the profile; nil where it is absent.
  func figureOfNothing(_ number: Int) -> Millionths? {
    let zero = Millionths(units: 0)
    switch traits[number].source {
    case .identified, .identifier, .over: return nil  // what is divided by nothing, or by 0, is absent
    case .plain(let reading):
      switch reading.measure {
      case .count, .sum: return zero
      case .min, .max, .at: return nil
      }
    case .story(let reading): return reading.measure.isZeroOfNothing ? zero : nil
    case .minus(let a, let b): return figureOfNothing(a) == nil || figureOfNothing(b) == nil ? nil : zero
    }
  }
}

extension EventQuery {
  /// Whether a cell that keeps the least has a trait's measure.
  fileprivate func isPlain(for measure: Measure) -> Bool {
    guard gap == nil, sequels.isEmpty, pick == nil, having.isEmpty, window == nil else { return false }
    switch measure {
    case .count, .sum, .min, .max, .firstAt: return since == nil
    case .lastAt: return true
    default: return false
    }
  }

  /// The instant of an event is that of the one picked.
  fileprivate func pickingOne(for measure: Measure) -> EventQuery {
    var query = self
    if measure == .firstAt { query.pick = .first }
    if measure == .lastAt { query.pick = .last }
    return query
  }
}

extension Measure {
  /// Whether it is told as a list, however many values it has.
  fileprivate var isList: Bool { if case .collect = self { true } else { false } }
}

extension PropertyType {
  /// Whether values of it come in lists.
  var isList: Bool { if case .list = self { true } else { false } }
}
