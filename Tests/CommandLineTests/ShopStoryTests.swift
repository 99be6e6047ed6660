import Events
import Foundation
import Testing

@testable import usher

/// The story as a whole: whether it is a shop's.
struct ShopStoryTests {
  /// One record, as the tests ask about it.
  private struct Entry: Sendable {
    let json: [UInt8]
    let type: String
    let event: String
    let userID: String?
    let anonymousID: String?
    let orderID: String?
    let productCount: Int
  }

  /// Told once for all tests: 1,500 people over 60 days.
  private struct Story: Sendable {
    let taxonomy: Taxonomy
    var entries: [Entry] = []

    init() throws {
      taxonomy = try sampleTaxonomy()
      var plan = ShopPlan()
      plan.profiles = 1500
      plan.endMs = plan.startMs + 60 * 86_400_000
      var shop = ShopStream(plan)
      while shop.next() { entries.append(try entry(shop.json)) }
    }

    private func entry(_ json: [UInt8]) throws -> Entry {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
      let properties = object["properties"] as? [String: Any] ?? [:]
      let name = object["event"] as? String ?? ""
      let products = ["products", "items", "line_items"].compactMap { properties[$0] as? [Any] }.first ?? []
      return Entry(
        json: json, type: try #require(object["type"] as? String), event: taxonomy.event(named: name)?.name ?? name,
        userID: object["userId"] as? String, anonymousID: object["anonymousId"] as? String,
        orderID: properties["order_id"] as? String ?? properties["transaction_id"] as? String,
        productCount: products.count)
    }
  }

  private static let story = Result { try Story() }
  private let taxonomy: Taxonomy
  private let entries: [Entry]

  init() throws {
    taxonomy = try Self.story.get().taxonomy
    entries = try Self.story.get().entries
  }

  private func count(_ event: String) -> Int { entries.count { $0.event == event } }

  @Test func allCanonicalEventsHappen() {
    let canonical = taxonomy.events.map(\.name).filter { $0 != Taxonomy.pageViewed && $0 != Taxonomy.screenViewed }
    #expect(canonical.count == 15)
    for name in canonical { #expect(count(name) > 0, "\(name) never happens") }
    #expect(entries.contains { $0.type == "identify" })
  }

  @Test func theFunnelNarrows() {
    let orders = Set(entries.filter { $0.event == "Order Completed" }.compactMap(\.orderID)).count
    let steps = [count("Product Viewed"), count("Add to Cart"), count("Checkout Started"), orders]
    #expect(steps == steps.sorted(by: >), "views, carts, checkouts, orders: \(steps)")
    #expect(orders > 100)
    #expect(count("Add to Cart") > count("Remove from Cart"))
    #expect(count("Message Sent") > count("Message Opened"))
    #expect(count("Message Opened") > count("Message Clicked"))
    #expect(orders > count("Order Refunded") && count("Order Refunded") > count("Payment Disputed"))
  }

  @Test func mostEventsHaveTheirCanonicalNames() {
    let texts = entries.map { String(decoding: $0.json, as: UTF8.self) }
    let tracks = texts.filter { $0.hasPrefix("{\"type\":\"track\"") }
    let canonical = tracks.filter { line in taxonomy.events.contains { line.contains("\"event\":\"\($0.name)\"") } }
    #expect(Double(canonical.count) > 0.8 * Double(tracks.count))
    for name in ["view_item", "Product Added", "purchase", "orders/create", "Opened Email"] {
      #expect(tracks.contains { $0.contains("\"event\":\"\(name)\"") }, "nothing is called \(name)")
    }
  }

  @Test func someOrdersAreReportedByThePageAndByTheServer() {
    let reports = Dictionary(grouping: entries.filter { $0.event == "Order Completed" }) { $0.orderID ?? "" }
    let twice = reports.filter { $0.value.count == 2 }
    #expect(!twice.isEmpty)
    for (order, pair) in twice {
      #expect(pair[0].userID == pair[1].userID, "order \(order)")
      #expect(pair[0].productCount == pair[1].productCount, "order \(order)")
    }
    #expect(reports.allSatisfy { !$0.key.isEmpty && $0.value.count <= 2 })
  }

  @Test func strangersBrowseBeforeTheyAreKnown() {
    var strangers: Set<String> = []
    var met = 0
    for entry in entries {
      guard let device = entry.anonymousID else { continue }
      if entry.userID == nil {
        strangers.insert(device)
      } else if entry.type == "identify", strangers.contains(device) {
        met += 1
      }
    }
    #expect(met > 10)
    #expect(entries.allSatisfy { $0.event != "Order Completed" || $0.userID != nil })
  }

  @Test func theEngineReadsEveryRecordAndKnowsEveryName() throws {
    var names = PropertyNames()
    var reader = RecordReader(taxonomy, names: &names)
    for line in entries.map(\.json) {
      let padded = line + [UInt8](repeating: 0, count: RecordReader.padding)
      let isRead = padded.withUnsafeBufferPointer { buffer in
        if case .record = reader.read(Bytes(buffer.baseAddress!, count: line.count)) { true } else { false }
      }
      #expect(isRead, "\(String(decoding: line, as: UTF8.self))")
    }
    #expect(reader.unknownEvents.total == 0)
    #expect(reader.wrongTypes.isEmpty)
  }

  @Test func everyPropertyIsDeclared() throws {
    var unknown: Set<String> = []
    for line in entries.map(\.json) {
      guard let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else { continue }
      guard let name = object["event"] as? String, let event = taxonomy.event(named: name) else { continue }
      for (key, value) in object["properties"] as? [String: Any] ?? [:] {
        let inner = (value as? [[String: Any]])?.first.map { Array($0.keys) } ?? []
        for path in inner.isEmpty ? [key] : inner.map({ "\(key).\($0)" }) {
          if try event.property(at: #require(PropertyPath(path))) == nil { unknown.insert("\(event.name): \(path)") }
        }
      }
    }
    #expect(unknown.isEmpty)
  }
}
