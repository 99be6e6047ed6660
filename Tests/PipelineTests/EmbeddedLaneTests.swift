import Judge
import Kafka
import Pipeline
import Simulation
import Testing

@Suite("A lane on an embedded cluster")
struct EmbeddedLaneTests {
  @Test("writes the changes that a backtest tells, word for word")
  func sameAsBacktest() async throws {
    let shop = try TestShop(events: 1500)
    let embedded = try Embedded()
    try embedded.write(shop.records)
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.records == 1500)
    #expect(story.aborted.isEmpty)
    let expected = shop.backtest(partitions: 4)
    expectSame(try embedded.changes(), expected)
    #expect(story.changes == expected.values.reduce(0) { $0 + $1.count })
    #expect((story.totals?.entries ?? []).reduce(0, +) > (story.totals?.exits ?? []).reduce(0, +))
  }

  @Test("writes the changes of random definitions over untidy logs", arguments: [3, 8, 15] as [UInt64])
  func randomShops(seed: UInt64) async throws {
    let shop = try TestShop(RandomShop.draw(seed: seed))
    let embedded = try Embedded()
    try embedded.write(shop.records)
    let story = try await embedded.lane(shop.plan).finish()
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
    #expect(try embedded.rejected().count == story.rejected.count)
  }

  @Test("tells where a change came from: partition, offset and clock")
  func origin() async throws {
    let shop = try TestShop(SmallShop.case)
    let embedded = try Embedded(partitions: 1)
    try embedded.write([SmallShop.viewed("ada", at: 5000, recorded: 6000)])
    try await embedded.lane(shop.plan).finish()
    let record = try #require(try read(embedded.settings.warehouse, embedded.settings.kafka).first)
    #expect(record.key == "ada")
    let context =
      "\"context\":{\"usher\":{\"partition\":0,\"offset\":0,\"clock\":\"1970-01-01T00:00:05.000Z\",\"emitted_at\":"
    #expect(record.value?.contains(context) == true, "\(record)")
  }

  @Test("goes on from its changelog where it was stopped, and counts on")
  func restart() async throws {
    let shop = try TestShop(events: 1200)
    let embedded = try Embedded()
    let records = shop.records
    try embedded.write(Array(records[..<500]))
    #expect(try await embedded.lane(shop.plan).finish().records == 500)
    try embedded.write(Array(records[500...]))
    let story = try await embedded.lane(shop.plan).finish()
    #expect(story.records == 700, "what was done is not done again")
    expectSame(try embedded.changes(), shop.backtest(partitions: 4))
  }

  @Test("an audience that does not go to the warehouse writes nothing there")
  func withoutDestination() async throws {
    let shop = try SmallShop.plan(files: [
      "ops/audiences/viewers.yaml": "when: { event: Product Viewed }\n",
      "ops/audiences/buyers.yaml": "when: { event: Order Completed }\nto: { warehouse: all }\n",
    ])
    let embedded = try Embedded(partitions: 1)
    try embedded.write([
      SmallShop.viewed("ada", at: 1000), SmallShop.track("Order Completed", "ada", at: 2000),
    ])
    try await embedded.lane(shop).finish()
    let changes = try embedded.changes()
    #expect(changes["ada"]?.count == 1)
    #expect(changes["ada"]?.first?.contains("\"audience\":\"buyers\"") == true)
  }

  @Test("each is told what is for them: the warehouse, ad platforms, analytics; and members are those who are in")
  func destinations() async throws {
    let plan = try SmallShop.plan(files: [
      "ops/audiences/viewers.yaml":
        "when: { event: Product Viewed }\nto: { ads: [meta], warehouse: all, analytics: [segment] }\n"
    ])
    let embedded = try Embedded(partitions: 1)
    let email = ",\"context\":{\"traits\":{\"email\":\"ada@example.com\"}}"
    let (told, plain) = (SmallShop.viewed("ada", at: 2000), SmallShop.viewed("bob", at: 3000))
    let withEmail = String(told.value?.dropLast() ?? "") + email + "}"
    try embedded.write([
      SmallShop.viewed("ada", at: 1000), Outgoing(key: "ada", value: withEmail, recordedMs: 2000), plain,
      Outgoing(key: "bob", value: "{\"type\":\"delete\",\"userId\":\"bob\",\"timestamp\":4000}", recordedMs: 4000),
    ])
    try await embedded.lane(plan).finish()
    let kafka = embedded.settings.kafka
    func changes(_ topic: String) throws -> [String] {
      try read(topic, kafka).compactMap { record in
        let value = record.value ?? "none"
        return ["entered", "exited", "updated", "delete", "none"].first { value.contains("\"\($0)\"") || value == $0 }
      }.sorted()
    }
    #expect(try changes(embedded.settings.warehouse) == ["delete", "entered", "entered", "exited"])
    #expect(try changes(embedded.settings.analytics) == ["delete", "entered", "entered", "exited"])
    #expect(try changes(embedded.settings.ads) == ["delete", "entered", "entered", "exited", "updated"])
    #expect(try changes(embedded.settings.members) == ["entered", "entered", "none", "updated"])
    let ads = try read(embedded.settings.ads, kafka)
    #expect(ads.allSatisfy { $0.key?.utf8.count == 64 && $0.value?.contains("@") == false })
    let members = try read(embedded.settings.members, kafka)
    #expect(members.allSatisfy { $0.key?.hasPrefix("viewers:") == true && $0.key?.utf8.count == 72 })
  }

  @Test("a partition without records is at its end, and a lane without anything to do ends")
  func empty() async throws {
    let embedded = try Embedded()
    let story = try await embedded.lane(try TestShop(SmallShop.case).plan).finish()
    #expect(story.records == 0)
    #expect(story.restored > 0)
  }
}
