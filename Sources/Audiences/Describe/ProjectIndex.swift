import Events

/// What descriptions and lint look up about a project.
struct ProjectIndex {
  let project: Project
  let words: ConditionWords
  private let formulas: [String: TraitDefinition.Formula]
  private let audiences: [String: AudienceDefinition]

  init(_ project: Project) {
    self.project = project
    words = ConditionWords(traits: project.traits)
    formulas = Dictionary(project.traits.map { ($0.name, $0.formula) }) { first, _ in first }
    audiences = Dictionary(project.audiences.map { ($0.key, $0) }) { first, _ in first }
  }

  func audience(_ key: String) -> AudienceDefinition? { audiences[key] }

  /// What a computed trait is made of; `nil` where `identify` sets it.
  func formula(_ trait: String) -> TraitDefinition.Formula? { formulas[trait] }

  /// A measure that a trait is made of, and whether the trait falls when it rises.
  struct Base: Hashable {
    let name: String
    let isReversed: Bool
  }

  /// The traits that a trait is made of in the end: measures of events, and what `identify` sets.
  func bases(of trait: String) -> [Base] {
    var seen: Set<Base> = []
    var open = [Base(name: trait, isReversed: false)]
    var bases: [Base] = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      switch formulas[next.name] {
      case .none, .measure: bases.append(next)
      case .minus(let left, let right), .over(let left, let right):
        open.append(Base(name: right, isReversed: !next.isReversed))
        open.append(Base(name: left, isReversed: next.isReversed))
      }
    }
    return bases
  }

  /// Traits with all that they are made of, each once.
  func withParts(_ traits: [String]) -> [String] {
    var seen: Set<String> = []
    var open = Array(traits.reversed())
    var found: [String] = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      found.append(next)
      open += (formulas[next].map { TraitDefinition(name: next, formula: $0).parts } ?? []).reversed()
    }
    return found
  }

  /// The keys of those that keep people out: by its `unless`, then by the policy.
  func suppressors(of audience: AudienceDefinition) -> [String] {
    audience.unless + policySuppressors(of: audience).filter { !audience.unless.contains($0) }
  }

  func policySuppressors(of audience: AudienceDefinition) -> [String] {
    let policy = project.policy.suppression
    guard let purpose = audience.purpose, purpose != .suppress, policy.purposes.contains(purpose) else { return [] }
    return policy.audiences
  }

  /// The group of an audience, and who comes before and after it there.
  func group(of key: String) -> (name: String, before: [String], after: [String])? {
    for group in project.policy.groups {
      guard let place = group.audiences.firstIndex(of: key) else { continue }
      return (group.name, Array(group.audiences[..<place]), Array(group.audiences[(place + 1)...]))
    }
    return nil
  }
}
