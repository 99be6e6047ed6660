import Kafka
import Pipeline
import Simulation
import Testing

@Suite("A lane on an embedded cluster that fails now and then")
struct EmbeddedFaultTests {
  @Test("a failure while partitions are taken over is got over: they are taken over again")
  func takeOver() async throws {
    let shop = try TestShop(events: 300)
    let embedded = try Embedded()
    try embedded.write(shop.records)
    embedded.cluster.fail(.offsetFetch, with: [.unknownMember])
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.aborted.count == 1)
    #expect(story.records == 300)
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
  }

  @Test("a failed commit while partitions are given up leaves none of them behind")
  func release() async throws {
    let shop = try TestShop(events: 300)
    var embedded = try Embedded()
    embedded.settings.commitIntervalMs = 40_000
    embedded.settings.endsAtEnd = false
    try embedded.write(shop.records)
    let first = embedded.lane(shop.plan)
    try await first.wait("its partitions") { $0.partitions.count == 4 }
    try await first.wait("its first record") { story in
      story.events.contains { if case .firstRecord = $0 { true } else { false } }
    }
    // Whatever is committed now is refused, so the commit that the group's new member brings about fails.
    embedded.cluster.fail(.addOffsetsToTransaction, with: [.unknownMember])
    embedded.settings.instance = "1"
    let second = embedded.lane(shop.plan)
    try await second.wait("its share") { $0.partitions.count == 2 }
    try await first.wait("its share") { $0.partitions.count == 2 }
    // The group may share anew more than once while the second comes.
    let (restored, released) = first.story.with { ($0.restored, $0.released) }
    #expect(released >= 1 && restored == released + 1, "what was given up is not read again")
    #expect(first.story.with { $0.aborted.count } == 1)
    first.askToEnd()
    second.askToEnd()
    try await second.finish()
    try await first.finish()
  }

  @Test("a producer that a broker shuts out is replaced, and nothing is counted twice")
  func shutOut() async throws {
    let shop = try TestShop(events: 300)
    let embedded = try Embedded()
    try embedded.write(shop.records)
    embedded.cluster.fail(.addPartitionsToTransaction, with: [.invalidProducerEpoch])
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.aborted.map(\.kind) == [.fenced])
    #expect(story.records == 300)
    let expected = shop.backtest(partitions: 4)
    #expect(story.changes == expected.values.reduce(0) { $0 + $1.count })
    expectSame(try embedded.changes(), expected)
  }

  @Test("an error of a fetch that passes by itself is told, and nothing is done again")
  func fetch() async throws {
    let shop = try TestShop(events: 300)
    let embedded = try Embedded()
    try embedded.write(shop.records)
    embedded.cluster.fail(.fetch, with: [.requestTimedOut])
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.aborted.isEmpty)
    #expect(story.restored == 1)
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
  }

  @Test("a commit interval that brokers would not wait for is refused")
  func commitInterval() async throws {
    var embedded = try Embedded()
    embedded.settings.kafka.properties["transaction.timeout.ms"] = "10000"
    embedded.settings.commitIntervalMs = 10_000
    let error = try await LaneRun(embedded.settings, TestShop(SmallShop.case).plan).failure()
    #expect(error.description == "a transaction is kept open for 10000 ms, but brokers give it up after 10000 ms")
    #expect(error.advice?.contains("--commit-interval") == true)
  }
}
