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

  /// The project, where it has no error and can be compiled.
  mutating func read() -> (project: Project?, diagnostics: [Diagnostic]) {
    let (project, diagnostics) = definitions()
    guard let project else { return (nil, diagnostics) }
    if let refusal = Plan.refusal(
      of: project.audiences, taxonomy: project.taxonomy, traits: project.traits, policy: project.policy)
    {
      return (nil, diagnostics + [Source(file: "ops/audiences", text: "").error(at: .start, refusal)])
    }
    return (project, diagnostics)
  }

  /// The project, where it has no error.
  mutating func definitions() -> (project: Project?, diagnostics: [Diagnostic]) {
    let keys = audienceKeys()
    let taxonomy = readTaxonomy()
    var policyReader = document(at: Self.policyPath).map { PolicyReader($0, audiences: Set(keys.map(\.key))) }
    let policy = policyReader?.policy ?? Policy()
    var known = KnownNames(
      taxonomy: taxonomy, entries: policy.entries, traits: KnownTraits(), audiences: Set(keys.map(\.key)))
    let traits = readTraits(&known)
    let audiences = readAudiences(keys, known)
    policyReader?.warnOfSelfSuppression(of: audiences)
    diagnostics += policyReader?.findings.diagnostics ?? []
    diagnostics.sort()
    guard !diagnostics.hasErrors, let taxonomy else { return (nil, diagnostics) }
    let project = Project(
      taxonomy: taxonomy, policy: policy, traits: traits, audiences: audiences, files: contents)
    return (project, diagnostics)
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

  /// The computed traits. What may be named knows all traits afterwards.
  private mutating func readTraits(_ known: inout KnownNames) -> [TraitDefinition] {
    for trait in known.taxonomy?.traits ?? [] { known.traits.declare(trait) }
    known.traits.areAll = known.taxonomy != nil && !diagnostics.contains { $0.file == Self.traitsPath }
    guard let document = document(at: Self.traitsPath) else { return [] }
    var reader = TraitReader(document, known: known)
    let traits = reader.read(document)
    known = reader.known
    diagnostics += reader.diagnostics
    return traits
  }

  private mutating func readAudiences(_ keys: [(key: String, path: String)], _ known: KnownNames)
    -> [AudienceDefinition]
  {
    var audiences: [AudienceDefinition] = []
    var readers: [String: DefinitionReader] = [:]
    for (key, path) in keys {
      guard let document = document(at: path) else { continue }
      var reader = DefinitionReader(document, key: key, known: known)
      if let audience = reader.audience(of: document) { audiences.append(audience) }
      readers[key] = reader
    }
    for ring in Rings.find(readers.mapValues { $0.references.map(\.text) }) {
      guard let place = readers[ring.from]?.references.first(where: { $0.text == ring.to })?.place else { continue }
      readers[ring.from]?.findings.error(
        at: place, "the audiences lead back to where they began: \(ring.inWords)",
        expected: "a condition that can be told without the audience's own")
    }
    for (key, _) in keys { diagnostics += readers[key]?.findings.diagnostics ?? [] }
    return audiences.sorted { $0.key < $1.key }
  }

  /// The keys of all audiences, by their files, in the order of these.
  private mutating func audienceKeys() -> [(key: String, path: String)] {
    var keys: [(key: String, path: String)] = []
    for path in contents.keys.sorted() {
      if let key = key(ofFile: path) { keys.append((key, path)) }
    }
    return keys
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

  static func keyLike(_ text: String) -> String? {
    let key = String(text.lowercased().map { $0 == "_" || $0 == " " || $0 == "." ? "-" : $0 })
    return isKey(key) ? key : nil
  }
}
