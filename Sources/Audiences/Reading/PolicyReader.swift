import Events
import YAML

/// Reads `ops/policy.yaml`.
enum PolicyReader {
  private static let file = Vocabulary(["limits"], later: ["suppress", "groups", "naming"])
  private static let limits = Vocabulary(["future", "settle", "entries"], later: ["percentiles_every"])

  /// The policy, with the default of everything that is not given or wrong.
  static func read(_ document: Document) -> (policy: Policy, diagnostics: [Diagnostic]) {
    var findings = Findings(of: document)
    var policy = Policy()
    if let root = document.root, root.scalar?.coreType != .null {
      for entry in findings.entries(root, "the policy", of: file) ?? [] {
        for limit in findings.entries(entry.value, "'limits'", of: limits) ?? [] {
          read(limit, into: &policy, &findings)
        }
      }
    }
    return (policy, findings.diagnostics)
  }

  private static func read(_ limit: Entry, into policy: inout Policy, _ findings: inout Findings) {
    let subject = "'\(limit.key)'"
    switch limit.key {
    case "future": policy.future = findings.duration(limit.value, subject) ?? policy.future
    case "settle": policy.settle = findings.duration(limit.value, subject) ?? policy.settle
    default: policy.entries = findings.positiveInteger(limit.value, subject) ?? policy.entries
    }
  }
}
