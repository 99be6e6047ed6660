internal import Audiences
internal import Events

/// The plan as the engine walks it for each event: rows of plain numbers, those that belong together side by side.
///
/// What costs more than a look (filters, `having`, tests other than a threshold) stays in the plan, and is asked for
/// only where a row says that there is something to ask.
struct PlanTables: ~Copyable {
  let selectorsOfEvent: RowTable<Span>
  let selectors: RowTable<SelectorRow>
  let cellsOfSelectors: RowTable<Int32>
  let storyRoles: RowTable<StoryRoleRow>
  let cells: RowTable<CellRow>
  let leaves: RowTable<LeafRow>
  /// The leaves that cells have besides their plain ones.
  let leafNumbers: RowTable<Int32>
  let dependents: RowTable<Int32>
  let audiences: RowTable<AudienceRow>
  let decisions: RowTable<DecisionRow>
  /// Those that leaves, audiences and their statuses lead to.
  let audienceNumbers: RowTable<Int32>
  /// The tests of the plain leaves, for those that are more than a threshold.
  let tests: UnsafeMutablePointer<NumberTest>
  private let testCount: Int
  private let selectorNumbers: RowTable<Int32>

  /// Neighbouring rows of another table.
  struct Span: BitwiseCopyable {
    var from: Int32
    var to: Int32

    var range: Range<Int> { Int(from)..<Int(to) }
  }

  /// A selector's cells and stories, and whether there is a filter to ask.
  struct SelectorRow: BitwiseCopyable {
    var cells: Span
    var stories: Span
    var hasFilter: Bool
  }

  /// A part that a selector's events play.
  struct StoryRoleRow: BitwiseCopyable {
    var cell: Int32
    var role: UInt16
  }

  init(_ plan: Plan) {
    var numbers: [Int32] = []
    selectorsOfEvent = RowTable(plan.selectorsOfEvent.map { Self.append($0, to: &numbers) })
    selectorNumbers = RowTable(numbers)
    var cellNumbers: [Int32] = []
    var roles: [StoryRoleRow] = []
    selectors = RowTable(
      plan.selectors.map { selector in
        let from = roles.count
        roles += selector.stories.map { StoryRoleRow(cell: Int32($0.cell), role: $0.role) }
        return SelectorRow(
          cells: Self.append(selector.cells, to: &cellNumbers),
          stories: Span(from: Int32(from), to: Int32(roles.count)), hasFilter: !selector.filter.isEmpty)
      })
    cellsOfSelectors = RowTable(cellNumbers)
    storyRoles = RowTable(roles)
    var leafRows: [LeafRow] = []
    var tests: [NumberTest] = []
    var otherLeaves: [Int32] = []
    var dependentNumbers: [Int32] = []
    var audienceNumbers: [Int32] = []
    cells = RowTable(
      plan.cells.map { cell in
        let first = leafRows.count
        for number in cell.leaves {
          guard case .plain(let reading, let test) = plan.leaves[number].question else { continue }
          let audiences = Self.append(plan.leaves[number].audiences, to: &audienceNumbers)
          leafRows.append(LeafRow(reading, test, number: number, test: tests.count, audiences: audiences))
          tests.append(test)
        }
        return CellRow(
          cell, leaves: Span(from: Int32(first), to: Int32(leafRows.count)),
          otherLeaves: Self.append(cell.otherLeaves, to: &otherLeaves),
          dependents: Self.append(cell.dependents, to: &dependentNumbers))
      })
    leaves = RowTable(leafRows)
    leafNumbers = RowTable(otherLeaves)
    dependents = RowTable(dependentNumbers)
    var decisionRows: [DecisionRow] = []
    audiences = RowTable(
      plan.audiences.map { audience in
        let from = Int32(decisionRows.count)
        decisionRows += audience.decisions.map { DecisionRow($0, from: from, leafWords: plan.leafWords) }
        return AudienceRow(
          audience, from: from, dependents: Self.append(audience.dependents, to: &audienceNumbers),
          settles: Self.append(audience.settles, to: &audienceNumbers))
      })
    decisions = RowTable(decisionRows)
    self.audienceNumbers = RowTable(audienceNumbers)
    testCount = tests.count
    self.tests = .allocate(capacity: max(tests.count, 1))
    self.tests.initialize(from: tests, count: tests.count)
  }

  deinit {
    tests.deinitialize(count: testCount)
    tests.deallocate()
  }

  @inline(__always) func selector(_ index: Int) -> Int { Int(selectorNumbers[index]) }

  private static func append(_ numbers: [Int], to all: inout [Int32]) -> Span {
    let from = all.count
    all += numbers.map(Int32.init)
    return Span(from: Int32(from), to: Int32(all.count))
  }
}

/// A cell, as far as each event asks for it.
struct CellRow: BitwiseCopyable {
  enum Form: UInt8 { case counter, accumulator, latest, earliest, all, story }

