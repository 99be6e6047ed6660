/// The definitions, made ready: what they select numbered, so that what an event is to each need be told only once.
struct Rulings: Sendable {
  /// In the order in which they are evaluated, and in which changes of one profile at one instant come.
  let audiences: [ReadyAudience]
  let traits: [ReadyTrait]
  let selections: [ReadySelection]
  /// The groups of the policy, as places in `audiences`.
  let groups: [[Int]]
  /// The time traits that something waits for, and the distances from their times that matter.
  let timeTraits: [(source: TraitSource, offsetsMs: [Int64])]
  /// Instants at which audiences retire and holdouts end.
  let fixedInstantsMs: [Int64]
  /// Where phone numbers are dialled of which a record does not say it.
  let region: String?

  init(
    _ definitions: [Definition], traits computed: [ComputedTrait], policy: Policy, names: Names
  ) throws(OutOfScope) {
    region = policy.region
    var bench = Workbench(names: names, traitPlaces: [:])
    for (place, trait) in computed.enumerated() { bench.traitPlaces[Text(trait.name)] = place }
    traits = computed.map { bench.ready($0.formula) }
    let ordered = try Self.ordered(definitions)
    for (place, definition) in ordered.enumerated() { bench.audiencePlaces[definition.key] = place }
    var audiences: [ReadyAudience] = []
    for definition in ordered {
      let suppressors = try bench.places(of: definition.unless + policy.suppressors(of: definition))
      let condition = try bench.ready(definition.when)
      audiences.append(ReadyAudience(definition: definition, condition: condition, suppressors: suppressors))
    }
    self.audiences = audiences
    var groups: [[Int]] = []
    for group in policy.groups { groups.append(try bench.places(of: group.audiences)) }
    self.groups = groups
    selections = bench.selections
    timeTraits = bench.timeTraits
    fixedInstantsMs = definitions.flatMap { [$0.retireOnMs, $0.holdout?.untilMs].compactMap { $0 } }
  }

  /// In dependency order: again and again the smallest key of those whose dependencies have all been taken. Only
  /// `audience:` makes dependencies: eligibility does not depend on `unless`, the policy or groups.
  private static func ordered(_ definitions: [Definition]) throws(OutOfScope) -> [Definition] {
    var rest = definitions.sorted { Text($0.key) < Text($1.key) }
    var ordered: [Definition] = []
    while !rest.isEmpty {
      let waiting = Set(rest.map(\.key))
      guard let next = rest.firstIndex(where: { $0.when.audiences.isDisjoint(with: waiting) }) else {
        throw OutOfScope(what: "audiences that depend on one another in a circle")
      }
      ordered.append(rest.remove(at: next))
    }
    return ordered
  }
}

extension Policy {
  /// It never applies to an audience of purpose `suppress`; one without a purpose is listed nowhere. By the letter, an
  /// audience of a suppressed purpose that stands in the list suppresses itself.
  fileprivate func suppressors(of definition: Definition) -> [String] {
    guard let purpose = definition.purpose, purpose != .suppress, suppressedPurposes.contains(purpose) else {
      return []
    }
    return suppressors
  }
}

/// An audience with what it refers to found.
struct ReadyAudience: Sendable {
  let definition: Definition
  let condition: ReadyCondition
  /// Places of the audiences that suppress it, in the order listed: `unless`, then the policy's.
  let suppressors: [Int]

  var key: String { definition.key }
}

/// Where a trait's values come from. A computed trait hides an `identify` trait of its name.
enum TraitSource: Sendable {
  case computed(Int)
  case identified(Text)
}

/// A computed trait with what it refers to found.
enum ReadyTrait: Sendable {
  case measured(ReadySelection)
  case difference(TraitSource, TraitSource)
  case ratio(TraitSource, TraitSource)
}

/// A condition with what it refers to found.
indirect enum ReadyCondition: Sendable {
  case all([ReadyCondition])
  case any([ReadyCondition])
  case not(ReadyCondition)
  case event(ReadySelection, Predicate?)
  case trait(TraitSource, TraitTest)
  case audience(Int)

  /// Whether it holds at a moment.
  func holds(at moment: Moment) -> Bool {
    switch self {
    case .all(let parts): parts.allSatisfy { $0.holds(at: moment) }
    case .any(let parts): parts.contains { $0.holds(at: moment) }
    case .not(let part): !part.holds(at: moment)
    case .event(let selection, let wanted): selection.holds(wanted, at: moment)
    case .trait(let source, let test): test.holds(for: moment.values(of: source), at: moment.nowMs)
    case .audience(let place): moment.isEligible[place]
    }
  }
}

/// Gathers what definitions and traits share while they are made ready.
private struct Workbench {
  let names: Names
  var traitPlaces: [Text: Int]
  var audiencePlaces: [String: Int] = [:]
  var selections: [ReadySelection] = []
  var timeTraits: [(source: TraitSource, offsetsMs: [Int64])] = []

  func place(of key: String) throws(OutOfScope) -> Int {
    guard let place = audiencePlaces[key] else { throw OutOfScope(what: "'\(key)', which no audience is called") }
    return place
  }

  func places(of keys: [String]) throws(OutOfScope) -> [Int] {
    var places: [Int] = []
    for key in keys { places.append(try place(of: key)) }
    return places
  }

  func source(of trait: String) -> TraitSource {
    traitPlaces[Text(trait)].map(TraitSource.computed) ?? .identified(Text(trait))
  }

  mutating func ready(_ condition: Condition) throws(OutOfScope) -> ReadyCondition {
    switch condition {
    case .all(let parts): return .all(try ready(parts))
    case .any(let parts): return .any(try ready(parts))
    case .not(let part): return .not(try ready(part))
    case .event(let leaf): return .event(selection(leaf, leaf.measure?.figure ?? .count), leaf.measure?.wanted)
    case .audience(let key): return .audience(try place(of: key))
    case .trait(let name, let test):
      if !test.offsetsMs.isEmpty { timeTraits.append((source(of: name), test.offsetsMs)) }
      return .trait(source(of: name), test)
    }
  }

  private mutating func ready(_ parts: [Condition]) throws(OutOfScope) -> [ReadyCondition] {
    var ready: [ReadyCondition] = []
    for part in parts { ready.append(try self.ready(part)) }
    return ready
  }

  mutating func ready(_ formula: ComputedTrait.Formula) -> ReadyTrait {
    switch formula {
    case .measured(let leaf, let figure): .measured(selection(leaf, figure))
    case .difference(let left, let right): .difference(source(of: left), source(of: right))
    case .ratio(let left, let right): .ratio(source(of: left), source(of: right))
    }
  }

  private mutating func selection(_ leaf: Leaf, _ figure: Figure) -> ReadySelection {
    let selection = ReadySelection(leaf, figure, names, number: selections.count)
    selections.append(selection)
    return selection
  }
}
