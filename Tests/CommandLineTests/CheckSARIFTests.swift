import Audiences
import Foundation
import Testing
import YAML

@testable import usher

/// SARIF as its standard (2.1.0) wants it, in the parts that code hosts read.
struct CheckSARIFTests {
  private static let source = Source(file: "ops/audiences/vip.yaml", text: "name: x\nversion: 3\n")
  private static let place = Place(start: Position(line: 2, column: 1), end: Position(line: 2, column: 8))
  private static let diagnostics = [
    source.error(at: place, "unknown key 'verzion'", expected: "one of: name", suggestion: "version"),
    source.warning(at: place, "it is \"odd\"\nand goes on"),
    source.warning(at: place, "nobody owns this audience", expected: "'owner:'", code: "U010"),
    source.error(at: place, "the logic has changed", code: "L001"),
  ]

  /// The only run of a report.
  private static func run(_ diagnostics: [Diagnostic], below folder: String = ".") throws -> [String: Any] {
    let text = SARIFReport(diagnostics, below: folder).text
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    #expect((root["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
    let runs = try #require(root["runs"] as? [[String: Any]])
    #expect(runs.count == 1)
    return try #require(runs.first)
  }

  private static func rules(_ run: [String: Any]) throws -> [[String: Any]] {
    let tool = try #require(run["tool"] as? [String: Any])
    let driver = try #require(tool["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "usher check")
    return try #require(driver["rules"] as? [[String: Any]])
  }

  private static func text(_ message: Any?) -> String? { (message as? [String: Any])?["text"] as? String }

  @Test func everyCodeIsARule() throws {
    let rules = try Self.rules(try Self.run([]))
    let ids = rules.compactMap { $0["id"] as? String }
    #expect(ids == ["error", "warning"] + CodeExplanation.all.map(\.code))
    for rule in rules {
      #expect(Self.text(rule["shortDescription"])?.isEmpty == false)
      #expect(Self.text(rule["fullDescription"])?.isEmpty == false)
      #expect(Self.text(rule["help"])?.isEmpty == false)
      let level = (rule["defaultConfiguration"] as? [String: Any])?["level"] as? String
      let isError = ["error", "L001", "L002"].contains(rule["id"] as? String)
      #expect(level == (isError ? "error" : "warning"))
    }
  }

  @Test func everyFindingHasItsRuleItsLevelAndItsPlace() throws {
    let run = try Self.run(Self.diagnostics)
    let rules = try Self.rules(run)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["ruleId"] as? String } == ["error", "warning", "U010", "L001"])
    #expect(results.map { $0["level"] as? String } == ["error", "warning", "warning", "error"])
    #expect(
      results.map { Self.text($0["message"]) } == [
        "unknown key 'verzion'. Expected one of: name. Did you mean 'version'?", "it is \"odd\"\nand goes on.",
        "nobody owns this audience. Expected 'owner:'.", "the logic has changed.",
      ])
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      let locations = try #require(result["locations"] as? [[String: Any]])
      let physical = try #require(locations.first?["physicalLocation"] as? [String: Any])
      #expect((physical["artifactLocation"] as? [String: Any])?["uri"] as? String == "ops/audiences/vip.yaml")
      let region = try #require(physical["region"] as? [String: Int])
      #expect(region == ["startLine": 2, "startColumn": 1, "endColumn": 8])
    }
  }

  @Test func aProjectWithoutFindingsHasAnEmptyListOfThem() throws {
    #expect((try Self.run([])["results"] as? [Any])?.isEmpty == true)
  }

  @Test(arguments: [
    (".", "ops/a.yaml", "ops/a.yaml"), ("./shop/", "ops/a.yaml", "shop/ops/a.yaml"),
    ("my shop", "ops/é%.yaml", "my%20shop/ops/%C3%A9%25.yaml"),
    ("/srv/shop", "ops/a.yaml", "file:///srv/shop/ops/a.yaml"),
  ])
  func pathsAreToldFromWhereTheFolderIs(folder: String, file: String, uri: String) {
    #expect(SARIFReport.uri(of: file, below: folder) == uri)
  }
}
