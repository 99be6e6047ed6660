import Audiences
import Engine
import Events
import Testing

/// What an engine keeps does not grow with the number of records, only with what its leaves must know.
@Suite("An engine that is warm")
struct SteadyStateTests {
  private static let files = [
    "topics/taxonomy.yaml": """
    events:
      Product Viewed: { properties: { category: string, price: number } }
      Order Completed:
        unique: order_id
        properties: { order_id: string, revenue: number, products: [{ category: string, price: number, quantity: number }] }
    """,
    "ops/audiences/browsers.yaml":
      "when: { event: Product Viewed, where: { category: { in: [tea, coffee] } }, within: 7d, count: { at_least: 3 } }\n",
    "ops/audiences/spenders.yaml":
      "when: { event: Order Completed, within: 30d, sum: { of: revenue, is: { more_than: 300 } } }\n",
    "ops/audiences/lapsed.yaml":
      "when: { all: [{ event: Order Completed, pick: last, between: [1h, 30d] }, { not: { event: Product Viewed, since: Order Completed } }] }\n",
    "ops/audiences/cheap.yaml":
      "when: { event: Product Viewed, within: 1d, max: { of: price, is: { at_most: 20 } } }\n",
  ]

  @Test("needs no more memory for further records of the same shop")
  func steadyState() throws {
    let project = try #require(Project.read(texts: Self.files).project)
    let plan = Plan(project)
    var engine = PartitionEngine(plan: plan)
    var names = plan.names
    var reader = RecordReader(plan.taxonomy, names: &names)
    var log = ShopLog()
    for _ in 0..<300_000 { log.step(&engine, &reader) }
    let warm = engine.memoryBytes
    for _ in 0..<100_000 { log.step(&engine, &reader) }
    #expect(engine.counts.applied == 400_000 && engine.counts.changes > 5000, "the log brings changes about")
    #expect(engine.memoryBytes == warm)
  }
}

/// Writes the records of a small shop into one buffer, and applies them.
private struct ShopLog: ~Copyable {
  private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 1024)
  private var writer = JSONWriter(capacity: 1024)
  private var number: Int64 = 0

  init() { bytes.initialize(repeating: 0, count: 1024) }

  deinit { bytes.deallocate() }

  mutating func step(_ engine: inout PartitionEngine, _ reader: inout RecordReader) {
    number += 1
    let user = number &* 7919 % 500
    writer.clear()
    writer.raw("{\"type\":\"track\",\"userId\":")
    writer.integer(user)
    writer.raw(",\"messageId\":")
    writer.integer(number)
    writer.raw(",\"timestamp\":")
    writer.integer(1_767_225_600_000 + number * 60_000)
    if number % 9 == 0 {
      writer.raw(",\"event\":\"order_completed\",\"properties\":{\"revenue\":120.5,\"order_id\":")
      writer.integer(number)
      writer.raw(",\"products\":[{\"category\":\"tea\",\"price\":12.5,\"quantity\":2},{\"category\":\"milk\"}]}}")
    } else {
      writer.raw(
        ",\"event\":\"Product Viewed\",\"properties\":{\"category\":\"coffee\",\"note\":\"a \\\"b\\\"\",\"price\":")
      writer.integer(number % 40)
      writer.raw("}}")
    }
    bytes.update(from: writer.bytes.start, count: writer.count)
    if case .record(let record) = reader.read(Bytes(bytes, count: writer.count)), let time = record.time {
      engine.apply(record, at: time)
    }
    engine.clearChanges()
    engine.clearDirty()
  }
}
