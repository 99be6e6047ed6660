import Events
import Testing
import YAML

@testable import Audiences

/// Each rule finds what it is about, where it stands, and leaves sensible definitions alone.
@Suite("Lint")
struct LintTests {
  /// What an audience says besides what a test is about, so that nothing else is warned of.
  static let cared = "name: N\nversion: 1\nowner: team@shop.example\ngoal: Something\n"
  /// The same with somebody who gets it.
  static let sent = cared + "to: { warehouse: all }\n"
  static let policy = "suppress: { purposes: [retarget], audiences: [purchased-7d] }\n"
  static let now = Instant(iso8601: "2026-11-20") ?? .distantPast

  static let buyers = sent + "purpose: suppress\nwhen: { event: Order Completed, within: 7d }\n"

  /// All that a project says of the audience `vip` and others.
  static func told(
    _ text: String, others: [String: String] = [:], policy: String? = nil, now: Instant = now,
    taxonomy: String = TestProject.taxonomy
  ) -> [Diagnostic] {
    var texts = ["topics/taxonomy.yaml": taxonomy, "ops/traits.yaml": TestProject.traits]
    texts["ops/audiences/purchased-7d.yaml"] = buyers
    texts["ops/audiences/vip.yaml"] = text
    texts["ops/policy.yaml"] = policy
    for (key, other) in others { texts["ops/audiences/\(key).yaml"] = other }
    let contents = texts.mapValues { Array($0.utf8) }
    var reader = ProjectReader(contents: contents, diagnostics: [])
    return CheckedProject(reader.definitions(), contents: contents, now: now).diagnostics
  }

  static func codes(_ diagnostics: [Diagnostic]) -> [String] { diagnostics.map { $0.code ?? $0.headline } }

  @Test("Explanations are there for every code, each once")
  func explanations() {
    let codes = CodeExplanation.all.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes.first == "U001")
    for explanation in CodeExplanation.all {
      #expect(explanation.text.split(separator: "\n\n").count >= 2, "\(explanation.code)")
      #expect(explanation.title.first?.isUppercase == true && !explanation.title.hasSuffix("."), "\(explanation.code)")
    }
  }

  @Test("A code in 'allow' silences it in that file alone")
  func allow() {
    let text = Self.sent + "purpose: retarget\nwhen: { event: Product Viewed }\n"
    #expect(Self.codes(Self.told(text, policy: Self.policy)) == ["U003"])
    #expect(Self.codes(Self.told(text + "allow: [U003]\n", policy: Self.policy)).isEmpty)
    #expect(Self.codes(Self.told(text + "allow: [U005]\n", policy: Self.policy)) == ["U003"])
  }

  @Test("A code that no rule has is an error")
  func unknownCode() throws {
    let found = Self.told(Self.sent + "purpose: measure\nwhen: { event: Order Completed }\nallow: [U001, U099]\n")
    let error = try #require(found.first)
    #expect(found.count == 1 && error.severity == .error)
    #expect(error.headline == "ops/audiences/vip.yaml:8:15: error: there is no warning 'U099'")
  }

  @Test("Lint waits until the definitions can be read")
  func errorsFirst() {
    let found = Self.told("when: { evnt: Order Completed }\n")
    #expect(found.count == 1 && found[0].severity == .error)
  }
}
