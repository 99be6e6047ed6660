import Events
import YAML

/// Reads the lock file. People do not write it, but merges and editors do change it.
struct LockReader {
  private(set) var findings: Findings

  static let nobody = "none"
  static let endless = "endless"
  private static let entry = Vocabulary(["version", "logic", "holdout", "forced"])
  private static let change = Vocabulary(["version", "at", "reason"])
  private static let advice = "; 'usher check --lock' writes the file anew where it is not there"

  init(_ document: Document) { findings = Findings(of: document) }

  mutating func entries(of document: Document) -> [String: LockEntry] {
    guard let root = document.root, root.scalar?.coreType != .null else { return [:] }
    guard let entries = root.mapping else {
      findings.wrong(root, "the lock file", expected: "a mapping of audiences\(Self.advice)")
      return [:]
    }
    var read: [String: LockEntry] = [:]
    for entry in entries { read[entry.key] = lockEntry(entry) }
    return read
  }

  private mutating func lockEntry(_ entry: Entry) -> LockEntry? {
    let subject = "the entry of \(Quoted.of(entry.key))"
    guard let parts = findings.entries(entry.value, subject, of: Self.entry) else { return nil }
    for key in ["version", "logic", "holdout"] where !parts.contains(where: { $0.key == key }) {
      findings.error(at: entry.keyPlace, "\(subject) has no '\(key)'", expected: "'\(key):'\(Self.advice)")
    }
    var read = LockEntry(version: 0, logic: "", holdout: .nobody)
    for part in parts {
      switch part.key {
      case "version": read.version = findings.positiveInteger(part.value, "'version'") ?? 0
      case "logic": read.logic = logic(part.value)
      case "holdout": read.holdout = held(part.value)
      default: read.forced = (part.value.sequence ?? []).compactMap { forced($0) }
      }
    }
    return read
  }

  private mutating func logic(_ node: Node) -> String {
    let text = node.scalar?.text ?? ""
    let isHash = text.utf8.count == 2 * SHA256.length && text.allSatisfy { $0.isHexDigit }
    if !isHash { findings.wrong(node, "'logic'", expected: "64 hexadecimal digits") }
    return text
  }

  private mutating func held(_ node: Node) -> LockEntry.Held {
    switch node.scalar?.text {
    case Self.nobody: return .nobody
    case Self.endless: return .some(until: nil)
    default: return .some(until: findings.instant(node, "'holdout'"))
    }
  }

  private mutating func forced(_ node: Node) -> ForcedChange? {
    guard let parts = findings.entries(node, "a change that was forced", of: Self.change) else { return nil }
    let values = Dictionary(parts.map { ($0.key, $0.value) }) { first, _ in first }
    guard let version = values["version"], let at = values["at"], let reason = values["reason"] else {
      findings.error(at: node.place, "a change that was forced is not whole", expected: "{version:, at:, reason:}")
      return nil
    }
    guard let number = findings.positiveInteger(version, "'version'"), let instant = findings.instant(at, "'at'"),
      let words = findings.text(reason, "'reason'")
    else { return nil }
    return ForcedChange(version: number, at: instant, reason: words)
  }
}
