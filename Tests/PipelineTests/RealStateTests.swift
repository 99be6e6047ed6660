import Events
import Kafka
import KafkaTestSupport
import Pipeline
import ProfileStore
import Simulation
import Testing

@Suite("Profiles on disk, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealStateTests {
  let shop: TestShop
  let folder: ScratchFolder
  var topics: RealTopics

  init() throws {
    shop = try TestShop(events: 6000, profiles: 400, seed: 17)
    folder = try ScratchFolder()
    topics = try RealTopics(on: RealKafka.shared.get())
    topics.settings.commitIntervalMs = 20
    // So little that most profiles are on disk alone.
    topics.settings.state = .disk(folder: folder.path, memoryBytes: 64 << 10)
  }

  @Test("with room for few profiles in memory, the changes are those of the definition")
  func littleMemory() async throws {
    try topics.write(shop.records)
    let story = try await topics.lane(shop.plan).finish()
    let found = try topics.changes()
    expectSame(found, shop.backtest(partitions: 4))
    expectSame(try shop.judged(found), try shop.verdict(partitions: 4))
    let profiles = Set(shop.records.compactMap { $0.key }).count
    #expect(story.totals?.profiles == profiles, "those on disk count too")
  }

  @Test("a start goes on with what a stop left on disk, and reads next to nothing again")
  func stopAndStart() async throws {
    let records = shop.records
    var counts: [Int] = []
    for part in stride(from: 0, to: records.count, by: 2000) {
      try topics.write(records[part..<(part + 2000)])
      let story = try await topics.lane(shop.plan).finish()
      counts.append(try #require(story.recordsRestored))
    }
    #expect(counts[1] < 400 && counts[2] < 400, "each time about a thousand states were written: \(counts)")
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("without its folder, a start makes the store anew from the changelog")
  func elsewhere() async throws {
    let records = shop.records
    try topics.write(records[..<3000])
    try await topics.lane(shop.plan).finish()
    var topics = topics
    let other = try ScratchFolder()
    topics.settings.state = .disk(folder: other.path, memoryBytes: 64 << 10)
    try topics.write(records[3000...])
    try await topics.lane(shop.plan).finish()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("state in memory goes on where state on disk left off, and the other way round")
  func bothWays() async throws {
    let records = shop.records
    var topics = topics
    let disk = topics.settings.state
    for (part, state) in [disk, .memory, disk].enumerated() {
      topics.settings.state = state
      try topics.write(records[(part * 2000)..<(part * 2000 + 2000)])
      try await topics.lane(shop.plan).finish()
    }
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("a store that is damaged is set aside with a word, and made anew")
  func damaged() async throws {
    let records = shop.records
    try topics.write(records[..<3000])
    try await topics.lane(shop.plan).finish()
    try folder.damage(try #require(try folder.files(".sst").first))
    try topics.write(records[3000...])
    let story = try await topics.lane(shop.plan).finish()
    #expect(story.setAside.count == 1 && story.setAside[0].contains(".damaged-1"), "\(story.setAside)")
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test("a store that is further than its changelog is set aside, as is one that was away for too long")
  func doesNotFit() async throws {
    let records = shop.records
    try topics.write(records[..<3000])
    try await topics.lane(shop.plan).finish()
    try change(partition: 0) { $0.changelogOffset = 1 << 40 }
    try change(partition: 1) { $0.writtenAt = Instant(ms: $0.writtenAt.ms - 6 * 86_400_000) }
    try topics.write(records[3000...])
    let story = try await topics.lane(shop.plan).finish()
    #expect(story.setAside.count == 2, "\(story.setAside)")
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  private func change(partition: Int, _ body: (inout StorePosition) -> Void) throws {
    let path = "\(folder.path)/\(topics.settings.app)/partition-\(partition)"
    var store = try DiskStore(folder: path, memory: StoreMemory(budgetBytes: 1 << 20))
    let found = store.position
    var position = try #require(found)
    body(&position)
    try store.commit(position)
    store.close()
  }

  @Test("asked to end while it gets over a transaction that failed, it leaves nothing of that one on disk")
  func stoppedInRecovery() async throws {
    let records = shop.records
    try topics.write(records[..<3000])
    try await topics.lane(shop.plan).finish()
    var running = topics
    running.settings.endsAtEnd = false
    running.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    // Long enough that somebody can come between.
    running.settings.commitIntervalMs = 3000
    let box = Watched<LaneRun?>(nil)
    let lane = LaneRun(running.settings, shop.plan) { event, _ in
      if case .aborted = event { box.with { $0 }?.askToEnd() }
    }
    box.with { $0 = lane }
    try await lane.wait("its partitions") { $0.partitions.count == 4 }
    try topics.write(records[3000...])
    try await lane.wait("its first record") { story in
      story.events.contains { if case .firstRecord = $0 { true } else { false } }
    }
    try shutOut()
    let story = try await lane.finish()
    #expect(story.aborted.count == 1)
    try await topics.lane(shop.plan).finish()
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  /// Another producer of the lane's name: the brokers give up what is open, and shut the lane's own out.
  private func shutOut() throws {
    let other = try TransactionalProducer(
      topics.settings.kafka, transactionalId: "\(topics.settings.app)-\(topics.settings.instance)-lane-0")
    try other.initialize(timeoutMs: 30_000)
    other.close(timeoutMs: 5000)
  }

  @Test("after a transaction that failed, what it changed is thrown away, and its records are done again")
  func failedTransaction() async throws {
    let records = shop.records
    var topics = topics
    topics.settings.endsAtEnd = false
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    topics.settings.state = .disk(folder: folder.path, memoryBytes: 2 << 20)
    let lane = topics.lane(shop.plan)
    for part in 0..<3 {
      try topics.write(records[(part * 2000)..<(part * 2000 + 2000)])
      try await lane.wait("some records") { $0.records > part * 2000 + 100 }
      try shutOut()
    }
    let done = topics
    try await eventually("everything is done") { try done.committed() == 6000 }
    let story = try await lane.end()
    #expect(story.aborted.count >= 1, "shut out in the middle")
    #expect(story.records == 6000, "what was done again is counted once")
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }
}
