/// Draws valid definitions over all forms in the judge's scope.
struct DefinitionDraw {
  let world: World
  /// Leaves already drawn, so that audiences share some.
  private var leaves: [Leaf] = []
  /// The audiences already drawn, which others may refer to.
  private var keys: [String] = []
  /// The traits that may be asked for, with the type of their values.
  var traits: [KnownTrait]

  init(world: World) {
    self.world = world
    traits = world.forms.contains(.traits) ? world.taxonomy.traits : []
  }

  mutating func definitions(_ count: Int, _ dice: inout Dice) -> [Definition] {
    let all = Array(dice.shuffled(["a", "aa", "a-1", "b", "b2", "lapsed-30-60", "vip", "z9"]).prefix(count))
    return all.map { definition($0, beside: all, &dice) }
  }

  /// One more definition; those after it may refer to it.
  mutating func definition(_ key: String, beside all: [String], _ dice: inout Dice) -> Definition {
    var definition = Definition(key, when: condition(depth: 0, &dice))
    world.giveSettings(to: &definition, beside: all, &dice)
    keys.append(key)
    return definition
  }

  private mutating func condition(depth: Int, _ dice: inout Dice) -> Condition {
    if world.forms.contains(.audienceReferences), !keys.isEmpty, dice.percent(12) { return .audience(dice.pick(keys)) }
    if !traits.isEmpty, dice.percent(25) { return traitLeaf(&dice) }
    switch depth == 3 ? 0 : dice.below(10) {
    case 0...4: return .event(sharedLeaf(&dice))
    case 5...6: return .not(condition(depth: depth + 1, &dice))
    case 7...8: return .all(parts(depth, &dice))
    default: return .any(parts(depth, &dice))
    }
  }

  private mutating func parts(_ depth: Int, _ dice: inout Dice) -> [Condition] {
    var parts: [Condition] = []
    for _ in 0..<dice.weighted([(1, 1), (6, 2), (3, 3)]) { parts.append(condition(depth: depth + 1, &dice)) }
    return parts
  }

  /// A new leaf, one of those already drawn, or one of those with another figure or window.
  private mutating func sharedLeaf(_ dice: inout Dice) -> Leaf {
    guard !leaves.isEmpty, dice.percent(40) else {
      leaves.append(leaf(&dice))
      return leaves[leaves.count - 1]
    }
    var shared = dice.pick(leaves)
    if dice.percent(30) {
      shared.measure = measure(of: shared.events, &dice)
      shared.by = nil
    }
    if dice.percent(30) { shared.window = window(&dice) }
    return shared
  }

  private func leaf(_ dice: inout Dice) -> Leaf {
    var leaf = selection(&dice)
    if dice.percent(60) { leaf.measure = measure(of: leaf.events, &dice) }
    if world.forms.contains(.by), dice.percent(25) { leaf.by = world.scalarPath(of: leaf.events, &dice)?.path }
    if case .favorite = leaf.measure { leaf.by = nil }
    return leaf
  }

  /// A leaf without `by` and measure.
  func selection(_ dice: inout Dice) -> Leaf {
    let canonical = dice.several(min(world.names.count, dice.weighted([(7, 1), (2, 2), (1, 3)])), of: world.names)
    var leaf = Leaf(canonical)
    if dice.percent(40) { leaf.filter = clauses(of: canonical, &dice) }
    if dice.percent(30) { leaf.since = since(&dice) }
    if dice.percent(35) {
      leaf.pick = dice.pick(Pick.allCases)
      if dice.percent(50) { leaf.having = clauses(of: canonical, &dice) }
    }
    if dice.percent(65) { leaf.window = window(&dice) }
    if world.forms.contains(.gap), dice.percent(15) { leaf.gap = span(dice.from(1...4), &dice) }
    if world.forms.contains(.sequences), dice.percent(25) { leaf.follows = follows(after: canonical, depth: 0, &dice) }
    return leaf
  }

  /// A step of a funnel, or one of each kind.
  private func follows(after names: [String], depth: Int, _ dice: inout Dice) -> [Following] {
    let kinds = dice.weighted([(4, [true]), (4, [false]), (1, [true, false])])
    return kinds.map { isWanted in
      let name = dice.pick(world.names)
      var step = isWanted ? Following.by(name) : Following.notBy(name)
      if dice.percent(30) { step.filter = clauses(of: [name], &dice) }
      if dice.percent(40) { step.same = world.scalarPath(of: names + [name], &dice)?.path }
      if dice.percent(40) { step.within = span(dice.from(1...6), &dice) }
      if depth < 2, dice.percent(30) { step.follows = follows(after: [name], depth: depth + 1, &dice) }
      return step
    }
  }

  private func since(_ dice: inout Dice) -> Since {
    let name = dice.pick(world.names)
    return Since(name, where: dice.percent(35) ? clauses(of: [name], &dice) : [])
  }

