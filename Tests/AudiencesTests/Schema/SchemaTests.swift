import Audiences
import Foundation
import Testing
import YAML

/// The schemas that editors check and complete by say the same as the reader.
struct SchemaTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  private static let wrong = tests.appending(path: "Wrong")

  private static func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

  static func schema(_ name: String) throws -> JSONValue {
    let document = Document(text: try text(root.appending(path: "ops/schema/\(name).schema.json")), file: name)
    #expect(document.diagnostics.isEmpty)
    return JSONValue(try #require(document.root))
  }

  /// The wrong files that a schema is asked about, and the schema's name.
  private static func schemaName(of wrong: String) -> String? {
    let parts = wrong.split(separator: "/")
    if parts.count == 1 { return "audience" }
    return ["policy": "policy", "traits": "trait"][parts[0]]
  }

  @Test("Every file of the project's own shop is valid")
  func samples() throws {
    let folder = Self.root.appending(path: "ops/audiences")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 8)
    let validators = [
      "audience": try SchemaValidator(Self.schema("audience")), "test": try SchemaValidator(Self.schema("test")),
    ]
    for name in names {
      let node = try #require(Document(text: try Self.text(folder.appending(path: name)), file: name).root)
      let schema = name.hasSuffix(".test.yaml") ? "test" : "audience"
      #expect(validators[schema]?.accepts(JSONValue(node)) == true, "\(name)")
    }
    for (path, schema) in [("ops/policy.yaml", "policy"), ("ops/traits.yaml", "trait")] {
      guard let text = try? Self.text(Self.root.appending(path: path)) else { continue }
      let node = try #require(Document(text: text, file: path).root)
      #expect(try SchemaValidator(Self.schema(schema)).accepts(JSONValue(node)), "\(path)")
    }
  }

  @Test("Every right form is valid", arguments: ["audience", "trait", "policy"])
  func rightForms(name: String) throws {
    let validator = try SchemaValidator(Self.schema(name))
    for text in RightSamples.texts(for: name) {
      #expect(RightSamples.told(text, as: name) == [], "\(text)")
      let node = try #require(Document(text: text, file: name).root)
      #expect(validator.accepts(JSONValue(node)), "\(text)")
    }
  }

  @Test("A file that is wrong is refused by both, but for what only the reader can know")
  func wrongFiles() throws {
    var accepted: [String] = []
    let validators = try Dictionary(
      uniqueKeysWithValues: ["audience", "trait", "policy"].map { ($0, try SchemaValidator(Self.schema($0))) })
    for name in WrongDefinitionTests.cases {
      guard let schema = Self.schemaName(of: name), let validator = validators[schema] else { continue }
      let text = try Self.text(Self.wrong.appending(path: name))
      guard let node = Document(text: text, file: name).root else { continue }
      let answer = try Self.text(Self.wrong.appending(path: String(name.dropLast(5)) + ".expected"))
      let isError = answer.contains(": error: ")
      if validator.accepts(JSONValue(node)) {
        if isError { accepted.append(name) }
      } else {
        #expect(isError, "\(name): the schema is stricter than the reader")
      }
    }
    let list = Self.wrong.appending(path: "beyond-a-schema.txt")
    if ProcessInfo.processInfo.environment["UPDATE"] == "1" {
      try (accepted.joined(separator: "\n") + "\n").write(to: list, atomically: true, encoding: .utf8)
    }
    #expect(accepted == (try Self.text(list)).split(separator: "\n").map(String.init))
  }

  @Test("What several schemas define under one name is the same")
  func sharedDefinitions() throws {
    var first: [String: JSONValue] = [:]
    for name in ["audience", "trait", "policy", "test"] {
      for (key, definition) in try Self.schema(name).members?["$defs"]?.members ?? [:] {
        #expect(first[key] == nil || first[key] == definition, "'\(key)' of \(name)")
        first[key] = definition
      }
    }
  }

  @Test("A file of known profiles is valid, and one that is not in its form is not")
  func testFiles() throws {
    let validator = try SchemaValidator(Self.schema("test"))
    func accepts(_ event: String, _ expectation: String) throws -> Bool {
      let text = "profiles: { abandoner: { events: [\(event)], expect: [\(expectation)] } }\n"
      return validator.accepts(JSONValue(try #require(Document(text: text, file: "test").root)))
    }
    let event = "{ at: 2026-11-20T10:00:00Z, event: Checkout Started, properties: { value: 84.5 } }"
    let expectation = "{ at: 2026-11-20T12:00:00Z, audience: checkout-abandoners, status: in }"
    #expect(try accepts(event, expectation))
    #expect(try accepts(event + ", { at: +3h, type: delete }", expectation))
    #expect(try accepts(event, "{ at: 2026-11-20, audience: a, status: out, reason: event }"))
    #expect(try !accepts("{ event: Checkout Started }", expectation))
    #expect(try !accepts("{ at: 3h, event: Checkout Started }", expectation))
    #expect(try !accepts("{ at: 2026-11-20 }", expectation))
    #expect(try !accepts(event, "{ at: 2026-11-20, audience: a, status: inside }"))
    #expect(try !accepts(event, "{ at: 2026-11-20, audience: a }"))
    #expect(try !accepts(event, "{ at: 2026-11-20, audience: a, status: out, reason: bored }"))
    #expect(try !accepts(event, ""))
  }
}
