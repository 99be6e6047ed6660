/// Conditions that are a little smaller than one, each still valid.
extension Condition {
  var smaller: [Condition] {
    switch self {
    case .all(let parts): Self.smaller(parts, Condition.all)
    case .any(let parts): Self.smaller(parts, Condition.any)
    case .not(let part): [part] + part.smaller.map(Condition.not)
    case .event(let leaf): leaf.smaller.map(Condition.event)
    case .trait(let name, let test): test.smaller.map { .trait(name, $0) }
    case .audience: []
    }
  }

  /// The condition with leaves replaced, where there is something to replace them with.
  func replacing(_ replacement: (Condition) -> Condition?) -> Condition {
    switch self {
    case .all(let parts): .all(parts.map { $0.replacing(replacement) })
    case .any(let parts): .any(parts.map { $0.replacing(replacement) })
    case .not(let part): .not(part.replacing(replacement))
    case .event, .trait, .audience: replacement(self) ?? self
    }
  }

  /// One part alone, all but one, and all with one of them smaller.
  private static func smaller(_ parts: [Condition], _ join: ([Condition]) -> Condition) -> [Condition] {
    var smaller = parts
    for place in parts.indices {
      if parts.count > 2 { smaller.append(join(parts.leavingOut(place))) }
      for part in parts[place].smaller { smaller.append(join(parts.replacing(place, with: part))) }
    }
    return smaller
  }
}

extension TraitTest {
  fileprivate var smaller: [TraitTest] {
    guard case .is(let predicate) = self else { return [] }
    return predicate.smaller.map(TraitTest.is)
  }
}

extension ComputedTrait.Formula {
  var smaller: [ComputedTrait.Formula] {
    guard case .measured(let leaf, let figure) = self else { return [] }
    var smaller = leaf.smaller.map { ComputedTrait.Formula.measured($0, figure) }
    if case .sum(let path, .some) = figure { smaller.append(.measured(leaf, .sum(of: path, times: nil))) }
    return smaller
  }
}

extension Following {
  fileprivate var smaller: [Following] {
    var smaller: [Following] = []
    func offer(_ change: (inout Following) -> Void) {
      var step = self
      change(&step)
      if step != self { smaller.append(step) }
    }
    offer { $0.same = nil }
    offer { $0.within = nil }
    for clauses in Leaf.smaller(filter) { offer { $0.filter = clauses } }
    for steps in Self.smaller(follows) { offer { $0.follows = steps } }
    return smaller
  }

  /// All but one, and all with one of them smaller.
  fileprivate static func smaller(_ steps: [Following]) -> [[Following]] {
    steps.indices.flatMap { place in
      [steps.leavingOut(place)] + steps[place].smaller.map { steps.replacing(place, with: $0) }
    }
  }
}

extension Leaf {
  fileprivate var smaller: [Leaf] {
    var smaller: [Leaf] = []
    func offer(_ change: (inout Leaf) -> Void) {
      var leaf = self
      change(&leaf)
      if leaf != self { smaller.append(leaf) }
    }
    // `by` does not go with `favorite`; neither is brought in here.
    offer { $0.measure = nil }
    offer { $0.by = nil }
    offer { $0.since = nil }
    offer { $0.gap = nil }
    for steps in Following.smaller(follows) { offer { $0.follows = steps } }
    offer { $0.window = nil }
    offer { leaf in
      leaf.pick = nil
      leaf.having = []
    }
    for place in events.indices where events.count > 1 { offer { $0.events = events.leavingOut(place) } }
    for clauses in Self.smaller(filter) { offer { $0.filter = clauses } }
    for clauses in Self.smaller(having) { offer { $0.having = clauses } }
    for clauses in Self.smaller(since?.filter ?? []) { offer { $0.since?.filter = clauses } }
    for measure in measure?.smaller ?? [] { offer { $0.measure = measure } }
    return smaller
  }

  fileprivate static func smaller(_ clauses: [Clause]) -> [[Clause]] {
    clauses.indices.flatMap { place in
      [clauses.leavingOut(place)]
        + clauses[place].predicate.smaller.map { clauses.replacing(place, with: Clause(clauses[place].path, $0)) }
    }
  }
}

extension Measure {
  fileprivate var smaller: [Measure] {
    switch self {
    case .count(let wanted): wanted.smaller.map(Measure.count)
    case .sum(let path, let times, let wanted):
      (times == nil ? [] : [.sum(of: path, times: nil, is: wanted)])
        + wanted.smaller.map { .sum(of: path, times: times, is: $0) }
    case .min(let path, let wanted): wanted.smaller.map { .min(of: path, is: $0) }
    case .max(let path, let wanted): wanted.smaller.map { .max(of: path, is: $0) }
    case .average(let path, let wanted): wanted.smaller.map { .average(of: path, is: $0) }
    case .distinct(let path, let wanted): wanted.smaller.map { .distinct(of: path, is: $0) }
    case .favorite(let path, let wanted): wanted.smaller.map { .favorite(of: path, is: $0) }
    }
  }
}

extension Predicate {
  fileprivate var smaller: [Predicate] {
    guard operators.count > 1 else { return [] }
    return operators.indices.map { place in
      var predicate = self
      predicate.operators = operators.leavingOut(place)
      return predicate
    }
  }
}

extension Array {
  func leavingOut(_ place: Int) -> [Element] { Array(self[..<place] + self[(place + 1)...]) }

  func replacing(_ place: Int, with element: Element) -> [Element] {
    var copy = self
    copy[place] = element
    return copy
  }
}
