import Audiences
import Engine
import Events
import Pipeline
import Testing

@Suite("The record of an exit from an audience that is gone")
struct FarewellTests {
  private static let files = [
    "topics/taxonomy.yaml": "events: { Visit: {} }\n",
    "ops/audiences/b.yaml": "when: { not: { event: Visit } }\n",
    "ops/audiences/a.yaml": """
    name: Everybody
    version: 4
    purpose: seed
    when: { event: Visit }
    exit: { event: Gone }
    to: { warehouse: all }

    """,
  ]

  private static func plan(_ files: [String: String]) throws -> Plan {
    Plan(try #require(Project.read(texts: files).project))
  }

  @Test("tells what the audience was")
  func record() throws {
    let former = try Self.plan(Self.files)
    var engine = PartitionEngine(plan: former)
    var names = former.names
    var reader = RecordReader(former.taxonomy, names: &names)
    let log = ReadableLines(["{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"u\",\"timestamp\":1000}"])
    if case .record(let record) = reader.read(log.lines[0]) { engine.apply(record, at: Instant(ms: 1000)) }
    withExtendedLifetime(log) {}
    let plan = try Self.plan(Self.files.filter { $0.key != "ops/audiences/a.yaml" })
    let succession = Succession(from: PlanDictionary(former), to: plan, at: engine.clock)
    var adopting = PartitionEngine(plan: plan, succession: succession)
    adopting.restore(clock: engine.clock)
    _ = engine.forEachState(from: 0, most: 10) { adopting.adopt($0, filled: nil) }
    try #require(adopting.changes.count == 1)
    var record = TrackRecord(plan, after: succession)
    let told = record.write(
      adopting.change(0), from: ChangeOrigin(partition: 0, offset: 7, clock: adopting.clock), cause: .empty)
    let expected = """
      "properties":{"change":"exited","audience":"a","audience_name":"Everybody","version":4,"purpose":"seed",\
      "status":"out","seq":2,"reason":{"kind":"definition"},"entered_at":"1970-01-01T00:00:01.000Z"}
      """
    #expect(
      told.text.hasPrefix("{\"type\":\"track\",\"event\":\"Gone\",\"userId\":\"u\",") && told.text.contains(expected))
  }
}
