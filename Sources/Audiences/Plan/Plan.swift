public import Events

/// All definitions of a shop, compiled into tables: an event costs what it touches, not what is defined.
///
/// An event's number leads to the selectors that look at it, a selector to the cells that it feeds, a cell to the
/// leaves that read it, a leaf to the audiences that use it. Selectors, cells and leaves that mean the same are one.
public final class Plan: Sendable {
  /// The audiences in the order in which their changes come: by key.
  public let audiences: [PlannedAudience]
  /// Which events are looked at.
  public let selectors: [Selector]
  /// What is kept of each profile.
  public let cells: [Cell]
  /// What is asked of the cells.
  public let leaves: [Leaf]
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

  /// Compiles definitions, which have been read without an error.
  public init(_ definitions: [AudienceDefinition], taxonomy: Taxonomy, policy: Policy = Policy()) {
    var compiler = PlanCompiler(taxonomy: taxonomy, limit: policy.entries)
    var planned: [PlannedAudience] = []
    for definition in definitions.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
      planned.append(compiler.audience(definition, number: planned.count))
    }
    audiences = planned
    selectors = compiler.selectors
    cells = compiler.cells
    leaves = compiler.leaves
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
    hash = (cellHashes + planned.map(\.hash) + Self.uniqueHashes(taxonomy)).reduce(UInt64(policy.entries)) {
      Hash64.mix($0, $1)
    }
  }

  /// Stand for the events whose values are remembered: profiles have these under the events' numbers.
  private static func uniqueHashes(_ taxonomy: Taxonomy) -> [UInt64] {
    taxonomy.events.enumerated().compactMap { number, event in
      event.unique.map { StableText.hash("unique \(number) \(event.name) \($0)") }
    }
  }

  /// How many 64-bit words hold a bit for each leaf.
  public var leafWords: Int { (leaves.count + 63) / 64 }

  /// How many 64-bit words hold a bit for each audience.
  public var audienceWords: Int { (audiences.count + 63) / 64 }
}

/// An audience as the engine sees it.
public struct PlannedAudience: Sendable {
  /// What its file says.
  public let definition: AudienceDefinition
  /// The condition as a walk from leaf to leaf.
  public let decisions: [Decision]
  /// Where the walk begins: an index of `decisions`, or `Decision.yes` or `.no`.
  public let start: Int32
  /// Stands for its key, version and logic.
  public let hash: UInt64
}

/// One step of a condition: ask a leaf, go on to where its answer leads.
public struct Decision: Sendable {
  /// The leaf that is asked.
  public let leaf: Int32
  /// Where to go on: an index of the audience's decisions, or `yes` or `no`.
  public let whenTrue: Int32
  /// Where to go on otherwise.
  public let whenFalse: Int32

  /// The end of the walk: the condition holds.
  public static let yes: Int32 = -1
  /// The end of the walk: it does not.
  public static let no: Int32 = -2
}

/// Which events feed a cell.
public struct Selector: Sendable {
  /// The events' numbers in the taxonomy.
  public let events: Set<Int>
  /// Every one must hold of the event's properties.
  public let filter: [ValueTest]
  /// The cells that it feeds.
  public internal(set) var cells: [Int]
}
