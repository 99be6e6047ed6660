public import Events

/// All definitions of a shop, compiled into tables: an event costs what it touches, not what is defined.
///
/// An event's number leads to the selectors that look at it, a selector to the cells that it feeds, a cell to the
/// leaves that read it, a leaf to the audiences that use it. Selectors, cells and leaves that mean the same are one.
public final class Plan: Sendable {
  /// The audiences in the order in which their changes come: those that a condition asks for before the one that asks,
  /// then by key.
  public let audiences: [PlannedAudience]
  /// Which events are looked at.
  public let selectors: [Selector]
  /// What is kept of each profile.
  public let cells: [Cell]
  /// The traits that are asked for.
  public let traits: [PlannedTrait]
  /// The traits that are identifiers, by `IdentifierKind`.
  public let identifiers: [Int]
  /// What goes with changes to ad platforms; asked for nobody where no audience goes to one.
  public let consent: Consent
  /// The audiences that go to ad platforms.
  public let audiencesToAds: [Int]
  /// What is asked of the profiles.
  public let leaves: [Leaf]
  /// The leaves that are read from what `identify` sets.
  public let leavesOfTraits: [Int]
  /// When audiences and holdouts end.
  public let endings: [Ending]
  /// Whether any audience has a holdout.
  public let hasHoldouts: Bool
  /// For each event of the taxonomy, by its number: the selectors that look at it.
  public let selectorsOfEvent: [[Int]]
  /// For each event of the taxonomy, by its number: where the value stands that tells repeats of it.
  public let uniqueOfEvent: [[UInt16]?]
  /// The canonical names of the events, by their numbers.
  public let eventNames: [String]
  /// The properties that definitions ask for.
  public let names: PropertyNames
  /// What the definitions were compiled with.
  public let taxonomy: Taxonomy
  /// What holds across audiences.
  public let policy: Policy
  /// Stands for what each cell means, by its number.
  public let cellHashes: [UInt64]
  /// Stands for everything that the state of profiles depends on: cells, their order, the audiences' keys, versions
  /// and logic, and the events that have a `unique` value, by their numbers.
  public let hash: UInt64
  /// The texts that selectors and leaves compare with.
  private let literals: Literals

  /// Compiles definitions, which have been read without an error.
  public init(
    _ definitions: [AudienceDefinition], taxonomy: Taxonomy, traits: [TraitDefinition] = [], policy: Policy = Policy()
  ) {
    var compiler = PlanCompiler(taxonomy: taxonomy, traits: traits, policy: policy)
    let planned = compiler.audiences(DependencyOrder.of(definitions))
    audiences = planned
    audiencesToAds = planned.indices.filter { !planned[$0].definition.to.ads.isEmpty }
    identifiers = IdentifierKind.allCases.map { compiler.identifier($0) }
    consent =
      audiencesToAds.isEmpty
      ? Consent(userData: nil, personalization: nil)
      : Consent(
        userData: compiler.consent(to: Consent.userDataUse),
        personalization: compiler.consent(to: Consent.personalizationUse))
    literals = compiler.literals
    selectors = compiler.selectors
    cells = compiler.cells
    self.traits = compiler.traits
    leaves = compiler.leaves
    leavesOfTraits = compiler.leaves.indices.filter { number in
      if case .trait(let trait, _) = compiler.leaves[number].question {
        compiler.traits[trait].readsProfile
      } else {
        false
      }
    }
    endings = planned.indices.flatMap { Ending.all(of: planned[$0].definition, number: $0) }
    hasHoldouts = planned.contains { $0.definition.holdout != nil }
    uniqueOfEvent = taxonomy.events.map { event in
      event.unique.flatMap(PropertyPath.init).map { compiler.names.path($0) }
    }
    names = compiler.names
    eventNames = taxonomy.events.map(\.name)
    selectorsOfEvent = taxonomy.events.indices.map { event in
      compiler.selectors.indices.filter { compiler.selectors[$0].events.contains(event) }
    }
    self.taxonomy = taxonomy
    self.policy = policy
    cellHashes = compiler.cells.map(\.hash)
    let traitHashes = compiler.traits.enumerated().map { StableText.hash("trait \($0) \($1.name)") }
    hash = (cellHashes + planned.map(\.hash) + traitHashes + Self.uniqueHashes(taxonomy))
      .reduce(UInt64(policy.entries)) { Hash64.mix($0, $1) }
  }

  /// Compiles a project.
  public convenience init(_ project: Project) {
    self.init(project.audiences, taxonomy: project.taxonomy, traits: project.traits, policy: project.policy)
  }

  /// Stand for the events whose values are remembered: profiles have these under the events' numbers.
  private static func uniqueHashes(_ taxonomy: Taxonomy) -> [UInt64] {
    taxonomy.events.enumerated().compactMap { number, event in
      event.unique.map { StableText.hash("unique \(number) \(event.name) \($0)") }
    }
  }

  /// How many 64-bit words hold a bit for each leaf.
  public var leafWords: Int { (leaves.count + 63) / 64 }

  /// How many 64-bit words tell of a profile's audiences: eligible, in, and held out where any has a holdout.
  public var statusWords: Int { audienceWords * (hasHoldouts ? 3 : 2) }

  /// How many 64-bit words hold a bit for each audience.
  public var audienceWords: Int { (audiences.count + 63) / 64 }
}

/// Which events feed a cell.
public struct Selector: Sendable {
  /// The events' numbers in the taxonomy.
  public let events: Set<Int>
  /// Every one must hold of the event's properties.
  public let filter: [ValueTest]
  /// The cells that it feeds, each for itself.
  public internal(set) var cells: [Int]
  /// The stories that its events belong in: a cell, and the bit of the role that they play.
  public internal(set) var stories: [(cell: Int, role: UInt16)]
}
