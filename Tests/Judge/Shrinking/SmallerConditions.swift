/// Conditions that are a little smaller than one, each still valid.
extension Condition {
  var smaller: [Condition] {
    switch self {
    case .all(let parts): Self.smaller(parts, Condition.all)
    case .any(let parts): Self.smaller(parts, Condition.any)
    case .not(let part): [part] + part.smaller.map(Condition.not)
    case .event(let leaf): leaf.smaller.map(Condition.event)
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

extension Leaf {
  fileprivate var smaller: [Leaf] {
    var smaller: [Leaf] = []
    func offer(_ change: (inout Leaf) -> Void) {
      var leaf = self
      change(&leaf)
      if leaf != self { smaller.append(leaf) }
    }
    offer { $0.measure = nil }
    offer { $0.since = nil }
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

  private static func smaller(_ clauses: [Clause]) -> [[Clause]] {
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
