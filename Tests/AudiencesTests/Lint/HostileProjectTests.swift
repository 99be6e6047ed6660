import Events
import Testing
import YAML

@testable import Audiences

/// Projects in which there are more ways through than anyone could go: each must be told in a moment.
@Suite("Projects made to take for ever")
struct HostileProjectTests {
  private static func check(_ texts: [String: String]) throws -> Project {
    var texts = texts
    texts["topics/taxonomy.yaml"] = TestProject.taxonomy
    let contents = texts.mapValues { Array($0.utf8) }
    var reader = ProjectReader(contents: contents, diagnostics: [])
    let checked = CheckedProject(reader.definitions(), contents: contents, now: LintTests.now)
    let empty = Document(text: "", file: AudienceLock.path)
    let lock = checked.compare(with: AudienceLock(), of: empty, at: LintTests.now, isWriting: true).next
    let project = try #require(checked.project, "\(checked.diagnostics.first?.description ?? "")")
    #expect(lock.entries.count == project.audiences.count)
    #expect(project.describeAudiences().count == project.audiences.count)
    return project
  }

  private static let head = LintTests.sent + "purpose: retarget\n"

  @Test("Traits that are each made of another one twice", .timeLimit(.minutes(1)))
  func traits() throws {
    var traits = "t0: { event: Order Completed, within: 7d, sum: { of: revenue } }\n"
    for number in 1...100 { traits += "t\(number): { trait: t\(number - 1), minus: t\(number - 1) }\n" }
    let text = Self.head + "when: { trait: t100, is: { at_least: 3 } }\n"
    let project = try Self.check(["ops/traits.yaml": traits, "ops/audiences/vip.yaml": text])
    let described = try #require(project.describe(audience: "vip"))
    #expect(described.traits.count == 101)
    #expect(described.timeChanges == ["7 days after each Order Completed"])
    #expect(try #require(project.describe(trait: "t100")).events == ["Order Completed"])
  }

  @Test("Audiences that each look at another one in two ways", .timeLimit(.minutes(1)))
  func audiences() throws {
    var texts = ["ops/audiences/a0.yaml": Self.head + "when: { event: Product Viewed, within: 7d }\n"]
    for number in 1...60 {
      let other = "{ audience: a\(number - 1) }"
      texts["ops/audiences/a\(number).yaml"] =
        Self.head + "when: { any: [{ all: [\(other), { trait: tier, is: gold }] }, \(other)] }\n"
    }
    let project = try Self.check(texts)
    #expect(try #require(project.describe(audience: "a60")).timeChanges == ["whenever time changes a59"])
  }

  @Test("Combinations that lie deep within each other", .timeLimit(.minutes(1)))
  func depth() throws {
    func nested(_ event: String) -> String {
      var text = "{ event: \(event), within: 7d }"
      for level in 1...24 {
        let head = level.isMultiple(of: 2) ? "all" : "any"
        text = "{ \(head): [\(text), { event: \(event), count: { at_least: \(level + 1) } }] }"
      }
      return text
    }
    _ = try Self.check([
      "ops/audiences/a.yaml": Self.head + "when: \(nested("Product Viewed"))\n",
      "ops/audiences/b.yaml": Self.head + "when: \(nested("[Shop Visited, Add to Cart]"))\n",
    ])
  }
}
