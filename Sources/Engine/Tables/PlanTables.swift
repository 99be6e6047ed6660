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
  let cells: RowTable<CellRow>
  let leaves: RowTable<LeafRow>
  let dependents: RowTable<Int32>
  private let selectorNumbers: RowTable<Int32>

  /// Neighbouring rows of another table.
  struct Span: BitwiseCopyable {
    var from: Int32
    var to: Int32

    var range: Range<Int> { Int(from)..<Int(to) }
  }

  /// A selector's cells, and whether there is a filter to ask.
  struct SelectorRow: BitwiseCopyable {
    var cells: Span
    var hasFilter: Bool
  }

  init(_ plan: Plan) {
    var numbers: [Int32] = []
    selectorsOfEvent = RowTable(plan.selectorsOfEvent.map { Self.append($0, to: &numbers) })
    selectorNumbers = RowTable(numbers)
    var cellNumbers: [Int32] = []
    selectors = RowTable(
      plan.selectors.map {
        SelectorRow(cells: Self.append($0.cells, to: &cellNumbers), hasFilter: !$0.filter.isEmpty)
      })
    cellsOfSelectors = RowTable(cellNumbers)
    var leafRows: [LeafRow] = []
    var dependentNumbers: [Int32] = []
    cells = RowTable(
      plan.cells.map { cell in
        let first = leafRows.count
        leafRows += cell.leaves.map { LeafRow(plan.leaves[$0], number: $0) }
        return CellRow(
          cell, leaves: Span(from: Int32(first), to: Int32(leafRows.count)),
          dependents: Self.append(cell.dependents, to: &dependentNumbers))
      })
    leaves = RowTable(leafRows)
    dependents = RowTable(dependentNumbers)
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
  enum Form: UInt8 { case counter, accumulator, latest, earliest, all }

  var form: Form
  /// How many are counted or kept at most.
  var most: Int
  /// How old an entry may become, in milliseconds; `max` where it may be of any age.
  var maxAgeMs = Int64.max
  var entryBytes: Int
  /// The cell that ends what must be kept; negative where none does.
  var since: Int32
  var leaves: PlanTables.Span
  var dependents: PlanTables.Span
  var hasHaving: Bool
  var hasValue: Bool
  var keepsValueless: Bool

  init(_ cell: Cell, leaves: PlanTables.Span, dependents: PlanTables.Span) {
    switch cell.keeping {
    case .counter(let cap): (form, most) = (.counter, Int(cap))
    case .sum, .min, .max: (form, most) = (.accumulator, 1)
    case .latest(let count): (form, most) = (.latest, count)
    case .earliest: (form, most) = (.earliest, 1)
    case .all(let maxAge, let limit):
      (form, most) = (.all, limit)
      maxAgeMs = maxAge?.ms ?? .max
    }
    entryBytes = cell.entryBytes
    since = Int32(cell.since ?? -1)
    self.leaves = leaves
    self.dependents = dependents
    hasHaving = !cell.having.isEmpty
    hasValue = cell.value != nil
    keepsValueless = cell.keepsValueless
  }

  var isSeries: Bool { form == .latest || form == .earliest || form == .all }
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

  init(_ leaf: Leaf, number: Int) {
    self.number = Int32(number)
    since = Int32(leaf.since ?? -1)
    switch leaf.pick {
    case nil: pick = .none
    case .first: pick = .first
    case .last: pick = .last
    }
    cap = 0
    switch leaf.measure {
    case .count(let cap): (measure, self.cap) = (.count, cap)
    case .sum: measure = .sum
    case .min: measure = .min
    case .max: measure = .max
    }
    wantsHaving = leaf.wantsHaving
    whenEmpty = leaf.whenEmpty
    hasWindow = leaf.window != nil
    fromMs = leaf.window?.from.ms ?? 0
    toMs = leaf.window?.to.ms ?? 0
    hasThreshold = leaf.test.threshold != nil
    threshold = leaf.test.threshold ?? 0
  }
}
