public import YAML

/// A destination as its file declares it: `ops/destinations/NAME.yaml`.
public struct DestinationFile: Sendable, Equatable {
  /// What it is, with what only destinations of its kind have.
  public enum Kind: Sendable {
    /// The embedded warehouse, in a file; where its path is relative, it is so to the project's folder.
    case sqlite(path: String)
    /// A warehouse in a schema of a PostgreSQL database, which libpq finds by a URI or `key=value` words.
    case postgres(conninfo: String, schema: String)
    /// A service over HTTP.
    case service(any ServiceDeclaration)
  }

  /// What it is.
  public var kind: Kind
  /// The topic that is delivered.
  public var topic: String
  /// A batch is delivered once it has so many records; `nil` for the usual number.
  public var batchRecords: Int?
  /// A batch is delivered so many milliseconds after its first record; `nil` for the usual number.
  public var batchMs: Int?

  /// Reads a file. All mistakes are told in one go.
  /// - Returns: no destination where the file has a mistake; the diagnostics then say which.
  public static func read(_ document: Document) -> (destination: DestinationFile?, diagnostics: [Diagnostic]) {
    var findings = Findings(of: document)
    guard let root = document.root, root.mapping?.isEmpty == false else {
      if let root = document.root { findings.wrong(root, "a destination", expected: "a mapping with 'kind'") }
      return (nil, findings.diagnostics)
    }
    guard let kind = kind(root, &findings) else { return (nil, findings.diagnostics) }
    var fields = DestinationFields(root, kind, findings)
    let own = kind.read(&fields)
    let topic = fields["topic"] == nil ? kind.topic : fields.text("topic", expected: "a topic's name")
    let batchRecords = fields.number("batch_records", atMost: 1_000_000)
    let batchMs = fields.number("batch_ms", atMost: 60_000)
    guard fields.findings.errorCount == 0, let own, let topic else { return (nil, fields.findings.diagnostics) }
    let file = DestinationFile(kind: own, topic: topic, batchRecords: batchRecords, batchMs: batchMs)
    return (file, fields.findings.diagnostics)
  }

  private static func kind(_ root: Node, _ findings: inout Findings) -> DestinationKind? {
    let words = DestinationKind.words
    guard let node = root["kind"] else {
      let vocabulary = Vocabulary(DestinationKind.commonKeys, meant: DestinationKind.commonMeant)
      if !findings.holdsSlip(for: "kind", root, of: vocabulary) {
        findings.error(at: root.place, "the destination has no 'kind'", expected: "'kind': \(words.inWords)")
      }
      return nil
    }
    if let word = node.scalar?.text, words.later.contains(word) {
      findings.error(at: node.place, "destinations of kind '\(word)' are not supported yet", expected: words.inWords)
      return nil
    }
    let word = findings.choice(node, "'kind'", among: words)
    return DestinationKind.all.first { $0.word == word }
  }
}

extension DestinationFile.Kind: Equatable {
  /// Whether they are of one kind, and say the same.
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.sqlite(let mine), .sqlite(let theirs)): mine == theirs
    case (.postgres(let mine, let schema), .postgres(let theirs, let other)): mine == theirs && schema == other
    case (.service(let mine), .service(let theirs)): mine.isEqual(to: theirs)
    default: false
    }
  }
}

extension ServiceDeclaration {
  fileprivate func isEqual(to other: any ServiceDeclaration) -> Bool { other as? Self == self }
}
