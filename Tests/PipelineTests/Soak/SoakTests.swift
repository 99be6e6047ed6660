import KafkaTestSupport
import Testing

@Suite(
  "Everything that can happen to processes, brokers and requests, on real brokers (USHER_TEST_KAFKA)", .serialized,
  .enabled(if: RealKafka.isAvailable), .enabled(if: UsherProcess.program != nil, "the product 'usher' is not built"))
struct SoakTests {
  @Test("a short soak leaves exactly what an undisturbed run does")
  func short() async throws {
    var settings = SoakSettings(seed: 1, rounds: 4, eventsPerSecond: 60)
    settings.profiles = 300
    // Three take half a minute to start and as long to come back: that is for the long one.
    settings.brokers = 1
    settings.deck = [.kill, .delay, .restart, .swap]
    try await soak(settings)
  }

  @Test(
    "a long soak leaves exactly what an undisturbed run does", .enabled(if: SoakSettings.isAsked, "make soak runs it"))
  func long() async throws {
    try await soak(.fromEnvironment)
  }

  /// Runs it on a thread of its own, which it blocks.
  private func soak(_ settings: SoakSettings) async throws {
    let diary: SoakDiary = try await withCheckedThrowingContinuation { continuation in
      onThread {
        continuation.resume(
          with: Result {
            let run = try SoakRun(settings)
            do { try run.run() } catch { run.diary.problem("it could not go on: \(error)") }
            return run.diary
          })
      }
    }
    for problem in diary.problems { Issue.record("\(problem)") }
    if !diary.problems.isEmpty { Issue.record("\(settings)\n\(diary.text)") }
  }
}
