import Events
import YAML

/// Puts a project together from its files: taxonomy and policy first, since definitions are checked against them.
struct ProjectReader {
  static let taxonomyPath = "topics/taxonomy.yaml"
  static let policyPath = "ops/policy.yaml"
  static let traitsPath = "ops/traits.yaml"
  static let audiencesFolder = "ops/audiences/"

  private let contents: [String: [UInt8]]
  private var diagnostics: [Diagnostic]

  init(contents: [String: [UInt8]], diagnostics: [Diagnostic]) {
    self.contents = contents
    self.diagnostics = diagnostics
  }

  mutating func read() -> (project: Project?, diagnostics: [Diagnostic]) {
    let taxonomy = readTaxonomy()
    let policy = readPolicy()
    readTraits()
    let audiences = readAudiences(taxonomy: taxonomy, policy: policy)
    diagnostics.sort()
    guard !diagnostics.hasErrors, let taxonomy else { return (nil, diagnostics) }
    if let refusal = Plan.refusal(of: audiences, taxonomy: taxonomy, policy: policy) {
      return (nil, diagnostics + [Source(file: "ops/audiences", text: "").error(at: .start, refusal)])
    }
    return (Project(taxonomy: taxonomy, policy: policy, audiences: audiences), diagnostics)
  }

  private func document(at path: String) -> Document? {
    contents[path].map { Document(bytes: $0, file: path) }
  }

  private mutating func readTaxonomy() -> Taxonomy? {
    guard let document = document(at: Self.taxonomyPath) else {
      // A file that is there and cannot be read has its own error already.
      if !diagnostics.contains(where: { $0.file == Self.taxonomyPath }) {
        diagnostics.append(
          Source(file: Self.taxonomyPath, text: "").error(
            at: .start, "there is no taxonomy", expected: "this file, with the events that definitions may name"))
      }
      return nil
    }
    let (taxonomy, found) = Taxonomy.read(document)
    diagnostics += found
    return taxonomy
  }

  private mutating func readPolicy() -> Policy {
    guard let document = document(at: Self.policyPath) else { return Policy() }
    let (policy, found) = PolicyReader.read(document)
    diagnostics += found
    return policy
  }

  /// Computed traits are not read yet, so the file may be there and be empty.
  private mutating func readTraits() {
    guard let document = document(at: Self.traitsPath) else { return }
    var findings = Findings(of: document)
    if let root = document.root, root.scalar?.coreType != .null {
      if let entries = root.mapping {
        for entry in entries {
          findings.error(
            at: entry.keyPlace, "not supported yet: computed traits, such as \(Quoted.of(entry.key))",
            expected: "an empty file, until a later version")
        }
      } else {
        findings.wrong(root, "the file", expected: "a mapping of trait names")
      }
    }
    diagnostics += findings.diagnostics
  }

  private mutating func readAudiences(taxonomy: Taxonomy?, policy: Policy) -> [AudienceDefinition] {
    var audiences: [AudienceDefinition] = []
    for path in contents.keys.sorted() {
      guard let key = key(ofFile: path), let document = document(at: path) else { continue }
      var reader = DefinitionReader(document, taxonomy: taxonomy, policy: policy)
      let audience = reader.audience(key: key, of: document)
      diagnostics += reader.findings.diagnostics
      if let audience { audiences.append(audience) }
    }
    return audiences.sorted { $0.key < $1.key }
  }

  /// The key of an audience's file; none where the path is no audience's, or, noted, where it should be and cannot.
  private mutating func key(ofFile path: String) -> String? {
    guard path.hasPrefix(Self.audiencesFolder) else { return nil }
    let name = String(path.dropFirst(Self.audiencesFolder.count))
    let source = Source(file: path, text: "")
    guard !name.contains("/") else {
      if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        diagnostics.append(
          source.error(at: .start, "audiences in folders are not read", expected: "the file in 'ops/audiences' itself"))
      }
      return nil
    }
    if name.hasSuffix(".yml") {
      diagnostics.append(
        source.error(
          at: .start, "the file's name ends in '.yml'", expected: "'.yaml'",
          suggestion: String(name.dropLast(4)) + ".yaml"))
      return nil
    }
    guard name.hasSuffix(".yaml"), !name.hasSuffix(".test.yaml"), !name.hasPrefix(".") else { return nil }
    let key = String(name.dropLast(5))
    if !Self.isKey(key) {
      diagnostics.append(
        source.error(
          at: .start, "\(Quoted.of(key)) cannot be an audience's key",
          expected: "a file name of lower-case letters, digits and '-', such as cart-abandoners.yaml",
          suggestion: Self.keyLike(key).map { $0 + ".yaml" }))
    }
    return key
  }

  /// `[a-z0-9][a-z0-9-]*`
  static func isKey(_ text: String) -> Bool {
    let allowed = text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }
    return allowed && !text.isEmpty && text.utf8.first != UInt8(ascii: "-")
  }

  private static func keyLike(_ text: String) -> String? {
    let key = String(text.lowercased().map { $0 == "_" || $0 == " " || $0 == "." ? "-" : $0 })
    return isKey(key) ? key : nil
  }
}
