internal import Events

/// Audiences and their conditions.
extension PlanCompiler {
  /// The audiences, each after those that its condition asks for.
  mutating func audiences(_ definitions: [AudienceDefinition]) -> [PlannedAudience] {
    var numbers: [String: Int] = [:]
    for (number, definition) in definitions.enumerated() { numbers[definition.key] = number }
    var planned: [PlannedAudience] = []
    for (number, definition) in definitions.enumerated() {
      planned.append(audience(definition, number: number, numbers: numbers))
    }
    for (number, definition) in definitions.enumerated() {
      for key in definition.condition.audiences { numbers[key].map { planned[$0].dependents.append(number) } }
    }
    arbitrate(&planned, numbers)
    return planned
  }

  private mutating func audience(
    _ definition: AudienceDefinition, number: Int, numbers: [String: Int]
  ) -> PlannedAudience {
    var walk = Walk(audience: number, numbers: numbers)
    let start = self.walk(definition.condition, yes: Decision.yes, no: Decision.no, &walk)
    var audience = PlannedAudience(
      definition: definition, decisions: walk.decisions, start: start, spell: Spell(definition),
      hash: StableText.hash(logic(of: definition)), ownLogic: StableText.hash(ownLogic(of: definition)))
    audience.entryTraits = told(definition.entry.include)
    audience.exitTraits = told(definition.exit.include)
    return audience
  }

  /// What a change includes: what anybody may know, and then what a person could be known by.
  private mutating func told(_ include: [String]) -> [Int] {
    (include.filter { !PersonalTraits.isPersonal($0) } + include.filter(PersonalTraits.isPersonal))
      .map { trait(named: $0) }
  }

  /// What decides who is in, in words that stay the same.
  private func logic(of definition: AudienceDefinition) -> String {
    let traits = definitions.sorted { $0.name < $1.name }.map { "\($0)" }
    let settings = [definition.holdFor, definition.stayAtMost, definition.rejoinAfter].map { "\($0?.ms ?? 0)" }
    let rest = "\(definition.holdout as Any) \(definition.retireOn?.ms ?? 0) \(definition.purpose as Any)"
    let others = "\(definition.unless) \(policy.suppression) \(policy.groups)"
    let condition = Canonical.text(definition.condition)
    return "\(definition.key) \(definition.version) \(condition) \(settings) \(rest) \(others) \(traits)"
  }

  /// What decides who is eligible, apart from the audiences that the condition asks for and from `retire_on`.
  private func ownLogic(of definition: AudienceDefinition) -> String {
    let spell = [definition.holdFor, definition.stayAtMost, definition.rejoinAfter].map { "\($0?.ms ?? 0)" }
    return "\(texts.of(definition.condition)) \(spell) \(policy.entries)"
  }

  /// A walk that is being built.
  private struct Walk {
    let audience: Int
    let numbers: [String: Int]
    var decisions: [Decision] = []

    mutating func add(_ question: Decision.Question, yes: Int32, no: Int32) -> Int32 {
      decisions.append(Decision(asks: question, whenTrue: yes, whenFalse: no))
      return Int32(decisions.count - 1)
    }
  }

  /// Builds the walk from its end: what follows is known before what leads to it.
  private mutating func walk(_ condition: Condition, yes: Int32, no: Int32, _ walk: inout Walk) -> Int32 {
    switch condition {
    case .all(let parts): return parts.reversed().reduce(yes) { self.walk($1, yes: $0, no: no, &walk) }
    case .any(let parts): return parts.reversed().reduce(no) { self.walk($1, yes: yes, no: $0, &walk) }
    case .not(let part): return self.walk(part, yes: no, no: yes, &walk)
    case .events(let leaf): return walk.add(used(self.leaf(leaf), by: walk.audience), yes: yes, no: no)
    case .trait(let leaf): return walk.add(used(self.leaf(leaf), by: walk.audience), yes: yes, no: no)
    case .audience(let key):
      guard let number = walk.numbers[key] else { return no }  // nobody is eligible for what does not exist
      return walk.add(.audience(number), yes: yes, no: no)
    }
  }

  private mutating func used(_ leaf: Int, by audience: Int) -> Decision.Question {
    if !leaves[leaf].audiences.contains(audience) { leaves[leaf].audiences.append(audience) }
    return .leaf(leaf)
  }

  // MARK: Who keeps whom out

  private func arbitrate(_ planned: inout [PlannedAudience], _ numbers: [String: Int]) {
    for number in planned.indices {
      let definition = planned[number].definition
      planned[number].suppressors = definition.unless.compactMap { numbers[$0] }
      if let purpose = definition.purpose, purpose != .suppress, policy.suppression.purposes.contains(purpose) {
        planned[number].suppressors += policy.suppression.audiences.compactMap { numbers[$0] }
      }
      if let group = policy.groups.first(where: { $0.audiences.contains(definition.key) }) {
        planned[number].superiors = group.audiences.prefix { $0 != definition.key }.compactMap { numbers[$0] }
      }
    }
    for number in planned.indices {
      planned[number].settles = planned.indices.filter { other in
        other == number || planned[other].suppressors.contains(number)
          || planned[other].superiors.contains { $0 == number || planned[$0].suppressors.contains(number) }
      }
    }
  }
}