  func window(_ dice: inout Dice) -> Window {
    if dice.percent(50) { return .within(span(dice.from(1...12), &dice)) }
    let start = dice.from(0...10)
    return .between(span(start, &dice), span(start + (dice.percent(10) ? 0 : dice.from(1...8)), &dice))
  }

  /// So many steps, now and then told in a smaller unit.
  private func span(_ steps: Int, _ dice: inout Dice) -> Span {
    let span = Span(Int64(steps), world.unit)
    let finer = Span.Unit.allCases.filter { Span(1, $0).milliseconds <= world.stepMs }
    let unit = dice.percent(15) ? dice.pick(finer) : world.unit
    return Span(span.milliseconds / Span(1, unit).milliseconds, unit)
  }

  private func clauses(of names: [String], _ dice: inout Dice) -> [Clause] {
    let paths = dice.several(dice.weighted([(3, 1), (1, 2)]), of: world.taxonomy.paths(of: names))
    return paths.map { Clause($0.path, predicate(on: $0.type, &dice)) }
  }

  private func measure(of names: [String], _ dice: inout Dice) -> Measure {
    if !world.forms.isDisjoint(with: .measures), dice.percent(40), let more = laterMeasure(of: names, &dice) {
      return more
    }
    let numeric = world.taxonomy.paths(of: names).filter { $0.type == .number }.map(\.path)
    let form = numeric.isEmpty ? 0 : dice.below(8)
    switch form {
    case 0...2: return .count(figure(&dice) { .whole(Int64($0.from(0...4))) })
    case 3...5:
      let times = dice.percent(35) ? dice.pick(numeric) : nil
      return .sum(of: dice.pick(numeric), times: times, is: figure(&dice, Self.number))
    case 6: return .min(of: dice.pick(numeric), is: figure(&dice, Self.number))
    default: return .max(of: dice.pick(numeric), is: figure(&dice, Self.number))
    }
  }
}

/// Predicates.
extension DefinitionDraw {
  static func number(_ dice: inout Dice) -> Operand {
    if dice.percent(3) { return .number(dice.pick([.max, .min, .max - 1])) }
    return .number(dice.pick(Catalogue.numbers))
  }

  func predicate(on type: PropertyType, _ dice: inout Dice) -> Predicate {
    switch type {
    case .number: return figure(&dice, Self.number)
    case .string:
      if dice.percent(20) {
        let part = dice.pick(["c", "co", "7", "fe", "tea", "\u{301}"])
        return Predicate(dice.percent(50) ? .contains(part) : .startsWith(part))
      }
      return figure(&dice) { .string($0.pick(world.strings)) }
    case .boolean:
      let value = Operand.boolean(dice.percent(50))
      return dice.pick([
        .bare(value), Predicate(.equals(value)), Predicate(.not(value)), Predicate(.exists(dice.percent(50))),
      ])
    case .list, .object, .time: return Predicate(.exists(dice.percent(60)))
    }
  }

  /// A predicate on values that have an order. Measures are asked with the same operators as properties.
  func figure(_ dice: inout Dice, _ operand: (inout Dice) -> Operand) -> Predicate {
    if dice.percent(15) { return .bare(operand(&dice)) }
    if dice.percent(6) { return Predicate(.exists(dice.percent(60))) }
    var operators: [Operator] = []
    for kind in dice.several(dice.weighted([(6, 1), (2, 2), (1, 3)]), of: Array(0...8)) {
      operators.append(Self.comparison(kind, &dice, operand))
    }
    var predicate = Predicate()
    predicate.operators = operators
    return predicate
  }

  private static func comparison(_ kind: Int, _ dice: inout Dice, _ operand: (inout Dice) -> Operand) -> Operator {
    switch kind {
    case 0: return .equals(operand(&dice))
    case 1: return .not(operand(&dice))
    case 2, 3:
      var operands: [Operand] = []
      for _ in 0..<dice.from(1...3) {
        let next = operand(&dice)
        if !operands.contains(next) { operands.append(next) }
      }
      return kind == 2 ? .among(operands) : .notAmong(operands)
    case 4: return .atLeast(operand(&dice))
    case 5: return .moreThan(operand(&dice))
    case 6: return .atMost(operand(&dice))
    case 7: return .lessThan(operand(&dice))
    default:
      let (one, other) = (operand(&dice), operand(&dice))
      return one.isAtMost(other) ? .between(one, other) : .between(other, one)
    }
  }
}

extension Operand {
  /// Whether a `between` may run from this one to that one.
  fileprivate func isAtMost(_ other: Operand) -> Bool {
    switch (self, other) {
    case (.number(let least), .number(let most)): least <= most
    case (.string(let least), .string(let most)): Text(least) <= Text(most)
    default: true
    }
  }
}
