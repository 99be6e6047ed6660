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
    "\u{0}", "\u{FEFF}", "\u{2028}", "é", "99999999999999999999", "trait", "audience", "vip", "purchased-7d", "ltv",
    "minus", "over", "ago", "ahead", "gap", "by", "followed_by", "not_followed_by", "same", "favorite", "distinct",
    "average", "collect", "keep", "last_at", "true", "true", "unless", "holdout", "percent", "salt", "until", "entry",
    "include", "suppress", "purposes", "audiences", "groups", "naming", "(", ")", "*", "+", "?", "\\", "^", "limits",
    "entries", "2026-02-30", "top", "10%",
  ]
  private static let kinds = ["audience", "trait", "policy"]

  @Test("Any mix of the language's words is answered", arguments: 0..<40)
  func mixes(seed: Int) {
    var random = Random(state: UInt64(seed))
    for round in 0..<50 {
      let text = (0..<Int.random(in: 1...40, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? ""
      }
      let (audience, told) = TestProject.audience(text.joined())
      #expect(audience != nil || !told.isEmpty, "\(text.joined().debugDescription)")
      for diagnostic in RightSamples.diagnostics(text.joined(), as: Self.kinds[round % 3]) {
        #expect(!diagnostic.description.isEmpty && !diagnostic.json.isEmpty)
      }
    }
  }

  @Test("Any single byte changed in a right file is answered", arguments: 0..<20)
  func changedBytes(seed: Int) {
    var random = Random(state: UInt64(seed) &+ 1_000)
    for round in 0..<60 {
      let kind = Self.kinds[round % 3]
      guard let right = RightSamples.texts(for: kind).randomElement(using: &random) else { continue }
      var bytes = Array(right.utf8)
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      let path = ["ops/audiences/vip.yaml", "ops/traits.yaml", "ops/policy.yaml"][round % 3]
      var contents = TestProject.audiences.mapValues { Array($0.utf8) }
      contents["topics/taxonomy.yaml"] = Array(TestProject.taxonomy.utf8)
      contents[path] = bytes
      let (project, diagnostics) = Project.read(contents: contents)
      #expect(project != nil || diagnostics.hasErrors)
      for diagnostic in diagnostics { #expect(!diagnostic.description.isEmpty && !diagnostic.json.isEmpty) }
    }
  }

  /// A right file whose words and marks were changed, left out, doubled or mixed with others'.
  private static func mutated(_ text: String, _ random: inout Random) -> String {
    let pattern = /[A-Za-z0-9_.-]+|[^A-Za-z0-9_.-]/
    var tokens = text.matches(of: pattern).map { String($0.output) }
    for _ in 0..<Int.random(in: 1...3, using: &random) where !tokens.isEmpty {
      let place = Int.random(in: tokens.indices, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: tokens.remove(at: place)
      case 1: tokens.insert(tokens[place], at: place)
      case 2: tokens[place] = words.randomElement(using: &random) ?? ""
      default: tokens.swapAt(place, Int.random(in: tokens.indices, using: &random))
      }
    }
    return tokens.joined()
  }

  @Test("No change of a right file is refused by a schema and taken by the reader", arguments: 0..<20)
  func mutations(seed: Int) throws {
    var random = Random(state: UInt64(seed) &+ 2_000)
    for kind in Self.kinds {
      let validator = try SchemaValidator(SchemaTests.schema(kind))
      for _ in 0..<20 {
        guard let right = RightSamples.texts(for: kind).randomElement(using: &random) else { continue }
        let text = Self.mutated(right, &random)
        guard let root = Document(text: text, file: kind).root, !validator.accepts(JSONValue(root)) else { continue }
        #expect(RightSamples.diagnostics(text, as: kind).hasErrors, "\(kind): \(text.debugDescription)")
      }
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

  @Test("Sequels nested beyond the limit are refused")
  func deepSequels() {
    let text =
      String(repeating: "{ event: Add to Cart, followed_by: ", count: 500) + "Add to Cart"
      + String(repeating: " }", count: 500)
    #expect(TestProject.condition(text).told.contains { $0.hasSuffix("this is nested too deep") })
  }

  @Test("Very long files of every kind are read in good time")
  func longFiles() {
    let order = "when: { event: Order Completed }\n"
    let names = (0..<20_000).map { "n\($0)" }.joined(separator: ",")
    #expect(TestProject.audience(order + "unless: [\(names)]\n").told.count == 101)
    #expect(TestProject.audience(order + "entry: { include: [\(names)] }\n").told.count == 101)
    #expect(RightSamples.told("groups: { g: [\(names)] }\n", as: "policy").count == 101)
    let selves = Array(repeating: "{ audience: vip }", count: 20_000).joined(separator: ",")
    #expect(TestProject.audience("when: { any: [\(selves)] }\n").told.count == 1)
    let traits = (0..<5_000).map { "t\($0): { trait: t\($0 + 1), minus: t\(($0 + 2) % 5_000) }\n" }.joined()
    let rings = RightSamples.told(traits, as: "trait")
    #expect(rings.count > 1 && rings.allSatisfy { $0.utf8.count < 300 })
    let chain = (0..<10_000).map { "t\($0): { trait: t\($0 + 1), minus: predicted_ltv }\n" }.joined()
    #expect(RightSamples.told(chain + "t10000: { event: Order Completed, count: true }\n", as: "trait") == [])
  }
}
