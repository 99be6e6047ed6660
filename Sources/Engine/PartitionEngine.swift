public import Audiences
public import Events

/// The profiles of one partition, and who of them is in which audience.
public struct PartitionEngine: ~Copyable {
  /// What is asked of the profiles.
  public let plan: Plan
  /// The instant up to which everything has happened.
  public internal(set) var clock = Instant.distantPast
  /// What has changed since it was last cleared; `Change.profile` is valid until the next record is applied.
  public internal(set) var changes = ChangeBuffer()
  /// What was counted on the way.
  public internal(set) var counts = EngineCounts()

  let tables: PlanTables
  var profiles: ProfileTable
  var due = DueQueue()
  let emptyLeaves: [UInt64]

  /// Whether profiles may lie outside memory, in a store beside the engine.
  let hasStore: Bool
  var postponements = Postponements()
  /// How many profiles lie in the store only; who has moved into another one is none.
  var coldCount = 0
  /// Hashes under which the store was found to have nobody, while a record is prepared.
  var absent: [UInt64] = []
  var taken = Taken()

  /// Whether the engine reads the log again for another that goes on meanwhile: nobody is told who is in.
  let isFilling: Bool
  /// How profiles of a former plan go on.
  let succession: Succession?
  /// Whether the profile at hand is looked at for the first time since it was adopted.
  var isSettlingSuccession = false
  var stateDraft = StateDraft()

  // What an event, or an instant, has touched and is not answered yet.
  var touchedCells: BitScratch
  var touchedLeaves: BitScratch
  var touchedTraits = false
  var affectedAudiences: BitScratch
  var unsettled: BitScratch

  // Room to work in.
  var values = Values()
  var identifierReader: IdentifierReader
  var words = GrowingTable<UInt64>(capacity: 64)
  var cast: [(cell: Int, roles: UInt16)] = []
  var story = StoryScratch()
  var draft = SlotDraft()
  /// Why eligibility changed at the evaluation at hand, by audience.
  let reasons: UnsafeMutablePointer<Change.Reason>
  /// Who was eligible before it.
  let formerlyEligible: UnsafeMutablePointer<UInt64>

  /// An engine without profiles.
  ///
  /// - Parameter hasStore: whether a store beside the engine has the profiles that are not in memory; without one, all
  ///   are in memory.
  /// - Parameter isFilling: whether it only keeps up who would be eligible, and tells no changes: what it comes to is
  ///   adopted by another engine.
  /// - Parameter succession: how profiles of a former plan go on under this one, for an engine that adopts them.
  /// - Precondition: the plan's definitions are not refused (`Plan.refusal`): a part's tag has 16 bits.
  public init(plan: Plan, hasStore: Bool = false, isFilling: Bool = false, succession: Succession? = nil) {
    precondition(succession == nil || succession?.plan === plan, "a succession of another plan")
    precondition(
      plan.cells.count <= Plan.mostCells && plan.eventNames.count <= Plan.mostEvents
        && plan.audiences.count <= Plan.mostAudiences, "a plan that Plan.refusal refuses")
    self.plan = plan
    self.hasStore = hasStore
    self.isFilling = isFilling
    self.succession = succession
    tables = PlanTables(plan)
    identifierReader = IdentifierReader(region: plan.policy.region)
    profiles = ProfileTable(
      ProfileLayout(leafWords: plan.leafWords, audienceWords: plan.audienceWords, hasControls: plan.hasHoldouts),
      hasStore: hasStore)
    touchedCells = BitScratch(count: plan.cells.count)
    touchedLeaves = BitScratch(count: plan.leaves.count)
    affectedAudiences = BitScratch(count: plan.audiences.count)
    unsettled = BitScratch(count: plan.audiences.count)
    reasons = .allocate(capacity: max(plan.audiences.count, 1))
    reasons.initialize(repeating: .expired, count: max(plan.audiences.count, 1))
    formerlyEligible = .allocate(capacity: max(plan.audienceWords, 1))
    formerlyEligible.initialize(repeating: 0, count: max(plan.audienceWords, 1))
    var empty = Array(repeating: UInt64(0), count: plan.leafWords)
    for (number, leaf) in plan.leaves.enumerated() where leaf.whenEmpty { empty[number >> 6] |= 1 << (number & 63) }
    emptyLeaves = empty
  }

  deinit {
    reasons.deallocate()
    formerlyEligible.deallocate()
  }

  /// How many profiles there are, in memory or not.
  public var profileCount: Int { profiles.count + coldCount }

  /// How many bytes the profiles in memory take, with what finding them and all due instants takes.
  public var memoryBytes: Int { profiles.memoryBytes + due.memoryBytes + postponements.memoryBytes }

  /// How many bytes each profile in memory takes for itself; what finds it is in `memoryBytes` besides.
  public var profileBytes: [Int] { profiles.blockBytes }

  /// The first instant at which time alone can change something; `never` where there is none.
  public var nextDue: Instant { due.firstAt }
}

/// What an engine counts.
public struct EngineCounts: Sendable {
  /// Nothing counted yet.
  public init() {}

  /// Records applied.
  public internal(set) var applied = 0
  /// Records dropped because their `messageId` had come before.
  public internal(set) var duplicates = 0
  /// Events dropped because their `unique` value had come before.
  public internal(set) var repeatedEvents = 0
  /// Records whose time lay before the clock.
  public internal(set) var late = 0
  /// Entries given up because one measure held more than `limits.entries`.
  public internal(set) var entriesDropped = 0
  /// Profiles that moved into another one.
  public internal(set) var merged = 0
  /// Records that merge profiles of two partitions: they were left where they are.
  public internal(set) var unmerged = 0
  /// Profiles that were erased.
  public internal(set) var erased = 0
  /// Changes of statuses.
  public internal(set) var changes = 0
  /// E-mail addresses stated that are none.
  public internal(set) var emailsDropped = 0
  /// Phone numbers stated that are none.
  public internal(set) var phonesDropped = 0
}

extension EngineCounts {
  /// What two engines counted together.
  public static func + (a: EngineCounts, b: EngineCounts) -> EngineCounts {
    var sum = a
    sum.applied += b.applied
    sum.duplicates += b.duplicates
    sum.repeatedEvents += b.repeatedEvents
    sum.late += b.late
    sum.entriesDropped += b.entriesDropped
    sum.merged += b.merged
    sum.unmerged += b.unmerged
    sum.erased += b.erased
    sum.changes += b.changes
    sum.emailsDropped += b.emailsDropped
    sum.phonesDropped += b.phonesDropped
    return sum
  }
}
