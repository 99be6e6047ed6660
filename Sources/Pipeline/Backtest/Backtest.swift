public import Audiences
public import Engine
public import Events

/// Definitions over a log without Kafka: the same engine, a partition's clock each, and no wall clock (cli.md).
public struct Backtest: ~Copyable {
  /// What is asked.
  public let plan: Plan
  /// What the run has come to so far.
  public private(set) var tally: BacktestTally
  /// The time of the first event; `nil` while there is none.
  public private(set) var began: Instant?

  private var reader: RecordReader
  private let engines: UnsafeMutablePointer<PartitionEngine>
  private let partitions: Int
  private var ahead = ReadAhead()
  private let until: Instant?
  private let tellsUpdates: Bool

  /// A run over that many partitions; events later than `until` are left out.
  /// - Parameter tellsUpdates: whether those changes are told too that go to ad platforms alone.
  public init(_ plan: Plan, partitions: Int = 1, until: Instant? = nil, tellsUpdates: Bool = false) {
    self.tellsUpdates = tellsUpdates
    self.plan = plan
    self.until = until
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
    self.partitions = partitions
    engines = .allocate(capacity: partitions)
    for partition in 0..<partitions { (engines + partition).initialize(to: PartitionEngine(plan: plan)) }
    tally = BacktestTally(audiences: plan.audiences.count)
  }

  deinit {
    engines.deinitialize(count: partitions)
    engines.deallocate()
  }

  /// Takes the next line, and applies the one that came some lines before: each is applied in its turn, at the latest
  /// in `finish`, and must be readable until then (see `catchUp`). `RecordReader.padding` bytes behind it must be
  /// readable. `took` is lent each change that comes about, with where that came from and the name of the event; a
  /// rejected line is told by its code.
  public mutating func apply(
    _ line: Bytes, number: Int64, took: (Change, ChangeOrigin, Bytes) -> Void
  ) throws(Rejection) {
    let next = ahead.free
    let isRecord: Bool
    do throws(Rejection) {
      isRecord = try reader.read(line, into: &next.pointee.record)
    } catch {
      catchUp(took: took)  // the reader keeps a few documents, whatever it finds in them
      throw error
    }
    guard isRecord, next.pointee.record.time.map({ $0 <= until ?? .never }) ?? false else {
      catchUp(took: took)
      if !isRecord {
        tally.skipped += 1
      } else if next.pointee.record.time == nil {
        throw .time
      } else {
        tally.afterUntil += 1
      }
      return
    }
    tally.events += 1
    let partition = partitions == 1 ? 0 : Murmur2.partition(of: next.pointee.record.profile, among: partitions)
    engines[partition].expect(next.pointee.record)
    next.pointee.partition = partition
    next.pointee.number = number
    ahead.takeFree()
    if ahead.count == ReadAhead.most { applyNext(took) } else if began == nil { began = next.pointee.record.time }
  }

  /// Applies the lines that wait: their bytes are not looked at any more.
  public mutating func catchUp(took: (Change, ChangeOrigin, Bytes) -> Void) {
    while ahead.count > 0 { applyNext(took) }
  }

  private mutating func applyNext(_ took: (Change, ChangeOrigin, Bytes) -> Void) {
    if ahead.count > 1 {
      let second = ahead[1]
      engines[second.pointee.partition].approach(second.pointee.record)
    }
    let next = ahead[0]
    engines[next.pointee.partition].apply(
      next.pointee.record, at: next.pointee.record.time ?? .distantPast,
      merges: next.pointee.record.mergesWithinPartition(of: partitions))
    drain(next.pointee.partition, offset: next.pointee.number, cause: next.pointee.record.eventName, took)
    if next.pointee.number & 0xFFF == 0 { engines[next.pointee.partition].clearDirty() }  // nobody takes states here
    ahead.removeFirst()
  }

  /// Applies what waits, and moves every clock on to `until`, if there is one: all that is due up to it happens.
  public mutating func finish(after number: Int64, took: (Change, ChangeOrigin, Bytes) -> Void) {
    catchUp(took: took)
    guard let until else { return }
    for partition in 0..<partitions {
      engines[partition].finish(at: until)
      drain(partition, offset: number, cause: .empty, took)
    }
  }

  private mutating func drain(
    _ partition: Int, offset: Int64, cause: Bytes, _ took: (Change, ChangeOrigin, Bytes) -> Void
  ) {
    if engines[partition].changes.count == 0 { return }
    let origin = ChangeOrigin(partition: partition, offset: offset, clock: engines[partition].clock)
    for index in 0..<engines[partition].changes.count {
      let change = engines[partition].change(index)
      if change.kind == .updated, !tellsUpdates { continue }
      tally.count(change)
      took(change, origin, cause)
    }
    engines[partition].clearChanges()
  }

  /// Where the clock stands, the furthest of all partitions'; `nil` while there was no event and no end was asked for.
  public var clock: Instant? {
    let furthest = (0..<partitions).map { engines[$0].clock }.max() ?? .distantPast
    return furthest == .distantPast ? nil : furthest
  }

  /// What the engines counted, together.
  public var counts: EngineCounts { (0..<partitions).reduce(EngineCounts()) { $0 + engines[$1].counts } }

  /// How many profiles there are.
  public var profiles: Int { (0..<partitions).reduce(0) { $0 + engines[$1].profileCount } }

  /// How many bytes a profile takes in the middle: half of them take no more. Its share of what finds profiles and their
  /// due instants is in it.
  public var medianProfileBytes: Int {
    let sizes = (0..<partitions).flatMap { engines[$0].profileBytes }.sorted()
    if sizes.isEmpty { return 0 }
    return sizes[sizes.count / 2] + max(0, memoryBytes - sizes.reduce(0, +)) / sizes.count
  }

  /// How many bytes the profiles take.
  public var memoryBytes: Int { (0..<partitions).reduce(0) { $0 + engines[$1].memoryBytes } }

  /// Events of names that the taxonomy does not know.
  public var unknownEvents: UnknownEvents { reader.unknownEvents }

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
  /// How often somebody came to be held out of each audience.
  public internal(set) var heldOut: [Int]
  /// How often that ended.
  public internal(set) var holdoutsEnded: [Int]

  init(audiences: Int) {
    entries = Array(repeating: 0, count: audiences)
    (exits, heldOut, holdoutsEnded) = (entries, entries, entries)
  }

  /// How many changes there were.
  public var changes: Int { [entries, exits, heldOut, holdoutsEnded].reduce(0) { $0 + $1.reduce(0, +) } }

  /// How many are held out of an audience now.
  public func controls(of audience: Int) -> Int { heldOut[audience] - holdoutsEnded[audience] }

  /// How many are in an audience now.
  public func members(of audience: Int) -> Int { entries[audience] - exits[audience] }

  mutating func count(_ change: Change) {
    switch change.kind {
    case .entered: entries[change.audience] += 1
    case .exited: exits[change.audience] += 1
    case .heldOut: heldOut[change.audience] += 1
    case .holdoutEnded: holdoutsEnded[change.audience] += 1
    case .updated: break
    }
  }
}
