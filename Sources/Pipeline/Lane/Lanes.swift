internal import Audiences
internal import Engine
internal import Synchronization

/// The lanes of a process: as many as its settings say, each on a thread of its own. They share the partitions with each
/// other just as with those of other processes.
///
/// What they tell is told together: totals are those of all lanes, and the end is told once, when all have ended.
public final class Lanes: Sendable {
  private let settings: LaneSettings
  private let definitions: Definitions
  private let stop: StopFlag
  private let observe: @Sendable (_ event: LaneEvent, _ lane: Int) -> Void
  private let progress: [LaneProgress]
  private let told: Mutex<Told>

  private struct Told {
    /// What each lane has done so far, as it said last.
    var totals: [LaneTotals]
    var hasBegun = false
    /// Why the first of those that failed could not go on.
    var error: LaneError?
  }

  /// Lanes that have not begun.
  /// - Parameter observe: told what happens and in which lane, on that lane's thread; the lane waits for it.
  public init(
    _ settings: LaneSettings, _ definitions: Definitions, stop: StopFlag,
    observe: @escaping @Sendable (_ event: LaneEvent, _ lane: Int) -> Void
  ) {
    self.settings = settings
    self.definitions = definitions
    self.stop = stop
    self.observe = observe
    progress = (0..<settings.lanes).map { _ in LaneProgress() }
    let none = LaneTotals(audiences: definitions.plan.audiences.count)
    told = Mutex(Told(totals: Array(repeating: none, count: settings.lanes)))
  }

  /// Works until the flag is raised, or, where the settings say so, until everything that is there is done. Where a lane
  /// cannot go on, the others commit what they have and end too.
  /// - Throws: ``LaneError``: why the first one could not go on.
  public func run() throws(LaneError) {
    try settings.check()
    let ground = try LaneTopics(settings: settings, plan: definitions.plan).prepare()
    if !ground.topics.contains(settings.rejected) { observe(.rejectedTopicMissing(settings.rejected), 0) }
    let watchdog = Watchdog(progress, limitMs: settings.stillLimitMs)
    let watching = try LaneThread {
      if let found = watchdog.watch() {
        self.observe(.stoodStill(phase: found.phase, forMs: found.stillMs), found.lane)
      }
    }
    start(0, KafkaWorld(settings), ground, EndGate(lanes: settings.lanes))
    watchdog.callOff()
    watching.join()
    let (error, totals) = told.withLock { ($0.error, Self.sum($0.totals)) }
    if let error { throw error }
    observe(.ended(totals), 0)
  }

  /// Starts the lane of this number and those above it, and waits until they have ended.
  private func start(_ number: Int, _ world: KafkaWorld, _ ground: LaneGround, _ gate: EndGate) {
    guard number < settings.lanes else { return }
    do throws(LaneError) {
      let thread = try LaneThread { self.run(lane: number, world, ground, gate) }
      start(number + 1, world, ground, gate)
      thread.join()
    } catch {
      fail(error)
    }
  }

  private func run(lane number: Int, _ world: KafkaWorld, _ ground: LaneGround, _ gate: EndGate) {
    var settings = settings
    settings.lane = number
    defer { progress[number].enter(.ended) }
    do throws(LaneError) {
      let lane = try Lane(
        world, settings, definitions, ground, gate, progress[number], stop: stop,
        observe: { self.take($0, from: number) })
      try lane.run()
    } catch {
      fail(error)
    }
  }

  /// One cannot go on: the others are asked to end, so that whoever looks after the process sees it.
  private func fail(_ error: LaneError) {
    told.withLock { if $0.error == nil { $0.error = error } }
    stop.raise()
  }

  /// Passes on what a lane told, with the totals of all.
  private func take(_ event: LaneEvent, from lane: Int) {
    switch event {
    case .committed(let totals): observe(.committed(note(totals, of: lane)), lane)
    case .ended(let totals): _ = note(totals, of: lane)
    case .firstRecord:
      let isFirst = told.withLock { told in
        defer { told.hasBegun = true }
        return !told.hasBegun
      }
      if isFirst { observe(event, lane) }
    default: observe(event, lane)
    }
  }

  private func note(_ totals: LaneTotals, of lane: Int) -> LaneTotals {
    told.withLock { told in
      told.totals[lane] = totals
      return Self.sum(told.totals)
    }
  }

  private static func sum(_ totals: [LaneTotals]) -> LaneTotals {
    totals.dropFirst().reduce(totals[0]) { $0 + $1 }
  }
}
