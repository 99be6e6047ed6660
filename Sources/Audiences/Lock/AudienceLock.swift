internal import Events
public import YAML

/// The lock file, `ops/audiences.lock`: what every audience's logic was under which version.
///
/// It is written by `usher check --lock`, and committed with the definitions, so that a change of logic without a new
/// version is seen by everyone who reads the two.
public struct AudienceLock: Sendable, Hashable {
  /// Where it stands below the project folder.
  public static let path = "ops/audiences.lock"

  /// What is remembered, by the key of the audience.
  public var entries: [String: LockEntry]

  /// A lock of these audiences.
  public init(entries: [String: LockEntry] = [:]) { self.entries = entries }

  /// Reads a lock file.
  ///
  /// - Returns: the lock, or none where the file has a mistake; and all of these.
  public static func read(_ document: Document) -> (lock: AudienceLock?, diagnostics: [Diagnostic]) {
    var reader = LockReader(document)
    let entries = reader.entries(of: document)
    let diagnostics = reader.findings.diagnostics
    return (diagnostics.hasErrors ? nil : AudienceLock(entries: entries), diagnostics)
  }

  /// The file: an entry an audience, by key, each on lines of its own, so that differences are read at a glance.
  public var text: String {
    var text = "# Kept by 'usher check --lock': what each audience's logic was under which version.\n"
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      text += "\(Self.quoted(key)):\n"
      text += "  version: \(entry.version)\n"
      text += "  logic: \(Self.quoted(entry.logic))\n"
      text += "  holdout: \(Self.text(entry.holdout))\n"
      if !entry.forced.isEmpty { text += "  forced:\n" }
      for change in entry.forced {
        text +=
          "    - { version: \(change.version), at: \(Self.text(change.at)), reason: \(Self.quoted(change.reason)) }\n"
      }
    }
    return text
  }

  private static func text(_ held: LockEntry.Held) -> String {
    switch held {
    case .nobody: LockReader.nobody
    case .some(nil): LockReader.endless
    case .some(let until?): text(until)
    }
  }

  private static func text(_ instant: Instant) -> String {
    var writer = JSONWriter(capacity: 32)
    writer.instant(instant)
    return writer.text
  }

  /// JSON's strings are YAML's as well. Keys are in quotes since `true` and `7` may be audiences too.
  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter(capacity: text.utf8.count + 2)
    writer.string(text)
    return writer.text
  }
}
