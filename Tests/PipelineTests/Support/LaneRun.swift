import Audiences
import Events
import Kafka
import Pipeline
import Testing

/// The lanes of a process on threads of their own, and what they told.
final class LaneRun: Sendable {
  /// What the lanes told so far.
  struct Story: Sendable {
    var events: [LaneEvent] = []
    var totals: LaneTotals?
    var restored = 0
    var released = 0
    var rejected: [Rejection] = []
    var aborted: [KafkaError] = []
    var missingRejected: [String] = []
    var lostPartitions = false
    var stoodStill: LanePhase?
    var fenced: [String] = []
    /// Where stores are now that were of no use.
    var setAside: [String] = []
    /// How many records of the changelog were read for the partitions that were taken over last.
    var recordsRestored: Int?
    /// The partitions that each lane holds.
    var shares: [Int: [Int32]] = [:]
    var hasEnded = false
    var error: LaneError?

    /// The partitions that the lanes hold together.
    var partitions: [Int32] { shares.values.flatMap { $0 }.sorted() }
    var records: Int { totals?.records ?? 0 }
    var changes: Int { totals?.changes ?? 0 }
  }

  let story = Watched(Story())
  private let stop = StopFlag()

  /// Starts a lane.
  /// - Parameter during: is told what happens first, on the lane's thread.
  convenience init(
    _ settings: LaneSettings, _ plan: Plan, during: @escaping @Sendable (LaneEvent, Int) -> Void = { _, _ in }
  ) {
    self.init(settings, Definitions(plan, files: [:], readAt: .distantPast), during: during)
  }

  /// Starts a lane with definitions that it can be followed by others in.
  init(
    _ settings: LaneSettings, _ definitions: Definitions,
    during: @escaping @Sendable (LaneEvent, Int) -> Void = { _, _ in }
  ) {
    let (story, stop) = (story, stop)
    onThread {
      var problem: LaneError?
      do throws(LaneError) {
        try Lanes(
          settings, definitions, stop: stop,
          observe: { event, lane in
            during(event, lane); story.with { $0.note(event, lane) }
          }
        )
        .run()
      } catch {
        problem = error
      }
      let final = problem
      story.with {
        $0.error = final
        $0.hasEnded = true
      }
    }
  }

  /// Waits until what the lane told is enough; a lane that ends before, or takes too long, fails the test.
  func wait(
    _ what: String, seconds: Int = 60, _ location: SourceLocation = #_sourceLocation,
    until isEnough: @escaping @Sendable (Story) -> Bool
  ) async throws {
    _ = await story.wait(seconds: seconds) { isEnough($0) || $0.hasEnded }
    let now = story.with { $0 }
    if isEnough(now) { return }
    Issue.record(
      "waited in vain for \(what); the lane: \(now.error?.description ?? "\(now)")", sourceLocation: location)
    stop.raise()
    throw CancellationError()
  }

  /// Waits until the lane ends by itself, without an error.
  @discardableResult
  func finish(_ location: SourceLocation = #_sourceLocation) async throws -> Story {
    let ended = await story.wait(seconds: 90) { $0.hasEnded }
    let now = story.with { $0 }
    #expect(ended, "the lane does not end: \(now)", sourceLocation: location)
    if let error = now.error { Issue.record("the lane failed: \(error)", sourceLocation: location) }
    if !ended { stop.raise() }
    return now
  }

  /// Asks the lane to end, and waits until it has.
  @discardableResult
  func end(_ location: SourceLocation = #_sourceLocation) async throws -> Story {
    stop.raise()
    return try await finish(location)
  }

  /// The error that the lane ends with.
  func failure(_ location: SourceLocation = #_sourceLocation) async throws -> LaneError {
    let ended = await story.wait(seconds: 90) { $0.hasEnded }
    let now = story.with { $0 }
    if !ended { stop.raise() }
    return try #require(now.error, "the lane did not fail: \(now)", sourceLocation: location)
  }

  /// Raises the flag without waiting.
  func askToEnd() { stop.raise() }
}

extension LaneRun.Story {
  fileprivate mutating func note(_ event: LaneEvent, _ lane: Int) {
    events.append(event)
    switch event {
    case .restored(let partitions, _, let records, _):
      restored += 1
      recordsRestored = records
      shares[lane] = partitions
    case .committed(let totals), .ended(let totals): self.totals = totals
    case .aborted(let error): aborted.append(error)
    case .rejected(let code, _, _, _): rejected.append(code)
    case .rejectedTopicMissing(let topic): missingRejected.append(topic)
    case .released(_, let lost):
      released += 1
      shares[lane] = []
      if lost { lostPartitions = true }
    case .fenced(let id): fenced.append(id)
    case .storeSetAside(let folder, _): setAside.append(folder)
    case .stoodStill(let phase, _): stoodStill = phase
    case .restoring, .restoreProgress, .firstRecord, .trouble, .stayedInGroup, .definitionsChanged, .newerDefinitions,
      .filling, .definitionsInForce:
      break
    }
  }
}
