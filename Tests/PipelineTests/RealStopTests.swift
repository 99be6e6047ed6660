import Events
import Foundation
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite(
  "How processes end, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable),
  .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
struct RealStopTests {
  let shop: TestShop

  init() throws { shop = try TestShop(events: 20_000, profiles: 300, seed: 17) }

  @Test("asked to end under load, a process commits and ends within two seconds", arguments: Ownership.allCases)
  func underLoad(ownership: Ownership) async throws {
    let topics = try RealTopics(on: RealKafka.shared.get())
    let project = try ProjectFolder(shop.files)
    let words = topics.words(project) + ownership.words(process: 0, of: 1) + ["--lanes", "2"]
    try topics.write(shop.records)
    let process = try UsherProcess(words)
    try await eventually("it has begun: \(process.said)") { try topics.committed() > 1000 }
    let asked = ContinuousClock.now
    process.send(SIGTERM)
    #expect(await process.wait() == 0, "\(process.said)")
    #expect(ContinuousClock.now - asked < .seconds(2))
    let committed = try topics.committed()
    #expect(committed < 20_000, "asked in the middle")
    #expect(process.said.contains("ended records=\(committed) "), "all that was done is committed: \(process.said)")
  }

  @Test("without its broker a process ends with 75 once a lane has stood still, and at once when it is asked twice")
  func stuck() async throws {
    let kafka = try RealKafka(brokers: 1, secure: false)
    let topics = try RealTopics(on: kafka)
    let project = try ProjectFolder(shop.files)
    try topics.write(shop.records)
    let other = try RealTopics(on: kafka)
    try other.write(shop.records)
    // Transactions that stay open until their time has come: they are committed when the broker is gone.
    let words = ["--commit-interval", "2s", "--commit-size", "10000000"]
    let watched = try UsherProcess(topics.words(project) + words + ["--watchdog", "3s"])
    let asked = try UsherProcess(other.words(project) + words)
    for (process, topics) in [(watched, topics), (asked, other)] {
      try await eventually("it has begun: \(process.said)") { try topics.committed() > 0 }
    }
    try kafka.kill(broker: 0)
    #expect(await watched.wait() == 75, "\(watched.said)")
    #expect(watched.said.contains("error stood still lane=0 phase="), "\(watched.said)")
    asked.send(SIGTERM)
    asked.send(SIGINT)
    let code = await asked.wait()
    #expect(code == 128 + SIGINT || code == 128 + SIGTERM, "\(code): \(asked.said)")
  }

  @Test("a lane that leaves the group for good gives its partitions to others at once")
  func leave() async throws {
    var topics = try RealTopics(on: RealKafka.shared.get())
    topics.settings.endsAtEnd = false
    topics.settings.kafka.properties["session.timeout.ms"] = "45000"
    // No wall clock: the log lies in the past, and nothing is due by the clock of 1970.
    topics.settings.wallClock = .running(from: Instant(ms: 0), speed: 1)
    let records = shop.records
    let stays = topics.instance("a").lane(shop.plan)
    try await stays.wait("its share") { $0.partitions.count == 4 }
    topics.settings.leavesGroup = true
    let leaves = topics.instance("b").lane(shop.plan)
    try await leaves.wait("its share") { $0.partitions.count == 2 }
    try topics.write(records[..<3000])
    try await leaves.wait("some records") { $0.records > 200 }
    try await leaves.end()
    let left = ContinuousClock.now
    try await stays.wait("all partitions") { $0.partitions.count == 4 && $0.restored >= 3 }
    #expect(ContinuousClock.now - left < .seconds(15), "long before the session has run out")
    let all = topics
    try await eventually("everything is done") { try all.committed() == 3000 }
    try await stays.end()
  }
}
