import Audiences
import Engine
import Events
import Pipeline
import Testing

@Suite("What ad platforms are told when definitions change")
struct AdsSuccessionTests {
  private static func files(to: String, region: String = "") -> [String: String] {
    [
      "topics/taxonomy.yaml": """
      events:
        Visit: {}
        Consent Changed: { properties: { ad_user_data: boolean, ad_personalization: boolean } }

      """,
      "ops/policy.yaml": region,
      "ops/audiences/a.yaml": "when: { event: Visit }\nto: { ads: [\(to)], warehouse: none }\n",
    ].filter { !$0.value.isEmpty }
  }

  private static let lines = [
    "{\"type\":\"track\",\"event\":\"Consent Changed\",\"userId\":\"u\",\"timestamp\":1000,"
      + "\"properties\":{\"ad_user_data\":true,\"ad_personalization\":false}}",
    "{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"u\",\"timestamp\":2000,"
      + "\"context\":{\"traits\":{\"phone\":\"(415) 555-0132\"}}}",
  ]

  private func engine(_ plan: Plan, isFilling: Bool = false) -> PartitionEngine {
    var engine = PartitionEngine(plan: plan, isFilling: isFilling)
    var names = plan.names
    var reader = RecordReader(plan.taxonomy, names: &names)
    let log = ReadableLines(Self.lines)
    for line in log.lines {
      if case .record(let record) = reader.read(line), let time = record.time { engine.apply(record, at: time) }
    }
    withExtendedLifetime(log) {}
    engine.clearChanges()
    return engine
  }

  /// What is told where the one definitions give way to the others: each change, and who is in for those who hold members.
  private func told(
    from former: [String: String], to next: [String: String]
  ) throws -> [(change: String, member: String?)] {
    let former = Plan(try #require(Project.read(texts: former).project))
    let plan = Plan(try #require(Project.read(texts: next).project))
    let before = engine(former)
    let filled = engine(plan, isFilling: true)
    let succession = Succession(from: PlanDictionary(former), to: plan, at: before.clock)
    var adopting = PartitionEngine(plan: plan, succession: succession)
    adopting.restore(clock: before.clock)
    _ = before.forEachState(from: 0, most: 10) {
      adopting.adopt($0, filled: succession.needsLog ? filled.state(of: $0.id) : nil)
    }
    var record = AdsRecord(plan, after: succession)
    var told: [(change: String, member: String?)] = []
    for index in 0..<adopting.changes.count {
      let change = adopting.change(index)
      told.append((record.write(change).text, record.writeMember(after: change)?.text))
    }
    return told
  }

  @Test("a platform that is taken out is told an exit; for the others the person stays in, with what they allow")
  func takenOut() throws {
    let told = try told(from: Self.files(to: "meta, google"), to: Self.files(to: "google"))
    try #require(told.count == 1)
    #expect(told[0].change.contains("\"change\":\"exited\"") && told[0].change.contains("\"to\":[\"meta\"]"))
    let member = try #require(told[0].member)
    #expect(member.contains("\"change\":\"entered\"") && member.contains("\"to\":[\"google\"]"))
    #expect(member.contains("\"ad_personalization\":\"denied\""))
  }

  @Test("a platform that is added is told who is in; where all are taken out nobody is a member")
  func added() throws {
    let told = try told(from: Self.files(to: "meta"), to: Self.files(to: "meta, google"))
    try #require(told.count == 1)
    #expect(told[0].change.contains("\"change\":\"entered\"") && told[0].change.contains("\"to\":[\"google\"]"))
    #expect(told[0].member?.contains("\"to\":[\"meta\",\"google\"]") == true)
    let gone = try self.told(from: Self.files(to: "meta"), to: Self.files(to: ""))
    #expect(gone.count == 1 && gone[0].member == nil && gone[0].change.contains("\"exited\""))
  }

  @Test("phone numbers that another region makes numbers are told")
  func region() throws {
    let told = try told(from: Self.files(to: "meta"), to: Self.files(to: "meta", region: "region: US\n"))
    try #require(told.count == 1)
    #expect(told[0].change.contains("\"change\":\"updated\"") && told[0].change.contains("\"phone\":"))
    #expect(told[0].member?.contains("\"phone\":") == true)
  }
}
