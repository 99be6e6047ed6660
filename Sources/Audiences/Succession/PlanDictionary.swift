public import Events

/// What the numbers in the states of profiles mean under one plan. It is kept beside the states, so that they can be
/// understood when the definitions are others.
///
/// Meanings are hashes: they are the same wherever, in whatever order and under whatever name the same is asked.
public struct PlanDictionary: Sendable, Equatable {
  /// Stands for the plan.
  public var planHash: UInt64
  /// Whether states tell who is held out.
  public var hasHoldouts: Bool
  /// What each cell means, and how much is kept of it; by number.
  public var cells: [KnownCell]
  /// What each trait means whose values are kept; 0 for those that are worked out. By number.
  public var traits: [UInt64]
  /// The events whose `unique` values are kept.
  public var uniques: [Unique]
  /// The audiences, by number.
  public var audiences: [KnownAudience]
  /// The keys of audiences that were there before; their numbers follow those of the audiences. Profiles keep how often
  /// they changed in them: whoever reads changes takes one that counts from 1 again for an old one.
  public var departed: [String]

  /// An event whose `unique` values are kept.
  public struct Unique: Sendable, Equatable {
    /// Its number in the taxonomy.
    public var event: Int
    /// Stands for its name, how it is read, and the property.
    public var meaning: UInt64

    /// An event of that number and meaning.
    public init(event: Int, meaning: UInt64) {
      self.event = event
      self.meaning = meaning
    }
  }

  /// A dictionary made of its parts.
  public init(
    planHash: UInt64, hasHoldouts: Bool, cells: [KnownCell], traits: [UInt64], uniques: [Unique],
    audiences: [KnownAudience], departed: [String]
  ) {
    self.planHash = planHash
    self.hasHoldouts = hasHoldouts
    self.cells = cells
    self.traits = traits
    self.uniques = uniques
    self.audiences = audiences
    self.departed = departed
  }

  /// What the numbers of a plan mean.
  public init(_ plan: Plan, departed: [String] = []) {
    let meanings = PlanMeanings(plan)
    self.init(
      planHash: plan.hash, hasHoldouts: plan.hasHoldouts,
      cells: plan.cells.indices.map { KnownCell(plan.cells[$0], meaning: meanings.cell($0)) },
      traits: plan.traits.map { meanings.trait($0) }, uniques: meanings.uniques,
      audiences: plan.audiences.indices.map { KnownAudience(plan, $0, logic: meanings.logic[$0]) }, departed: departed)
  }

  /// How many 64-bit words tell of a profile's audiences: see ``Plan/statusWords``.
  public var statusWords: Int { audienceWords * (hasHoldouts ? 3 : 2) }

  /// How many 64-bit words hold a bit for each audience.
  public var audienceWords: Int { (audiences.count + 63) / 64 }

