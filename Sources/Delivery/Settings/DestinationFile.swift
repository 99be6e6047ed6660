public import YAML

/// A destination as its file declares it: `ops/destinations/NAME.yaml`.
public struct DestinationFile: Sendable, Equatable {
  /// What it is, with what only destinations of its kind have.
  public enum Kind: Sendable, Equatable {
    /// The embedded warehouse, in a file; where its path is relative, it is so to the project's folder.
    case sqlite(path: String)
    /// A warehouse in a schema of a PostgreSQL database, which libpq finds by a URI or `key=value` words.
    case postgres(conninfo: String, schema: String)
  }

  /// What it is.
  public var kind: Kind
  /// The topic that is delivered.
  public var topic = "audience.warehouse"
  /// A batch is delivered once it has so many records; `nil` for the usual number.
  public var batchRecords: Int?
  /// A batch is delivered so many milliseconds after its first record; `nil` for the usual number.
  public var batchMs: Int?

  private static let common = ["kind", "topic", "batch_records", "batch_ms"]
  private static let meant = ["type": "kind", "batch": "batch_records", "every": "batch_ms"]
  private static let kinds = Vocabulary(
    ["sqlite", "postgres"], later: ["files", "meta", "google", "tiktok", "segment", "ga4", "webhook"],
    meant: ["sqlite3": "sqlite", "warehouse": "sqlite", "database": "sqlite", "postgresql": "postgres"])

  /// Reads a file. All mistakes are told in one go.
  /// - Returns: no destination where the file has a mistake; the diagnostics then say which.
  public static func read(_ document: Document) -> (destination: DestinationFile?, diagnostics: [Diagnostic]) {
    var findings = Findings(of: document)
    guard let root = document.root, root.mapping?.isEmpty == false else {
      if let root = document.root { findings.wrong(root, "a destination", expected: "a mapping with 'kind'") }
      return (nil, findings.diagnostics)
    }
    let kind = kind(root, &findings)
    var file = DestinationFile(kind: kind ?? .sqlite(path: ""))
    for entry in root.mapping ?? [] {
      switch entry.key {
      case "topic": file.topic = findings.text(entry.value, "'topic'", expected: "a topic's name") ?? ""
      case "batch_records":
        file.batchRecords = number(entry.value, "'batch_records'", atMost: 1_000_000, &findings)
      case "batch_ms": file.batchMs = number(entry.value, "'batch_ms'", atMost: 60_000, &findings)
      default: break
      }
    }
    return (findings.errorCount == 0 && kind != nil ? file : nil, findings.diagnostics)
  }

  private static func kind(_ root: Node, _ findings: inout Findings) -> Kind? {
    guard let node = root["kind"] else {
      let vocabulary = Vocabulary(common, meant: meant)
      if !findings.holdsSlip(for: "kind", root, of: vocabulary) {
        findings.error(at: root.place, "the destination has no 'kind'", expected: "'kind': \(kinds.inWords)")
      }
      return nil
    }
    if let word = node.scalar?.text, kinds.later.contains(word) {
      findings.error(at: node.place, "destinations of kind '\(word)' are not supported yet", expected: kinds.inWords)
      return nil
    }
    switch findings.choice(node, "'kind'", among: kinds) {
    case "sqlite": return sqlite(root, &findings)
    case "postgres": return postgres(root, &findings)
    default: return nil
    }
  }

  private static func sqlite(_ root: Node, _ findings: inout Findings) -> Kind? {
    let vocabulary = Vocabulary(
      common + ["path"], meant: meant.merging(["file": "path", "database": "path"]) { first, _ in first })
    let entries = findings.entries(root, "a destination", of: vocabulary)
    require("path", root, vocabulary, &findings)
    guard let node = entries?.first(where: { $0.key == "path" })?.value else { return nil }
    return findings.text(node, "'path'", expected: "the path of a file").map { .sqlite(path: $0) }
  }

  private static func postgres(_ root: Node, _ findings: inout Findings) -> Kind? {
    let words = ["uri": "url", "database": "url", "connection": "url", "conninfo": "url", "dsn": "url"]
    let vocabulary = Vocabulary(common + ["url", "schema"], meant: meant.merging(words) { first, _ in first })
    let entries = findings.entries(root, "a destination", of: vocabulary)
    require("url", root, vocabulary, &findings)
    var (url, schema) = (String?.none, String?.some("usher"))
    for entry in entries ?? [] {
      if entry.key == "url" { url = conninfo(entry.value, &findings) }
      if entry.key == "schema" { schema = schemaName(entry.value, &findings) }
    }
    guard let url, let schema else { return nil }
    return .postgres(conninfo: url, schema: schema)
  }

  private static func conninfo(_ node: Node, _ findings: inout Findings) -> String? {
    let expected = "a database such as postgresql://usher@db.example/shop"
    guard let text = findings.text(node, "'url'", expected: expected) else { return nil }
    guard !ConnectionWords.holdPassword(text) else {
      findings.error(
        at: node.place, "'url' holds a password, and this file is for everybody to read",
        expected: "it in the environment (PGPASSWORD) or in libpq's password file (PGPASSFILE)")
      return nil
    }
    return text
  }

  private static func schemaName(_ node: Node, _ findings: inout Findings) -> String? {
    let expected = "a schema's name: small letters, digits and underscores, a letter first"
    guard let name = findings.text(node, "'schema'", expected: expected) else { return nil }
    let isName = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    guard isName, name.utf8.count <= 63, let first = name.utf8.first, (0x61...0x7A).contains(first) else {
      findings.wrong(node, "'schema'", expected: expected)
      return nil
    }
    return name
  }

  private static func require(_ key: String, _ root: Node, _ vocabulary: Vocabulary, _ findings: inout Findings) {
    guard root[key] == nil, !findings.holdsSlip(for: key, root, of: vocabulary) else { return }
    findings.error(at: root.place, "the destination has no '\(key)'", expected: "'\(key)'")
  }

  private static func number(
    _ node: Node, _ subject: String, atMost limit: Int, _ findings: inout Findings
  ) -> Int? {
    if let number = node.scalar?.integer, number > 0, number <= limit { return Int(number) }
    findings.wrong(node, subject, expected: "a whole number from 1 to \(limit)")
    return nil
  }
}

/// What stands in a connection's words.
enum ConnectionWords {
  /// Whether they hold a password: `postgresql://user:password@host/`, `password=…`, or `?password=…`.
  static func holdPassword(_ text: String) -> Bool {
    let dense = text.filter { !$0.isWhitespace }
    if dense.contains("password=") { return true }
    // Up to the first `@`, whatever is before it: a password may hold what ends a host's name.
    guard let scheme = dense.firstRange(of: "://"), let at = dense[scheme.upperBound...].firstIndex(of: "@") else {
      return false
    }
    return dense[scheme.upperBound..<at].contains(":")
  }
}
