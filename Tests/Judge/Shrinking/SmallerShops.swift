/// Settings and references that are a little fewer, each still valid.
extension Definition {
  /// The definition without one of its settings.
  var withFewerSettings: [Definition] {
    var fewer: [Definition] = []
    func offer(_ change: (inout Definition) -> Void) {
      var definition = self
      change(&definition)
      if definition != self { fewer.append(definition) }
    }
    offer { $0.purpose = nil }
    offer { $0.holdFor = nil }
    offer { $0.stayAtMost = nil }
    offer { $0.rejoinAfter = nil }
    offer { $0.holdout = nil }
    offer { $0.holdout?.untilMs = nil }
    offer { $0.retireOnMs = nil }
    for place in unless.indices { offer { $0.unless.remove(at: place) } }
    return fewer
  }
}

extension Policy {
  var smaller: [Policy] {
    var smaller: [Policy] = []
    func offer(_ change: (inout Policy) -> Void) {
      var policy = self
      change(&policy)
      policy.tidy()
      if policy != self { smaller.append(policy) }
    }
    offer { $0.suppressors = [] }
    offer { $0.groups = [] }
    for place in suppressedPurposes.indices { offer { $0.suppressedPurposes.remove(at: place) } }
    for place in suppressors.indices { offer { $0.suppressors.remove(at: place) } }
    for place in groups.indices {
      offer { $0.groups.remove(at: place) }
      for member in groups[place].audiences.indices { offer { $0.groups[place].audiences.remove(at: member) } }
    }
    return smaller
  }

  /// Drops what has no effect any more: a suppression without purposes or audiences, a group of one.
  fileprivate mutating func tidy() {
    if suppressors.isEmpty || suppressedPurposes.isEmpty { (suppressors, suppressedPurposes) = ([], []) }
    groups.removeAll { $0.audiences.count < 2 }
  }
}

extension ShopCase {
  /// These audiences, and all that their conditions refer to.
  func closure(of keys: Set<String>) -> Set<String> {
    let referred = definitions.filter { keys.contains($0.key) }.flatMap(\.when.audiences)
    let wider = keys.union(referred)
    return wider == keys ? keys : closure(of: wider)
  }

  /// Keeps these audiences alone; nothing refers to the others any more.
  mutating func keep(audiences keys: Set<String>) {
    definitions.removeAll { !keys.contains($0.key) }
    for place in definitions.indices { definitions[place].unless.removeAll { !keys.contains($0) } }
    policy.suppressors.removeAll { !keys.contains($0) }
    for place in policy.groups.indices { policy.groups[place].audiences.removeAll { !keys.contains($0) } }
    policy.tidy()
  }
}
