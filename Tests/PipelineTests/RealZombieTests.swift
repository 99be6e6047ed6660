import Foundation
import KafkaTestSupport
import Simulation
import Testing

@Suite(
  "Processes that stand still or die while others go on, on a real broker (USHER_TEST_KAFKA)", .serialized,
  .enabled(if: RealKafka.isAvailable), .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
struct RealZombieTests {
  let shop: TestShop
  let topics: RealTopics
  let project: ProjectFolder

  init() throws {
    shop = try TestShop(events: 16_000, profiles: 300, seed: 13)
    topics = try RealTopics(on: RealKafka.shared.get())
    project = try ProjectFolder(shop.files)
    folders = [try ScratchFolder(), try ScratchFolder()]
  }

  /// Processes keep their profiles on disk, each in a folder of its own.
  private let folders: [ScratchFolder]

  private func start(
    _ ownership: Ownership, process: Int, of processes: Int, folder: Int? = nil, _ more: [String] = []
  ) throws -> UsherProcess {
    try UsherProcess(
      topics.words(project) + ownership.words(process: process, of: processes)
        + ["--commit-interval", "10ms", "--kafka", "session.timeout.ms=3000", "--until-end"]
        + ["--state", folders[folder ?? process].path, "--memory", "16MiB"] + more)
  }

  @Test(
    "one that stood still while another took its partitions over commits nothing further", arguments: Ownership.allCases
  )
  func stoodStill(ownership: Ownership) async throws {
    let records = shop.records
    let first = try start(ownership, process: 0, of: 1)
    try topics.write(records[..<12_000])
    try await eventually("the first has begun: \(first.said)") { try topics.committed() > 500 }
    first.send(SIGSTOP)
    #expect(try topics.committed() < 12_000, "stopped in the middle")
    // By arithmetic a second process has the same number; in a group it has a name of its own.
    let second = try start(ownership, process: ownership == .fixed ? 0 : 1, of: 1, folder: 1)
    #expect(await second.wait() == 0, "\(second.said)")
    #expect(try topics.committed() == 12_000)
    let changes = try topics.changes()
    first.send(SIGCONT)
    if ownership == .fixed {
      #expect(await first.wait() == 1, "\(first.said)")
      #expect(first.said.contains("another process has taken over partitions of this one"), "\(first.said)")
    } else {
      #expect(await first.wait() == 0, "\(first.said)")
      #expect(first.said.contains("released lane=0 partitions=0,1,2,3"), "\(first.said)")
    }
    expectSame(try topics.changes(), changes)
    try topics.write(records[12_000...])
    let third = try start(ownership, process: 0, of: 1)
    #expect(await third.wait() == 0, "\(third.said)")
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }

  @Test(
    "two of two lanes that are killed in turn leave exactly the changes of a backtest", arguments: Ownership.allCases)
  func killed(ownership: Ownership) async throws {
    try topics.write(shop.records)
    let words = ["--lanes", "2"]
    var processes = [try start(ownership, process: 0, of: 2, words), try start(ownership, process: 1, of: 2, words)]
    for round in 1...4 {
      let goal = try topics.committed() + 1500
      try await eventually("they get so far: \(processes.map(\.said))") { try topics.committed() >= min(goal, 16_000) }
      let number = round % 2
      processes[number].send(SIGKILL)
      _ = await processes[number].wait()
      processes[number] = try start(ownership, process: number, of: 2, words)
    }
    for process in processes { #expect(await process.wait() == 0, "\(process.said)") }
    #expect(try topics.committed() == 16_000)
    expectSame(try topics.changes(), shop.backtest(partitions: 4))
  }
}
