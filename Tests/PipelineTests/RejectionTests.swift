import Events
import Kafka
import Pipeline
import Simulation
import Testing

@Suite("Records that cannot be read stop nothing")
struct RejectionTests {
  /// What is wrong, and the record that has it.
  private static let bad: [(code: Rejection, value: String)] = [
    (.json, "{\"type\":\"track\",\"event\":"),
    (.user, "{\"type\":\"track\",\"event\":\"Product Viewed\",\"timestamp\":7000}"),
    (.type, "{\"type\":\"telegram\",\"userId\":\"eve\",\"timestamp\":7000}"),
    (.name, "{\"type\":\"track\",\"userId\":\"eve\",\"timestamp\":7000}"),
    (.time, "{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"eve\",\"timestamp\":\"yesterday\"}"),
    (.tooLarge, large),
  ]

  private static let large =
    "{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"eve\",\"timestamp\":7000,\"properties\":{\"x\":\""
    + String(repeating: "y", count: 2 << 20) + "\"}}"

  @Test("each is kept whole, with where it came from and why, and those around it are applied")
  func keptWhole() async throws {
    let embedded = try Embedded(partitions: 1)
    var records: [Outgoing] = []
    for (number, (_, value)) in Self.bad.enumerated() {
      records.append(SmallShop.viewed("good-\(number)", at: 1000 + Int64(number)))
      records.append(Outgoing(key: "key-\(number)", value: value, recordedMs: 9000 + Int64(number)))
    }
    records.append(SmallShop.viewed("last", at: 8000))
    try embedded.write(records)
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.rejected == Self.bad.map(\.code))
    #expect(story.totals?.rejected == Self.bad.count)
    #expect(Set(try embedded.changes().keys) == Set(Self.bad.indices.map { "good-\($0)" } + ["last"]))
    let kept = try embedded.rejected()
    // Not the values themselves: one of them is very long.
    #expect(kept.map(\.value?.count) == Self.bad.map(\.value.count))
    let isWhole = kept.map(\.value) == Self.bad.map(\.value)
    #expect(isWhole)
    for (number, record) in kept.enumerated() {
      #expect(record.key == "key-\(number)")
      #expect(record.headers["usher.code"] == Self.bad[number].code.rawValue)
      #expect(record.headers["usher.reason"] == Self.bad[number].code.sentence)
      #expect(record.headers["usher.topic"] == "retention.events")
      #expect(record.headers["usher.partition"] == "0")
      #expect(record.headers["usher.offset"] == "\(2 * number + 1)")
      #expect(record.headers["usher.timestamp_ms"] == "\(9000 + number)")
    }
  }

  @Test("tombstones and groups are counted and passed over, and do not move the clock")
  func skipped() async throws {
    let embedded = try Embedded(partitions: 1)
    try embedded.write([
      SmallShop.viewed("ada", at: 1000),
      Outgoing(key: "ada", value: nil, recordedMs: TestShop.recordedMs),
      Outgoing(
        key: "ada", value: "{\"type\":\"group\",\"userId\":\"ada\",\"groupId\":\"g\",\"timestamp\":99000000}",
        recordedMs: TestShop.recordedMs),
      Outgoing(key: "ada", value: "", recordedMs: TestShop.recordedMs),
    ])
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.totals?.skipped == 2)
    #expect(story.rejected == [.json], "an empty record is no tombstone")
    #expect(story.totals?.clock == Instant(ms: 1000))
    #expect(try embedded.changes()["ada"]?.count == 1, "nobody left: no time has passed")
  }

  @Test("without a topic for them they are counted and told, the lack is told once, and the lane goes on")
  func withoutTopic() async throws {
    let embedded = try Embedded(partitions: 1, without: ["retention.rejected"])
    try embedded.write(
      (0..<20).map { _ in Outgoing(key: "k", value: "nonsense", recordedMs: 1) } + [SmallShop.viewed("ada", at: 1000)])
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.missingRejected == ["retention.rejected"])
    #expect(story.rejected.count == 20)
    for case .rejected(_, _, _, let isKept) in story.events { #expect(!isKept) }
    #expect(try embedded.changes().keys.contains("ada"))
  }

  @Test("a key that is not the profile's id is counted, and the id in the record counts")
  func otherKey() async throws {
    let embedded = try Embedded(partitions: 1)
    var record = SmallShop.viewed("ada", at: 1000)
    record.key = "somebody"
    try embedded.write([record, SmallShop.viewed("ben", at: 2000)])
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.totals?.otherKeys == 1)
    #expect(Set(try embedded.changes().keys) == ["ada", "ben"])
  }
}