  var form: Form
  /// How many are counted or kept at most.
  var most: Int
  /// How old an entry may become, in milliseconds; `max` where it may be of any age.
  var maxAgeMs = Int64.max
  var entryBytes: Int
  /// The cell that ends what must be kept; negative where none does.
  var since: Int32
  var leaves: PlanTables.Span
  var otherLeaves: PlanTables.Span
  var dependents: PlanTables.Span
  var hasHaving: Bool
  var hasValue: Bool
  var keepsValueless: Bool

  init(_ cell: Cell, leaves: PlanTables.Span, otherLeaves: PlanTables.Span, dependents: PlanTables.Span) {
    switch cell.keeping {
    case .counter(let cap): (form, most) = (.counter, Int(cap))
    case .sum, .min, .max: (form, most) = (.accumulator, 1)
    case .latest(let count): (form, most) = (.latest, count)
    case .earliest: (form, most) = (.earliest, 1)
    case .all(let maxAge, let limit):
      (form, most) = (.all, limit)
      maxAgeMs = maxAge?.ms ?? .max
    case .story: (form, most) = (.story, cell.story?.most ?? 0)
    }
    entryBytes = cell.entryBytes
    since = Int32(cell.since ?? -1)
    self.leaves = leaves
    self.otherLeaves = otherLeaves
    self.dependents = dependents
    hasHaving = !cell.having.isEmpty
    hasValue = cell.value != nil
    keepsValueless = cell.keepsValueless
  }

  var isSeries: Bool { form == .latest || form == .earliest || form == .all }
}

/// An audience, as far as each decision asks for it.
struct AudienceRow: BitwiseCopyable {
  /// Where the walk over its condition begins: a row of `decisions`, or `Decision.yes` or `.no`.
  var start: Int32
  var dependents: PlanTables.Span
  var settles: PlanTables.Span
  var hasSpell: Bool
  var isPlain: Bool
  var hasPayload: Bool
  var goesToAds: Bool
  /// From then on nobody is eligible; `max` where that never comes.
  var retireMs: Int64

  init(_ audience: PlannedAudience, from: Int32, dependents: PlanTables.Span, settles: PlanTables.Span) {
    start = audience.start < 0 ? audience.start : audience.start + from
    self.dependents = dependents
    self.settles = settles
    hasSpell = audience.spell != nil
    isPlain = audience.isPlain
    hasPayload = !audience.entryTraits.isEmpty || !audience.exitTraits.isEmpty
    goesToAds = !audience.definition.to.ads.isEmpty
    retireMs = audience.definition.retireOn?.ms ?? .max
  }
}

/// A step of a condition: a bit of a profile's answers, and where it leads.
struct DecisionRow: BitwiseCopyable {
  /// From the first word of the leaves; the words of eligibility follow them.
  var word: Int32
  var whenTrue: Int32
  var whenFalse: Int32
  var mask: UInt64

  init(_ decision: Decision, from: Int32, leafWords: Int) {
    let bit: Int
    switch decision.asks {
    case .leaf(let number): bit = number
    case .audience(let number): bit = leafWords * 64 + number
    }
    word = Int32(bit >> 6)
    mask = 1 << UInt64(bit & 63)
    whenTrue = decision.whenTrue < 0 ? decision.whenTrue : decision.whenTrue + from
    whenFalse = decision.whenFalse < 0 ? decision.whenFalse : decision.whenFalse + from
  }
}

/// A leaf, as far as each evaluation asks for it.
struct LeafRow: BitwiseCopyable {
  enum Pick: UInt8 { case none, first, last }
  enum Measure: UInt8 { case count, sum, min, max }

  var number: Int32
  /// Only entries after this cell's newest count; negative where all do.
  var since: Int32
  var pick: Pick
  var measure: Measure
  var wantsHaving: Bool
  var whenEmpty: Bool
  var hasWindow: Bool
  var hasThreshold: Bool
  /// Counts go no further than this.
  var cap: Int
  /// The measure from which on the answer is yes, in millionths, where there is such a threshold.
  var threshold: Int64
  var fromMs: Int64
  var toMs: Int64

  /// Its test's place.
  var test: Int32
  var audiences: PlanTables.Span

  init(_ reading: PlainReading, _ test: NumberTest, number: Int, test place: Int, audiences: PlanTables.Span) {
    self.number = Int32(number)
    self.test = Int32(place)
    self.audiences = audiences
    since = Int32(reading.since ?? -1)
    switch reading.pick {
    case nil: pick = .none
    case .first: pick = .first
    case .last: pick = .last
    }
    cap = 0
    switch reading.measure {
    case .count(let cap): (measure, self.cap) = (.count, cap)
    case .sum: measure = .sum
    case .min: measure = .min
    case .max: measure = .max
    case .at: preconditionFailure("an instant is asked for by traits alone")
    }
    wantsHaving = reading.wantsHaving
    whenEmpty = test.holds(measure == .min || measure == .max ? nil : 0)
    hasWindow = reading.window != nil
    fromMs = reading.window?.from.ms ?? 0
    toMs = reading.window?.to.ms ?? 0
    hasThreshold = test.threshold != nil
    threshold = test.threshold ?? 0
  }
}
