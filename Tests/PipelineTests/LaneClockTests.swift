import Events
import Judge
import Kafka
import Pipeline
import Simulation
import Testing

@Suite("The clock of a lane")
struct LaneClockTests {
  private static let hourMs: Int64 = 3_600_000
  private static let startMs: Int64 = 1_767_225_600_000

  @Test("a time after the record was written is replaced by the record's, and counted where it is far ahead")
  func future() async throws {
    let embedded = try Embedded(partitions: 1)
    // The limit is 5 minutes: a little ahead is not counted.
    try embedded.write([
      SmallShop.viewed("ada", at: Self.startMs + 240_000, recorded: Self.startMs),
      SmallShop.viewed("ben", at: Self.startMs + 99 * Self.hourMs, recorded: Self.startMs + 1),
    ])
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.totals?.future == 1)
    #expect(story.totals?.clock == Instant(ms: Self.startMs + 1))
    let changes = try embedded.changes()
    #expect(changes["ada"]?.first?.contains("\"timestamp\":\"2026-01-01T00:00:00.000Z\"") == true)
    #expect(changes["ben"]?.first?.contains("\"timestamp\":\"2026-01-01T00:00:00.001Z\"") == true)
  }

  @Test("a record without a time takes the record's own")
  func withoutTime() async throws {
    let embedded = try Embedded(partitions: 1)
    try embedded.write([SmallShop.viewed("ada", at: nil, recorded: Self.startMs + 5)])
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.rejected.isEmpty)
    #expect(try embedded.changes()["ada"]?.first?.contains("\"timestamp\":\"2026-01-01T00:00:00.005Z\"") == true)
  }

  @Test("at the end of a partition time goes on by itself: who is due enters and leaves without an event")
  func wallClock() async throws {
    var embedded = try Embedded(partitions: 1)
    embedded.settings.endsAtEnd = false
    embedded.settings.wallClock = .running(from: Instant(ms: Self.startMs), speed: 50_000)
    let plan = try SmallShop.plan(files: [
      "ops/audiences/waiting.yaml": """
      when: { event: Product Viewed, pick: last, between: [2h, 24h] }
      to: { warehouse: all }
      """
    ])
    try embedded.write([SmallShop.viewed("ada", at: Self.startMs)])
    let lane = embedded.lane(plan)
    try await lane.wait("the entry and the exit") { $0.changes == 2 }
    try await lane.end()
    let changes = try embedded.changes()["ada"] ?? []
    try #require(changes.count == 2)
    #expect(changes[0].contains("\"change\":\"entered\"") && changes[0].contains("\"reason\":{\"kind\":\"expired\"}"))
    #expect(changes[0].contains("\"timestamp\":\"2026-01-01T02:00:00.000Z\""), "at the very instant it fell due")
    #expect(changes[1].contains("\"change\":\"exited\""))
    #expect(changes[1].contains("\"timestamp\":\"2026-01-02T00:00:00.000Z\""))
    #expect(changes[1].contains("\"entered_at\":\"2026-01-01T02:00:00.000Z\""))
  }

  @Test("an event that comes after time went on by itself counts from the clock on, never in the past")
  func lateEvent() async throws {
    var embedded = try Embedded(partitions: 1)
    embedded.settings.endsAtEnd = false
    embedded.settings.wallClock = .running(from: Instant(ms: Self.startMs + 48 * Self.hourMs), speed: 1)
    let shop = try TestShop(SmallShop.case)
    try embedded.write([SmallShop.viewed("ada", at: Self.startMs)])
    let lane = embedded.lane(shop.plan)
    try await lane.wait("the exit by the wall clock") { $0.changes == 2 }
    try embedded.write([
      SmallShop.viewed("ben", at: Self.startMs + 47 * Self.hourMs),
      SmallShop.viewed("cy", at: Self.startMs + Self.hourMs),
    ])
    try await lane.wait("the late records") { $0.records == 3 }
    try await lane.end()
    let changes = try embedded.changes()
    let ben = try #require(changes["ben"]?.first)
    #expect(changes["cy"] == nil, "its window had passed before it came")
    // The clock stands two seconds behind the wall's.
    #expect(
      ben.contains("\"timestamp\":\"2026-01-02T23:59:5") || ben.contains("\"timestamp\":\"2026-01-03T00:"), "\(ben)")
  }

  @Test("a lane that ends at the end takes no wall clock")
  func untilEnd() async throws {
    var embedded = try Embedded(partitions: 1)
    embedded.settings.wallClock = .running(from: Instant(ms: Self.startMs + 1000 * Self.hourMs), speed: 50_000)
    try embedded.write([SmallShop.viewed("ada", at: Self.startMs)])
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.changes == 1)
    #expect(story.totals?.clock == Instant(ms: Self.startMs))
  }
}
