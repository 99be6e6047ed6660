import Foundation
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

@Suite("Crashes, on a real broker (USHER_TEST_KAFKA)", .serialized, .enabled(if: RealKafka.isAvailable))
struct RealCrashTests {
  @Test(
    "a process that is killed again and again leaves exactly the changes of one that is left alone",
    .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
  func killed() async throws {
    let shop = try TestShop(events: 30_000, profiles: 600, seed: 7)
    let topics = try RealTopics(on: RealKafka.shared.get())
    let project = try ProjectFolder(shop.files)
    try topics.write(shop.records)
    let words = topics.words(project) + ["--commit-interval", "10ms"]
    for kill in 1...5 {
      let process = try UsherProcess(words + ["--until-end"])
      let goal = Int64(kill) * 4000
      try await eventually("the process gets so far: \(process.said)") { try topics.committed() >= goal }
      process.send(SIGKILL)
      #expect(await process.wait() == 128 + SIGKILL)
    }
    #expect(try topics.committed() < 30_000, "killed in the middle")
    let last = try UsherProcess(words + ["--until-end"])
    #expect(await last.wait() == 0, "\(last.said)")
    #expect(try topics.committed() == 30_000)
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test(
    "a process that stood still takes what came meanwhile before its clock goes on",
    .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
  func paused() async throws {
    let shop = try TestShop(SmallShop.case)
    let topics = try RealTopics(on: RealKafka.shared.get(), partitions: 1)
    let project = try ProjectFolder(shop.files)
    let process = try UsherProcess(topics.words(project) + ["--kafka", "session.timeout.ms=30000", "--watchdog", "2s"])
    try topics.write([SmallShop.viewed("ada", at: Self.nowMs(), recorded: Self.nowMs())])
    try await eventually("the first record is done: \(process.said)") { try topics.committed(partitions: 1) > 0 }
    for round in 1...3 {
      process.send(SIGSTOP)
      let atMs = Self.nowMs()
      try topics.write([SmallShop.viewed("ben-\(round)", at: atMs, recorded: atMs)])
      // Longer than time waits for late records.
      try await Task.sleep(for: .seconds(4))
      process.send(SIGCONT)
      try await eventually("the record is done: \(process.said)") { try topics.committed(partitions: 1) > round }
      let change = try #require(try shop.judged(topics.changes())["ben-\(round)"]?.first)
      #expect(change == "\(atMs) ben-\(round) viewers entered event(Product Viewed)", "at its own time, not later")
    }
    process.send(SIGTERM)
    #expect(await process.wait() == 0, "\(process.said)")
  }

  @Test(
    "without Kafka the command line ends with one sentence",
    .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
  func unreachable() async throws {
    let project = try ProjectFolder(TestShop(SmallShop.case).files)
    let process = try UsherProcess(["--project", project.path, "--bootstrap", "127.0.0.1:1"])
    #expect(await process.wait() == 1)
    #expect(process.said.contains("no Kafka broker can be reached at 127.0.0.1:1"))
    #expect(process.said.split(separator: "\n").count <= 2, "\(process.said)")
  }

  private static func nowMs() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
