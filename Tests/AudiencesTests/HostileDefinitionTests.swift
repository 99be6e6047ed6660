import Audiences
import Testing
import YAML

/// Definitions that were cut, mixed and broken at random: reading must end, and tell something or read something.
struct HostileDefinitionTests {
  /// A small generator of its own, so that a failing case comes again.
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let words = [
    "when", "event", "where", "all", "any", "not", "since", "pick", "having", "within", "between", "count", "sum", "of",
    "is", "at_least", "in", "Order Completed", "revenue", "products.price", "7d", "1e999", "-0", "~", "\"\"", "[", "]",
    "{", "}", ": ", ", ", "- ", "\n", "\n  ", "\n    ", "\t", "'", "\"", "|", ">", "#", "&a", "*a", "!!str", "---", "%",
    "\u{0}", "\u{FEFF}", "\u{2028}", "é", "99999999999999999999",
  ]

  @Test("Any mix of the language's words is answered", arguments: 0..<40)
  func mixes(seed: Int) {
    var random = Random(state: UInt64(seed))
    for _ in 0..<50 {
      let text = (0..<Int.random(in: 1...40, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? ""
      }
      let (audience, told) = TestProject.audience(text.joined())
      #expect(audience != nil || !told.isEmpty, "\(text.joined().debugDescription)")
    }
  }

  @Test("Any single byte changed in a right definition is answered", arguments: 0..<20)
  func changedBytes(seed: Int) {
    let right = """
      name: CI | Cart
      when:
        all:
          - { event: Checkout Started, pick: last, between: [2h, 24h], where: { value: { at_least: 10.5 } } }
          - not: { event: "Order Completed", since: { event: Checkout Started }, sum: { of: revenue, is: 3 } }
      to: { warehouse: all }
      """
    var random = Random(state: UInt64(seed) &+ 1_000)
    for _ in 0..<50 {
      var bytes = Array(right.utf8)
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      let contents = ["topics/taxonomy.yaml": Array(TestProject.taxonomy.utf8), "ops/audiences/cart.yaml": bytes]
      let (project, diagnostics) = Project.read(contents: contents)
      #expect(project != nil || diagnostics.hasErrors)
      for diagnostic in diagnostics { #expect(!diagnostic.description.isEmpty && !diagnostic.json.isEmpty) }
    }
  }

  @Test("Conditions nested beyond the limit are refused, in any form")
  func deepConditions() {
    let flow =
      String(repeating: "{ not: ", count: 5000) + "{ event: Order Completed }" + String(repeating: " }", count: 5000)
    #expect(TestProject.condition(flow).told.contains { $0.hasSuffix("this is nested too deep") })
    let block = "when:\n" + (1..<500).map { String(repeating: " ", count: $0) + "not:\n" }.joined()
    #expect(TestProject.audience(block).told.contains { $0.hasSuffix("this is nested too deep") })
  }

  @Test("A list of very many events or values is read in good time")
  func longLists() {
    let values = (0..<30_000).map { "c\($0)" }.joined(separator: ",")
    #expect(TestProject.condition("{ event: Order Completed, where: { coupon: { in: [\(values)] } } }").told == [])
    let events = (0..<30_000).map { "Ordr \($0)" }.joined(separator: ",")
    #expect(TestProject.condition("{ event: [\(events)] }").told.count == 101)
    let tests = (0..<30_000).map { "p\($0): 1" }.joined(separator: ",")
    #expect(TestProject.condition("{ event: Order Completed, where: { \(tests) } }").told.count == 101)
  }
}
