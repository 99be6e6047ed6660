import Audiences
import Foundation
import Testing
import YAML

/// Every file in `Wrong` is a mistake somebody will make; beside it stands, word for word, what it is answered with.
/// `UPDATE=1 swift test --filter WrongDefinitionTests` writes these answers anew.
struct WrongDefinitionTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Wrong")

  /// The subfolders, and which file of a project their files stand for.
  private static let places = [
    "taxonomy": "topics/taxonomy.yaml", "policy": "ops/policy.yaml", "traits": "ops/traits.yaml",
  ]

  static let cases: [String] = {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  /// All that a project says in which this file is the only one with a mistake.
  private static func answer(to name: String) throws -> (text: String, diagnostics: [Diagnostic]) {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    let place = name.split(separator: "/").count == 2 ? places[String(name.split(separator: "/")[0])] : nil
    var texts = ["topics/taxonomy.yaml": TestProject.taxonomy]
    texts[place ?? "ops/audiences/" + name] = text
    let (project, diagnostics) = Project.read(texts: texts)
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
    let lines = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let diagnostics = try Self.answer(to: name).diagnostics
    #expect(!diagnostics.isEmpty)
    for diagnostic in diagnostics {
      #expect(diagnostic.file.hasSuffix(name.split(separator: "/").last ?? "") || name.contains("/"))
      #expect((1...lines.count).contains(diagnostic.line))
      #expect((1...lines[diagnostic.line - 1].unicodeScalars.count + 1).contains(diagnostic.column))
      #expect(diagnostic.length >= 1)
    }
  }

  @Test("There are wrong definitions of every kind")
  func thereAreEnough() {
    #expect(Self.cases.count >= 150)
  }

  @Test("No expected answer is left without its definition")
  func noOrphans() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path())
    for name in names where name.hasSuffix(".expected") {
      #expect(Self.cases.contains(String(name.dropLast(9)) + ".yaml"), "\(name)")
    }
  }
}
