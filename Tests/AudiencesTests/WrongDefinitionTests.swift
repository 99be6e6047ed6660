import Foundation
import Testing
import YAML

/// Every file in `Wrong` is a mistake somebody will make; beside it stands, word for word, what it is answered with.
/// `UPDATE=1 swift test --filter WrongDefinitionTests` writes these answers anew.
struct WrongDefinitionTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Wrong")

  /// The subfolders, and which file of a project their files stand for; files in none are audiences.
  private static let places = [
    "taxonomy": "topics/taxonomy.yaml", "policy": "ops/policy.yaml", "traits": "ops/traits.yaml",
  ]

  static let cases: [String] = {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  /// A project in which that file is the only one with a mistake. One in `several` holds all files of its project,
  /// each below a line `#= PATH`.
  private static func project(of name: String) throws -> [String: String] {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    let parts = name.split(separator: "/").map(String.init)
    var texts = ["topics/taxonomy.yaml": TestProject.taxonomy]
    if parts[0] == "several" {
      for part in text.components(separatedBy: "#= ").dropFirst() {
        let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        texts[String(lines[0])] = String(lines[1])
      }
      return texts
    }
    if parts[0] != "taxonomy" {
      texts["ops/traits.yaml"] = TestProject.traits
      texts.merge(TestProject.audiences) { $1 }
    }
    if parts[0] == "traits" { for path in TestProject.audiences.keys { texts[path] = nil } }
    texts[parts.count == 2 ? places[parts[0]] ?? name : "ops/audiences/" + name] = text
    return texts
  }

  /// All that a project says.
  private static func answer(to name: String) throws -> (text: String, diagnostics: [Diagnostic]) {
    let (project, diagnostics) = TestProject.read(try project(of: name))
    #expect(project == nil || !diagnostics.hasErrors, "\(name): a project with errors was handed out")
    return (diagnostics.map { "\($0)\n" }.joined(separator: "\n"), diagnostics)
  }

  @Test("Each wrong definition is answered exactly as written beside it", arguments: cases)
  func answers(name: String) throws {
    let answer = try Self.answer(to: name).text
    let expected = Self.folder.appending(path: String(name.dropLast(5)) + ".expected")
    if ProcessInfo.processInfo.environment["UPDATE"] == "1" {
      try answer.write(to: expected, atomically: true, encoding: .utf8)
    }
    #expect(answer == (try String(contentsOf: expected, encoding: .utf8)))
  }

  @Test("Each wrong definition is answered, in its own file and inside it", arguments: cases)
  func placesAreInTheFile(name: String) throws {
    let diagnostics = try Self.answer(to: name).diagnostics
    #expect(!diagnostics.isEmpty)
    let texts = try Self.project(of: name)
    for diagnostic in diagnostics {
      #expect(diagnostic.file.hasSuffix(name.split(separator: "/").last ?? "") || name.contains("/"))
      let lines = try #require(texts[diagnostic.file]).split(separator: "\n", omittingEmptySubsequences: false)
      #expect((1...lines.count).contains(diagnostic.line))
      #expect((1...lines[diagnostic.line - 1].unicodeScalars.count + 1).contains(diagnostic.column))
      #expect(diagnostic.length >= 1)
    }
  }

  @Test("There are wrong definitions of every kind")
  func thereAreEnough() {
    #expect(Self.cases.count >= 300)
  }

  @Test("No expected answer is left without its definition")
  func noOrphans() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path())
    for name in names where name.hasSuffix(".expected") {
      #expect(Self.cases.contains(String(name.dropLast(9)) + ".yaml"), "\(name)")
    }
  }
}
