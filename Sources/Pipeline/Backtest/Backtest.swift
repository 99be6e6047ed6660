public import Audiences
public import Engine
public import Events

/// Definitions over a log without Kafka: the same engine, a partition's clock each, and no wall clock (cli.md).
public struct Backtest: ~Copyable {
  /// What is asked.
  public let plan: Plan
  /// What the run has come to so far.
  public private(set) var tally: BacktestTally

  private var reader: RecordReader
  private var tasks: [Task] = []
  private let until: Instant?

  /// A class, so that an array can hold engines, which are not copied.
  private final class Task {
    var engine: PartitionEngine
    init(_ plan: Plan) { engine = PartitionEngine(plan: plan) }
  }

  /// A run over that many partitions; events later than `until` are left out.
  public init(_ plan: Plan, partitions: Int = 1, until: Instant? = nil) {
    self.plan = plan
    self.until = until
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
    tasks = (0..<partitions).map { _ in Task(plan) }
    tally = BacktestTally(audiences: plan.audiences.count)
  }

  /// Applies one line. `RecordReader.padding` bytes behind it must be readable. `took` is lent each change that it
  /// brings about, with where that came from and the name of the event; a rejected line is told by its code.
  public mutating func apply(
    _ line: Bytes, number: Int64, took: (Change, ChangeOrigin, Bytes) -> Void
  ) throws(Rejection) {
    switch reader.read(line) {
    case .skipped: tally.skipped += 1
    case .rejected(let code): throw code
    case .record(let record):
      guard let time = record.time else { throw .time }
      if let until, time > until {
        tally.afterUntil += 1
        return
      }
      tally.events += 1
      let partition = tasks.count == 1 ? 0 : Murmur2.partition(of: record.profile, among: tasks.count)
      tasks[partition].engine.apply(record, at: time)
      drain(partition, offset: number, cause: record.eventName, took)
    }
  }

  /// Moves every clock on to `until`, if there is one: all that is due up to it happens.
  public mutating func finish(after number: Int64, took: (Change, ChangeOrigin, Bytes) -> Void) {
    guard let until else { return }
    for partition in tasks.indices {
      tasks[partition].engine.finish(at: until)
      drain(partition, offset: number, cause: .empty, took)
    }
  }

  private mutating func drain(
    _ partition: Int, offset: Int64, cause: Bytes, _ took: (Change, ChangeOrigin, Bytes) -> Void
  ) {
    let task = tasks[partition]
    if task.engine.changes.count == 0 { return }
    let origin = ChangeOrigin(partition: partition, offset: offset, clock: task.engine.clock)
    for index in 0..<task.engine.changes.count {
      let change = task.engine.change(index)
      tally.count(change)
      took(change, origin, cause)
    }
    task.engine.clearChanges()
  }

  /// What the engines counted, together.
  public var counts: EngineCounts { tasks.reduce(EngineCounts()) { $0 + $1.engine.counts } }

  /// How many profiles there are.
  public var profiles: Int { tasks.reduce(0) { $0 + $1.engine.profileCount } }

  /// How many bytes the profiles take.
  public var memoryBytes: Int { tasks.reduce(0) { $0 + $1.engine.memoryBytes } }

  /// Events of names that the taxonomy does not know.
  public var unknownEvents: UnknownEvents { reader.unknownEvents }

  /// Records that asked for two profiles to be merged, which is not supported yet.
  public var unmerged: Int { reader.unmerged }

  /// Numbers that did not fit into 64 bits of millionths, and counted as absent.
  public var overflows: Int { reader.overflows }

  /// Values of another type than the taxonomy declares, by event and property.
  public var wrongTypes: [(property: String, count: Int)] { reader.wrongTypes }
}

/// What a run over a log has come to.
public struct BacktestTally: Sendable {
  /// Records applied, or dropped as duplicates.
  public internal(set) var events = 0
  /// Records passed over.
  public internal(set) var skipped = 0
  /// Events that lie after the end that was asked for.
  public internal(set) var afterUntil = 0
  /// How often each audience was entered.
  public internal(set) var entries: [Int]
  /// How often each audience was left.
  public internal(set) var exits: [Int]

  init(audiences: Int) {
    entries = Array(repeating: 0, count: audiences)
    exits = entries
  }

  /// How many entries and exits there were.
  public var changes: Int { entries.reduce(0, +) + exits.reduce(0, +) }

  /// How many are in an audience now.
  public func members(of audience: Int) -> Int { entries[audience] - exits[audience] }

  mutating func count(_ change: Change) {
    if change.kind == .entered { entries[change.audience] += 1 } else { exits[change.audience] += 1 }
  }
}
