import Events
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite("The log again, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealReplayTests {
  let shop: TestShop
  let topics: RealTopics

  init() throws {
    shop = try TestShop(events: 3000, seed: 17)
    topics = try RealTopics(on: RealKafka.shared.get())
  }

  /// Records that were recorded one second after the other.
  private var records: [Outgoing] {
    shop.records.enumerated().map { number, record in
      var record = record
      record.recordedMs = TestShop.recordedMs + 1000 * Int64(number)
      return record
    }
  }

  @Test("an application may begin at an instant, or at an offset, and goes on where it was")
  func beginnings() async throws {
    try topics.write(records)
    var later = shop
    later.lines = Array(shop.lines[1200...])
    var topics = topics
    topics.settings.beginning = .recorded(from: Instant(ms: TestShop.recordedMs + 1_199_001))
    #expect(try await topics.lane(shop.plan).finish().records == 1800)
    expectSame(try topics.changes(), later.backtest(partitions: 4))
    // What was read is not read again, whatever the beginning.
    topics.settings.beginning = .oldest
    #expect(try await topics.lane(shop.plan).finish().records == 0)
  }

  @Test("an offset that is not in the log yet stands for the end, and one below its start for the oldest record")
  func offsets() async throws {
    try topics.write(records)
    for (offset, count) in [(Int64(100_000), 0), (0, 3000)] {
      var topics = topics
      topics.settings.app = RealKafka.name("app")
      topics.settings.beginning = .offset(offset)
      #expect(try await topics.lane(shop.plan).finish().records == count)
    }
  }

  @Test(
    "'usher replay' writes the same changes to topics of its own, and goes on when it is started again",
    .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
  func verb() async throws {
    try topics.write(records[..<2000])
    try await topics.lane(shop.plan).finish()
    let first = try topics.changes()
    let (project, name) = (try ProjectFolder(shop.files), RealKafka.name("again"))
    let words = [
      "--project", project.path, "--bootstrap", topics.kafka.bootstrapServers, "--in", topics.settings.input,
      "--as", name,
    ]
    let replay = try UsherProcess(words, verb: "replay")
    #expect(await replay.wait() == 0, "\(replay.said)")
    let again = "replay-\(name).audience.warehouse"
    expectSame(try changes(in: again, topics.kafka.settings), first)
    expectSame(try topics.changes(), first)
    try topics.write(records[2000...])
    let rest = try UsherProcess(words, verb: "replay")
    #expect(await rest.wait() == 0, "\(rest.said)")
    expectSame(try changes(in: again, topics.kafka.settings), shop.backtest(partitions: 4))
  }
}