  /// How states call a plan of that meaning, whatever is told of its audiences and whoever departed before: the first bits
  /// of a hash, and not 0.
  public var number: UInt32 {
    var hash: UInt64 = hasHoldouts ? 1 : 2
    func add(_ word: UInt64) { hash = Hash64.mix(hash, word) }
    add(UInt64(cells.count))
    for cell in cells {
      add(cell.meaning)
      add(UInt64(bitPattern: cell.most))
      add(UInt64(bitPattern: cell.maxAgeMs))
    }
    add(UInt64(traits.count))
    traits.forEach(add)
    for unique in uniques {
      add(UInt64(unique.event))
      add(unique.meaning)
    }
    for audience in audiences {
      add(StableText.hash(audience.key))
      add(audience.logic)
      add(audience.arbitration)
      add(UInt64(bitPattern: audience.retireOn?.ms ?? .max))
      add(audience.to.warehouse == .all ? 1 : 0)
      for name in audience.to.ads { add(StableText.hash("ads \(name)")) }
      for name in audience.to.analytics { add(StableText.hash("analytics \(name)")) }
    }
    return max(1, UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// Whether states of the other one mean the same under this one, and everybody is in the same audiences.
  public func isEquivalent(to other: PlanDictionary) -> Bool {
    func silent(_ dictionary: PlanDictionary) -> PlanDictionary {
      var dictionary = dictionary
      dictionary.planHash = 0
      for index in dictionary.audiences.indices { dictionary.audiences[index].telling = KnownAudience.Telling() }
      return dictionary
    }
    return silent(self) == silent(other)
  }
}

/// A cell as the states of profiles know it.
public struct KnownCell: Sendable, Equatable {
  /// Stands for what is kept of which events, and how these are read.
  public var meaning: UInt64
  /// How far it counts, or how many of the newest events it keeps; 0 where its meaning says how many.
  public var most: Int64
  /// How old an event may become, in milliseconds; the largest number where it may be of any age.
  public var maxAgeMs: Int64

  /// A cell made of its parts.
  public init(meaning: UInt64, most: Int64, maxAgeMs: Int64) {
    self.meaning = meaning
    self.most = most
    self.maxAgeMs = maxAgeMs
  }

  init(_ cell: Cell, meaning: UInt64) {
    self.meaning = meaning
    (most, maxAgeMs) = (0, .max)
    switch cell.keeping {
    case .counter(let cap): most = cap
    case .latest(let count): most = Int64(count)
    case .all(let maxAge, _): maxAgeMs = maxAge?.ms ?? .max
    case .story: maxAgeMs = cell.story?.maxAge?.ms ?? .max
    case .sum, .min, .max, .earliest: break
    }
  }

  /// Whether it has all that another cell of its meaning has.
  func covers(_ other: KnownCell) -> Bool { most >= other.most && maxAgeMs >= other.maxAgeMs }
}

/// An audience as the states of profiles know it, with what is needed to tell that somebody leaves it when its file is
/// gone.
public struct KnownAudience: Sendable, Equatable {
  /// The file's name.
  public var key: String
  /// Stands for what decides who is eligible, apart from `retire_on`: all that it depends on is in it.
  public var logic: UInt64
  /// Stands for what keeps out who is eligible: suppression, groups, holdout.
  public var arbitration: UInt64
  /// From then on nobody is eligible.
  public var retireOn: Instant?
  /// Who is told of its changes; in order.
  public var to: AudienceDestinations
  /// What its changes say.
  public var telling: Telling

  /// What an audience's changes say of it.
  public struct Telling: Sendable, Equatable {
    /// What people call it.
    public var name = ""
    /// Its version.
    public var version = 0
    /// What it is used for.
    public var purpose: String?
    /// What an exit is called, instead of `Audience Exited`.
    public var exitEvent: String?

    /// What changes say of an audience.
    public init(name: String = "", version: Int = 0, purpose: String? = nil, exitEvent: String? = nil) {
      self.name = name
      self.version = version
      self.purpose = purpose
      self.exitEvent = exitEvent
    }
  }

  /// An audience made of its parts.
  public init(
    key: String, logic: UInt64, arbitration: UInt64, retireOn: Instant?, to: AudienceDestinations, telling: Telling
  ) {
    self.key = key
    self.logic = logic
    self.arbitration = arbitration
    self.retireOn = retireOn
    self.to = to.sorted
    self.telling = telling
  }

  init(_ plan: Plan, _ number: Int, logic: UInt64) {
    let audience = plan.audiences[number]
    let definition = audience.definition
    func keys(_ numbers: [Int]) -> [String] { numbers.map { LogicText.quoted(plan.audiences[$0].definition.key) } }
    let holdout = definition.holdout.map { "\($0.hundredths) \(LogicText.quoted($0.salt)) \($0.until?.ms ?? .max)" }
    self.init(
      key: definition.key, logic: logic,
      arbitration: StableText.hash("\(keys(audience.suppressors)) \(keys(audience.superiors)) \(holdout ?? "")"),
      retireOn: definition.retireOn, to: definition.to,
      telling: Telling(
        name: definition.name, version: definition.version, purpose: definition.purpose?.rawValue,
        exitEvent: definition.exitEvent))
  }
}
