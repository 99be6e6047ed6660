public import Events

/// How states that were kept under one plan go on under another: what is still good, under which number, what is new,
/// and who is told that an audience is no more.
public final class Succession: Sendable {
  /// What the numbers in the states mean.
  public let former: PlanDictionary
  /// The plan of today.
  public let plan: Plan
  /// What its numbers mean.
  public let dictionary: PlanDictionary
  /// For each former cell: its number today, where it is still asked for.
  public let cells: [Int?]
  /// For each cell of today: where it comes from.
  public let origins: [CellOrigin]
  /// For each former trait: its number today, where its values are kept still.
  public let traits: [Int?]
  /// For each trait of today: whether values of it are kept that were not before.
  public let isNewTrait: [Bool]
  /// The former numbers of events whose `unique` values are still good, with those of today.
  public let uniques: [(former: Int, now: Int)]
  /// For each former audience, and for those departed before: its number today, or that of a departed one.
  public let audiences: [Int?]
  /// For each audience of today: whether eligibility, and how long it has lasted, goes on.
  public let inherits: [Bool]
  /// Audiences whose members are told that they leave, though nobody asks any more whether they do.
  public let farewells: [Farewell]
  /// The audiences of today whose members have to be told to somebody who was not told of them before.
  public let introductions: [Introduction]
  /// Whether something is new that only the log can tell: it must be read from its start.
  public let needsLog: Bool

  /// Where a cell comes from.
  public enum CellOrigin: Sendable {
    /// All that it keeps was kept before.
    case kept
    /// Less was kept before: the rest is in the log.
    case widened
    /// Only the log knows it.
    case new
  }

  /// An audience that is no more, or that somebody is no longer told of.
  public struct Farewell: Sendable {
    /// Its number in the states.
    public let former: Int
    /// Its number today; that of a departed one where it is gone.
    public let now: Int
    /// What it was.
    public let audience: KnownAudience
    /// Who is told that its members leave.
    public let to: AudienceDestinations
  }

  /// An audience that somebody is told of from now on.
  public struct Introduction: Sendable {
    /// Its number today.
    public let audience: Int
    /// Who is told of its members.
    public let to: AudienceDestinations
  }

  /// How states of a dictionary go on under a plan.
  ///
  /// - Parameter clock: where the clock of the states stands when they go on: since an audience was retired it has not been
  ///   what it would have been. So after the log was read, the succession is to be made again.
  public init(from former: PlanDictionary, to plan: Plan, at clock: Instant) {
    let keys = former.audiences.map(\.key) + former.departed
    let today = Set(plan.audiences.map { ExactText($0.definition.key) })
    // Numbers of audiences have 16 bits: of too many, those are forgotten that departed first.
    let gone = (former.departed + former.audiences.map(\.key)).filter { !today.contains(ExactText($0)) }
    let departed = gone.suffix(Plan.mostAudiences - plan.audiences.count)
    let dictionary = PlanDictionary(plan, departed: Array(departed))
    self.former = former
    self.plan = plan
    self.dictionary = dictionary
    let cells = Self.places(of: former.cells.map(\.meaning), in: dictionary.cells.map(\.meaning))
    self.cells = cells
    origins = Self.origins(former, dictionary, cells)
    traits = Self.places(of: former.traits, in: dictionary.traits)
    isNewTrait = Self.areNew(dictionary.traits, former.traits)
    uniques = former.uniques.compactMap { unique in
      dictionary.uniques.first { $0.meaning == unique.meaning }.map { (unique.event, $0.event) }
    }
    let numbers = Self.numbers(dictionary)
    audiences = keys.map { numbers[ExactText($0)] }
    let inherits = Self.inherits(former, dictionary, plan, clock)
    self.inherits = inherits
    let known = former.audiences.enumerated().compactMap { number, audience in
      numbers[ExactText(audience.key)].map { (former: number, now: $0, audience: audience) }
    }
    func toldToday(of number: Int) -> AudienceDestinations {
      number < plan.audiences.count ? dictionary.audiences[number].to : AudienceDestinations()
    }
    farewells = known.compactMap { former in
      let to = former.audience.to.without(toldToday(of: former.now))
      // The count of changes goes on, told or not, so an audience that is gone always says farewell.
      if to.isEmpty && former.now < plan.audiences.count { return nil }
      return Farewell(former: former.former, now: former.now, audience: former.audience, to: to)
    }
    introductions = known.compactMap { former in
      let to = toldToday(of: former.now).without(former.audience.to)
      return to.isEmpty ? nil : Introduction(audience: former.now, to: to)
    }
    needsLog =
      origins.contains { $0 != .kept } || isNewTrait.contains(true) || uniques.count < dictionary.uniques.count
      || plan.audiences.indices.contains { !inherits[$0] && plan.audiences[$0].spell != nil }
  }

  /// Whether nothing is to be done: states mean what they meant, and nobody's membership changes.
  public var isIdle: Bool { dictionary.isEquivalent(to: former) }

  private static func places(of former: [UInt64], in today: [UInt64]) -> [Int?] {
    let (known, places) = (places(of: former), places(of: today))
    return former.map { known[$0] == nil ? nil : places[$0] }
  }

  private static func origins(
    _ former: PlanDictionary, _ today: PlanDictionary, _ cells: [Int?]
  ) -> [CellOrigin] {
    var origins = today.cells.map { _ in CellOrigin.new }
    for (number, now) in cells.enumerated() {
      if let now { origins[now] = former.cells[number].covers(today.cells[now]) ? .kept : .widened }
    }
    return origins
  }

  private static func areNew(_ today: [UInt64], _ former: [UInt64]) -> [Bool] {
    let (known, places) = (places(of: former), places(of: today))
    return today.map { $0 != 0 && (known[$0] == nil || places[$0] == nil) }
  }

  /// Where each meaning stands. One that stands twice would be no meaning: it is as good as unknown.
  private static func places(of meanings: [UInt64]) -> [UInt64: Int] {
    var places: [UInt64: Int] = [:]
    var ambiguous: Set<UInt64> = [0]
    for (number, meaning) in meanings.enumerated() {
      if places.updateValue(number, forKey: meaning) != nil { ambiguous.insert(meaning) }
    }
    return places.filter { !ambiguous.contains($0.key) }
  }

  private static func numbers(_ dictionary: PlanDictionary) -> [ExactText: Int] {
    let keys = dictionary.audiences.map(\.key) + dictionary.departed
    return Dictionary(keys.enumerated().map { (ExactText($1), $0) }) { first, _ in first }
  }

  /// An audience goes on where what decides who is eligible for it is the same, with all that it depends on.
  private static func inherits(
    _ former: PlanDictionary, _ today: PlanDictionary, _ plan: Plan, _ clock: Instant
  ) -> [Bool] {
    let known = Dictionary(former.audiences.map { (ExactText($0.key), $0) }) { first, _ in first }
    var inherits = today.audiences.map { audience in
      known[ExactText(audience.key)].map { $0.logic == audience.logic && retires(audience, like: $0, clock) } ?? false
    }
    for number in plan.audiences.indices where !inherits[number] {
      for dependent in plan.audiences[number].dependents { inherits[dependent] = false }
    }
    return inherits
  }

  /// Nobody was eligible from the one instant on, and nobody will be from the other on: it is the same as long as the clock
  /// has passed neither.
  private static func retires(_ audience: KnownAudience, like other: KnownAudience, _ clock: Instant) -> Bool {
    let (one, two) = (audience.retireOn ?? .never, other.retireOn ?? .never)
    return one == two || min(one, two) > clock
  }
}
