/// Draws computed traits, what is asked of traits, and the measures that came with them.
extension DefinitionDraw {
  /// Some computed traits; from now on conditions may ask for them. Measures come first, then what combines them; now
  /// and then one hides an `identify` trait.
  mutating func computedTraits(_ dice: inout Dice) -> [ComputedTrait] {
    guard world.forms.contains(.computed) else { return [] }
    var names = dice.shuffled(["orders", "gross", "ratio", "fav", "last_seen", "cart_value"])
    if dice.percent(20) { names[0] = dice.pick(world.taxonomy.traits).name }
    var computed: [ComputedTrait] = []
    for name in names.prefix(dice.from(1...3)) {
      let leaf = selection(&dice)
      let (figure, type) = figure(of: leaf.events, &dice)
      computed.append(ComputedTrait(name, .measured(leaf, figure)))
      traits.removeAll { $0.name == name }
      traits.append(KnownTrait(name, type))
    }
    for name in names.dropFirst(3).prefix(dice.from(0...2)) {
      let numbers = traits.filter { $0.type == .number }.map(\.name)
      guard !numbers.isEmpty else { break }
      let (left, right) = (dice.pick(numbers), dice.pick(numbers))
      computed.append(ComputedTrait(name, dice.percent(50) ? .difference(left, right) : .ratio(left, right)))
      traits.append(KnownTrait(name, .number))
    }
    return dice.shuffled(computed)
  }

  /// A figure, with the type of what it gives.
  private func figure(of names: [String], _ dice: inout Dice) -> (Figure, PropertyType) {
    let numeric = world.taxonomy.paths(of: names).filter { $0.type == .number }.map(\.path)
    let path = numeric.isEmpty ? nil : dice.pick(numeric)
    let scalar = world.scalarPath(of: names, &dice)
    switch (dice.below(12), path, scalar) {
    case (0...1, let path?, _): return (.sum(of: path, times: dice.percent(30) ? dice.pick(numeric) : nil), .number)
    case (2, let path?, _): return (.min(of: path), .number)
    case (3, let path?, _): return (.max(of: path), .number)
    case (4, let path?, _) where world.forms.contains(.average): return (.average(of: path), .number)
    case (5, _, let scalar?) where world.forms.contains(.distinct): return (.distinct(of: scalar.path), .number)
    case (6, _, let scalar?) where world.forms.contains(.favorite): return (.favorite(of: scalar.path), scalar.type)
    case (7, _, let scalar?): return (.first(of: scalar.path), scalar.type)
    case (8, _, let scalar?): return (.last(of: scalar.path), scalar.type)
    case (9, _, _): return (.firstAt, .time)
    case (10, _, _): return (.lastAt, .time)
    default: return (.count, .number)
    }
  }

  func traitLeaf(_ dice: inout Dice) -> Condition {
    let trait = dice.pick(traits)
    if trait.type == .time, dice.percent(85) {
      return .trait(trait.name, dice.percent(50) ? .ago(window(&dice)) : .ahead(window(&dice)))
    }
    var type = trait.type
    while case .list(let item) = type { type = item }
    return .trait(trait.name, .is(predicate(on: type, &dice)))
  }

  /// `average`, `distinct` or `favorite`, as far as they are asked for and there is a property for them.
  func laterMeasure(of names: [String], _ dice: inout Dice) -> Measure? {
    let form = dice.pick([Forms.average, .distinct, .favorite].filter { world.forms.contains($0) })
    if form == .average {
      let numeric = world.taxonomy.paths(of: names).filter { $0.type == .number }.map(\.path)
      return numeric.isEmpty ? nil : .average(of: dice.pick(numeric), is: figure(&dice, Self.number))
    }
    guard let scalar = world.scalarPath(of: names, &dice) else { return nil }
    if form == .favorite { return .favorite(of: scalar.path, is: predicate(on: scalar.type, &dice)) }
    return .distinct(of: scalar.path, is: figure(&dice) { .whole(Int64($0.from(0...4))) })
  }
}

extension Forms {
  /// The measures beyond count, sum, min and max.
  static let measures: Forms = [.average, .distinct, .favorite]
}

extension World {
  /// A path that all of these events declare with the same type, of strings, numbers or booleans.
  func scalarPath(of names: [String], _ dice: inout Dice) -> (path: String, type: PropertyType)? {
    let scalars = taxonomy.paths(of: names).filter { [.string, .number, .boolean].contains($0.type) }
    return scalars.isEmpty ? nil : dice.pick(scalars)
  }
}
