public import YAML

/// A destination as its file declares it: `ops/destinations/NAME.yaml`.
public struct DestinationFile: Sendable, Equatable {
  /// The path of the warehouse's file; where it is relative, it is so to the project's folder.
  public var path: String
  /// The topic that is delivered.
  public var topic = "audience.warehouse"
  /// A batch is delivered once it has so many records; `nil` for the usual number.
  public var batchRecords: Int?
  /// A batch is delivered so many milliseconds after its first record; `nil` for the usual number.
  public var batchMs: Int?

  private static let vocabulary = Vocabulary(
    ["kind", "path", "topic", "batch_records", "batch_ms"], later: ["events"],
    meant: ["type": "kind", "file": "path", "database": "path", "batch": "batch_records", "every": "batch_ms"])
  private static let kinds = Vocabulary(
    ["sqlite"], later: ["postgres", "files", "meta", "google", "tiktok", "segment", "ga4"],
    meant: ["sqlite3": "sqlite", "warehouse": "sqlite", "database": "sqlite"])

  /// Reads a file. All mistakes are told in one go.
  /// - Returns: no destination where the file has a mistake; the diagnostics then say which.
  public static func read(_ document: Document) -> (destination: DestinationFile?, diagnostics: [Diagnostic]) {
    var findings = Findings(of: document)
    guard let root = document.root, let entries = findings.entries(root, "a destination", of: vocabulary) else {
      return (nil, findings.diagnostics)
    }
    var file = DestinationFile(path: "")
    for entry in entries {
      switch entry.key {
      case "kind": checkKind(entry.value, &findings)
      case "path": file.path = findings.text(entry.value, "'path'", expected: "the path of a file") ?? ""
      case "topic": file.topic = findings.text(entry.value, "'topic'", expected: "a topic's name") ?? ""
      case "batch_records":
        file.batchRecords = number(entry.value, "'batch_records'", atMost: 1_000_000, &findings)
      default: file.batchMs = number(entry.value, "'batch_ms'", atMost: 60_000, &findings)
      }
    }
    for key in ["kind", "path"] where root[key] == nil && !findings.holdsSlip(for: key, root, of: vocabulary) {
      findings.error(at: root.place, "the destination has no '\(key)'", expected: "'\(key)'")
    }
    return (findings.errorCount == 0 ? file : nil, findings.diagnostics)
  }

  private static func checkKind(_ node: Node, _ findings: inout Findings) {
    if let word = node.scalar?.text, kinds.later.contains(word) {
      findings.error(
        at: node.place, "destinations of kind '\(word)' are not supported yet", expected: kinds.inWords)
    } else {
      _ = findings.choice(node, "'kind'", among: kinds)
    }
  }

  private static func number(
    _ node: Node, _ subject: String, atMost limit: Int, _ findings: inout Findings
  ) -> Int? {
    if let number = node.scalar?.integer, number > 0, number <= limit { return Int(number) }
    findings.wrong(node, subject, expected: "a whole number from 1 to \(limit)")
    return nil
  }
}
