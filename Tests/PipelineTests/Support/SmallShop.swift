import Audiences
import Judge
import Simulation
import Testing
import YAML

/// A shop of one audience: who looked at a product within two hours.
enum SmallShop {
  static let taxonomy = Judge.Taxonomy(events: [KnownEvent("Product Viewed"), KnownEvent("Order Completed")])

  static let `case` = ShopCase(
    taxonomy: taxonomy,
    definitions: [
      Definition("viewers", when: .event(Leaf(["Product Viewed"], window: .within(Span(2, .hours)))))
    ], lines: [])

  /// Definitions of one's own.
  static func plan(files: [String: String]) throws -> Plan {
    let (project, diagnostics) = Project.read(
      texts: files.merging(["topics/taxonomy.yaml": taxonomy.yaml]) { mine, _ in mine })
    let errors = diagnostics.filter { $0.severity == .error }
    let read = try #require(errors.isEmpty ? project : nil, "\(errors)")
    return Plan(read)
  }

  /// A `track` record; `time` is JSON, and stays out where it is nil.
  static func track(
    _ event: String, _ user: String, at time: Int64?, recorded recordedMs: Int64? = nil
  ) -> Outgoing {
    let timestamp = time.map { ",\"timestamp\":\($0)" } ?? ""
    return Outgoing(
      key: user, value: "{\"type\":\"track\",\"event\":\"\(event)\",\"userId\":\"\(user)\"\(timestamp)}",
      recordedMs: recordedMs ?? TestShop.recordedMs)
  }

  static func viewed(_ user: String, at time: Int64?, recorded recordedMs: Int64? = nil) -> Outgoing {
    track("Product Viewed", user, at: time, recorded: recordedMs)
  }
}
