import Audiences
import Engine
import Events
import Pipeline
import Testing

@Suite("What ad platforms and analytics are told of a person")
struct IdentifierChangesTests {
  private static let files = [
    "topics/taxonomy.yaml": """
    events:
      Visit: {}
      Consent Changed: { properties: { ad_user_data: boolean, ad_personalization: boolean } }
    traits: { email: string, tier: string, first_name: string }

    """,
    "ops/policy.yaml": "region: US\n",
    "ops/audiences/a.yaml": """
    when: { event: Visit, within: 1d }
    entry: { include: [email, tier, first_name] }
    to: { ads: [meta, google], warehouse: all, analytics: [segment] }

    """,
  ]

  private struct Told {
    var ads: [String] = []
    var members: [String?] = []
    var analytics: [String] = []
    var warehouse: [String] = []
  }

  private func told(_ lines: [String], untilMs: Int64? = nil) throws -> Told {
    let plan = Plan(try #require(Project.read(texts: Self.files).project))
    var backtest = Backtest(plan, until: untilMs.map(Instant.init(ms:)), tellsUpdates: true)
    var ads = AdsRecord(plan)
    var track = TrackRecord(plan)
    var told = Told()
    func take(_ change: Change, _ origin: ChangeOrigin, _ cause: Bytes) {
      told.ads.append(ads.write(change).text)
      told.members.append(ads.writeMember(after: change)?.text)
      told.analytics.append(track.write(change, for: .analytics, from: origin, cause: cause).text)
      told.warehouse.append(track.write(change, from: origin, cause: cause).text)
    }
    let log = ReadableLines(lines)
    for (number, line) in log.lines.enumerated() { try backtest.apply(line, number: Int64(number), took: take) }
    backtest.finish(after: Int64(lines.count), took: take)
    backtest.catchUp(took: take)
    withExtendedLifetime(log) {}
    return told
  }

  private func visit(_ ms: Int, _ more: String = "") -> String {
    "{\"type\":\"track\",\"event\":\"Visit\",\"userId\":\"u1\",\"timestamp\":\(ms)\(more)}"
  }

  private static let profile = "bb82030dbc2bcaba32a90bf2e207a84a856fc5f033b77c480836ab6f77f40f19"
  private static let ada = "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72"
  private static let dayMs = 86_400_000

  @Test("An entry, an update of who they are, and an exit; nothing in the clear but for the warehouse")
  func life() throws {
    let told = try told(
      [
        "{\"type\":\"identify\",\"userId\":\"u1\",\"timestamp\":1,\"traits\":{\"email\":\"Ada@Example.com\",\"tier\":\"gold\","
          + "\"first_name\":\"Ada\"}}",
        "{\"type\":\"track\",\"event\":\"Consent Changed\",\"userId\":\"u1\",\"timestamp\":2,"
          + "\"properties\":{\"ad_user_data\":true,\"ad_personalization\":false}}",
        visit(1000), visit(2000, ",\"context\":{\"traits\":{\"phone\":\"(415) 555-0132\"}}"),
        visit(3000, ",\"context\":{\"traits\":{\"phone\":\"+1 415 555 0132\",\"email\":\"ada@example.com\"}}"),
      ], untilMs: Int64(Self.dayMs * 2))
    try #require(told.ads.count == 3)
    let head = "\"audience\":\"a\",\"audience_name\":\"a\",\"version\":1,\"to\":[\"meta\",\"google\"],\"seq\":"
    for (record, change) in zip(told.ads, [("entered", 1), ("updated", 2), ("exited", 3)]) {
      #expect(record.hasPrefix("{\"type\":\"audience\",\"change\":\"\(change.0)\",\(head)\(change.1),"))
      #expect(record.contains("\"profile_sha256\":\"\(Self.profile)\""))
      #expect(record.contains("\"consent\":{\"ad_user_data\":\"granted\",\"ad_personalization\":\"denied\"}"))
      #expect(record.contains("{\"meta\":{\"email\":\"\(Self.ada)\""))
      #expect(record.contains("\"phone\"") == (change.1 > 1))
    }
    #expect(told.members[0] == told.ads[0] && told.members[1] == told.ads[1] && told.members[2] == nil)
    for record in told.ads + told.analytics {
      #expect(!record.lowercased().contains("ada") && !record.contains("@") && !record.contains("4155550132"))
    }
    #expect(told.analytics[0].contains("\"tier\":\"gold\"") && told.analytics[0].contains("\"to\":[\"segment\"]"))
    #expect(told.warehouse[0].hasSuffix("\"traits\":{\"email\":\"ada@example.com\"}}}"))
    #expect(told.warehouse[2].contains("\"phone\":\"+14155550132\""))
    #expect(
      told.warehouse[0].contains("\"first_name\":\"Ada\"")
        && told.warehouse[0].contains("\"email\":\"Ada@Example.com\""))
  }

  @Test("An identifier that is taken back is one no longer; one that comes late, or is none, changes nothing")
  func order() throws {
    let told = try told([
      visit(1000, ",\"context\":{\"traits\":{\"email\":\"ada@example.com\"}}"),
      visit(900, ",\"context\":{\"traits\":{\"email\":\"old@example.com\"}}"),
      visit(1100, ",\"context\":{\"traits\":{\"email\":\"nobody\"}}"),
      visit(1200, ",\"context\":{\"traits\":{\"email\":null}}"),
      visit(1300, ",\"context\":{\"traits\":{\"email\":null}}"),
    ])
    try #require(told.ads.count == 2)
    #expect(told.ads[0].contains(Self.ada))
    #expect(told.ads[1].contains("\"updated\"") && !told.ads[1].contains("identifiers"))
  }
}
