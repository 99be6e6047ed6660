import Audiences
import Events
import Judge
import Testing

/// What a worker would know again after a crash, at any record of any log.
@Suite("An engine that is put together again from its states")
struct RestoreTests {
  @Test("goes on as if nothing had been, over random shops", arguments: 0..<8)
  func random(part: Int) throws {
    for seed in (part * 30 + 1)...(part * 30 + 30) {
      let shop = RandomShop.draw(seed: UInt64(seed), forms: part < 2 ? [] : .all)
      let plan = try TestTask.plan(shop.files)
      let whole = TestTask(plan)
      for line in shop.lines { whole.apply(line) }
      if let untilMs = shop.untilMs { whole.finish(atMs: max(untilMs, whole.clock.ms)) }
      for interval in [1, 2, 5, 13] {
        let pieces = try inPieces(shop, of: interval, plan: plan)
        #expect(pieces == whole.changesByProfile, "seed \(seed), every \(interval) records")
        if pieces != whole.changesByProfile { return }
      }
    }
  }

  /// Nothing is carried over but the states of profiles that said that they had changed, and the clock.
  private func inPieces(_ shop: ShopCase, of interval: Int, plan: Plan) throws -> [String: [String]] {
    var store: [[UInt8]: [UInt8]] = [:]
    var changes: [String: [String]] = [:]
    var task = TestTask(plan)
    func crash() throws {
      changes.merge(task.changesByProfile) { $0 + $1 }
      task.takeDirty(into: &store)
      let next = TestTask(plan)
      try next.restore(store, clock: task.clock)
      #expect(next.profileCount == task.profileCount && next.clock == task.clock)
      task = next
    }
    for (number, line) in shop.lines.enumerated() {
      task.apply(line)
      if (number + 1) % interval == 0 { try crash() }
    }
    if let untilMs = shop.untilMs { task.finish(atMs: max(untilMs, task.clock.ms)) }
    return changes.merging(task.changesByProfile) { $0 + $1 }
  }

  @Test("takes the later one of two states of a profile")
  func laterState() throws {
    let plan = try TestTask.plan(Self.files)
    let task = TestTask(plan)
    var early: [[UInt8]: [UInt8]] = [:]
    var late: [[UInt8]: [UInt8]] = [:]
    for number in 0..<40 { task.apply(Self.visit(number)) }
    task.takeDirty(into: &early)
    for number in 40..<80 { task.apply(Self.visit(number)) }
    task.takeDirty(into: &late)
    for states in [[early, late], [late, early, late], [early, early, late, late]] {
      let again = TestTask(plan)
      for state in states { try again.restore(state, clock: task.clock) }
      again.apply(Self.visit(80))
      #expect(again.profileCount == 1 && again.changes == ["u 1970-01-01T00:00:00.080Z a exited event(2) 2 2"])
    }
  }

  @Test("goes on where a profile has had more events than are counted")
  func arrivals() throws {
    let plan = try TestTask.plan(Self.files)
    let task = TestTask(plan)
    var store: [[UInt8]: [UInt8]] = [:]
    task.apply(Self.visit(0))
    task.takeDirty(into: &store)
    var bytes = try #require(store[Array("u".utf8)])
    bytes.replaceSubrange(4..<8, with: [0xFE, 0xFF, 0xFF, 0xFF])
    let again = TestTask(plan)
    try again.restore(Array("u".utf8), bytes)
    for number in 1..<5 { again.apply(Self.visit(number)) }
    #expect(again.changes == ["u 1970-01-01T00:00:00.002Z a entered event(2) 1 2"])
  }

  private static let files = [
    "topics/taxonomy.yaml": "events: { Visit: {} }\n",
    "ops/audiences/a.yaml": "when: { event: Visit, count: { between: [3, 80] } }\n",
  ]

  private static func visit(_ ms: Int) -> String {
    "{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"u\",\"timestamp\":\(ms),\"messageId\":\"m\(ms)\"}"
  }
}
