import Events
import Judge
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite("Definitions that change, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealDefinitionsTests {
  let shop: TestShop
  /// The same log under other definitions: one audience is gone, one has another window, and one is new.
  let next: TestShop
  let folder: ScratchFolder
  var topics: RealTopics

  init() throws {
    shop = try TestShop(events: 6000, profiles: 400, seed: 17)
    let definitions = Workload.changed(
      without: "vip", purchasedWithin: Span(9, .days), lookedWithin: Span(2, .hours))
    next = try TestShop(ShopCase(taxonomy: Workload.taxonomy, definitions: definitions, lines: shop.lines))
    folder = try ScratchFolder()
    topics = try RealTopics(on: RealKafka.shared.get())
    topics.settings.commitIntervalMs = 20
  }

  private func run(
    _ shop: TestShop, on topics: RealTopics, readAt: Int64,
    during: @escaping @Sendable (LaneEvent, Int) -> Void = { _, _ in }
  ) -> LaneRun {
    LaneRun(topics.settings, shop.definitions(readAt: Instant(ms: readAt)), during: during)
  }

  @Test("take effect once the log has been read for them, and only the differences are told", arguments: [false, true])
  func change(onDisk: Bool) async throws {
    var topics = topics
    if onDisk { topics.settings.state = .disk(folder: folder.path, memoryBytes: 64 << 10) }
    let records = shop.records
    try topics.write(records[..<4000])
    try await run(shop, on: topics, readAt: 1).finish()
    let before = try topics.changes()
    try await run(next, on: topics, readAt: 2).finish()
    let told = try topics.changes()
    var half = next
    half.lines = Array(shop.lines[..<4000])
    #expect(standings(after: told) == standings(after: half.backtest(partitions: 4)))
    for (profile, changes) in told {
      let differences = changes.dropFirst(before[profile]?.count ?? 0)
      #expect(Array(changes.prefix(before[profile]?.count ?? 0)) == before[profile] ?? [])
      for change in differences {
        #expect(change.contains("\"reason\":{\"kind\":\"definition\"}"))
        #expect(["vip", "purchased-7d", "lookers"].contains { change.contains("\"audience\":\"\($0)\"") })
      }
    }
    // From then on they are those in force, also for whoever has only them.
    try topics.write(records[4000...])
    try await run(next, on: topics, readAt: 3).finish()
    #expect(standings(after: try topics.changes()) == standings(after: next.backtest(partitions: 4)))
  }

  @Test("are followed to the end by the next process where one is stopped meanwhile")
  func stopInTheMiddle() async throws {
    var topics = topics
    topics.settings.state = .disk(folder: folder.path, memoryBytes: 1 << 20)
    try topics.write(shop.records)
    try await run(shop, on: topics, readAt: 1).finish()
    topics.settings.endsAtEnd = false
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let stopped = run(next, on: topics, readAt: 2)
    try await stopped.wait("the new definitions") {
      $0.events.contains { if case .definitionsChanged = $0 { true } else { false } }
    }
    try await stopped.end()
    topics.settings.endsAtEnd = true
    try await run(next, on: topics, readAt: 3).finish()
    #expect(standings(after: try topics.changes()) == standings(after: next.backtest(partitions: 4)))
  }

  @Test("that a process brought which was started later are gone by, until the process itself is started again")
  func olderProcess() async throws {
    try topics.write(shop.records[..<4000])
    try await run(next, on: topics, readAt: 2).finish()
    try topics.write(shop.records[4000...])
    let story = try await run(shop, on: topics, readAt: 1).finish()
    let gone = story.events.filter { if case .newerDefinitions = $0 { true } else { false } }
    #expect(gone.count == 4, "each partition")
    #expect(standings(after: try topics.changes()) == standings(after: next.backtest(partitions: 4)))
    // Whoever is started later with the former definitions means them.
    try await run(shop, on: topics, readAt: 3).finish()
    #expect(standings(after: try topics.changes()) == standings(after: shop.backtest(partitions: 4)))
  }

  @Test("that differ only in what they are called are in force at once")
  func names() async throws {
    try topics.write(shop.records[..<3000])
    try await run(shop, on: topics, readAt: 1).finish()
    var files = shop.files
    files["ops/audiences/vip.yaml", default: ""] += "name: The best\n"
    let renamed = try SmallShop.plan(files: files)
    try topics.write(shop.records[3000...])
    let story = try await LaneRun(
      topics.settings, Definitions(renamed, files: files.mapValues { Array($0.utf8) }, readAt: Instant(ms: 2))
    ).finish()
    #expect(!story.events.contains { if case .definitionsChanged = $0 { true } else { false } })
    #expect(standings(after: try topics.changes()) == standings(after: shop.backtest(partitions: 4)))
    #expect(try topics.changes().values.joined().contains { $0.contains("\"audience_name\":\"The best\"") })
  }
}
