import Foundation
import Kafka
import Testing

@testable import usher

struct GenerateTests {
  private func plan(_ words: String...) throws -> ShopPlan {
    GenerateOptions.plan(try Arguments(words, for: GenerateOptions.declaration))
  }

  @Test func withoutAnythingItIsAMonthOfAHundredThousandRecords() throws {
    let plan = try plan()
    #expect(plan.limit == 100_000)
    #expect(plan.endMs == nil)
    #expect(plan.profiles == ShopPlan.profiles(forEvents: 100_000, days: 30))
    #expect(plan.startMs == 1_767_225_600_000)
  }

  @Test func withProfilesTheDaysEndIt() throws {
    let plan = try plan("--profiles", "50", "--days", "2", "--start", "2026-03-01", "--late", "2%", "--seed", "9")
    #expect(plan.limit == nil)
    #expect(plan.profiles == 50)
    #expect(plan.startMs == 1_772_323_200_000)
    #expect(plan.endMs == plan.startMs + 2 * 86_400_000)
    #expect(plan.late == 0.02)
    #expect(plan.seed == 9)
  }

  @Test func recordsGoIntoAFileOneALine() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/events.ndjson"
    #expect(Dispatch(verbs: Verb.all).run(["generate", "--events", "700", "--out", path]) == 0)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 700)
    #expect(lines.allSatisfy { $0.first == "{" && $0.last == "}" })
  }

  @Test func aFileThatCannotBeWrittenFailsAndSaysWhy() throws {
    let folder = try ScratchFolder()
    let error = try Recorder()
    let words = ["generate", "--events", "7", "--out", "\(folder.path)/none/events.ndjson"]
    #expect(Dispatch(verbs: Verb.all).run(words, error: error.terminal) == 1)
    #expect(error.said.contains("No such file or directory"))
  }

  @Test func twoPlacesAtOnceAreRefused() throws {
    let error = try Recorder()
    let words = ["generate", "--out", "a", "--topic", "b"]
    #expect(Dispatch(verbs: Verb.all).run(words, error: error.terminal) == 2)
    #expect(error.said.contains("exclude each other"))
  }

  @Test func recordsGoIntoATopic() throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("retention.events", partitionCount: 3)
    let error = try Recorder()
    let words = ["generate", "--events", "700", "--topic", "retention.events"]
    let code = Dispatch(verbs: Verb.all).run(
      words + ["--bootstrap", cluster.bootstrapServers], error: error.terminal)
    #expect(code == 0, "\(error.said)")
    let reader = try Consumer(cluster.settings, ConsumerOptions(group: "reader"))
    var ends: [Int64] = []
    for partition in Int32(0)..<3 {
      ends.append(try reader.watermarks(TopicPartition("retention.events", partition), timeoutMs: 10_000).high)
    }
    #expect(ends.reduce(0, +) == 700)
    #expect(ends.allSatisfy { $0 > 0 })
    #expect(reader.close(timeoutMs: 10_000))
  }
}
