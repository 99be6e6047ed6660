import Events
import YAML

/// Reads one audience's file, or the file of computed traits. Each `extension` reads one part of the language.
///
/// Every reader of a part gives `nil` where it has noted an error, and what is around it goes on, so that all mistakes
/// of a file are told in one go.
struct DefinitionReader {
  var findings: Findings
  /// What may be named.
  let known: KnownNames
  /// The audience that is read; none in the file of computed traits.
  let key: String?
  /// The audiences that the condition refers to, in the order of the file.
  var references: [Word] = []

  var taxonomy: Taxonomy? { known.taxonomy }

  init(_ document: Document, key: String?, known: KnownNames) {
    findings = Findings(of: document)
    self.key = key
    self.known = known
  }

  private static let vocabulary = Vocabulary(
    [
      "name", "version", "owner", "purpose", "goal", "when", "unless", "hold_for", "stay_at_most", "rejoin_after",
      "holdout", "entry", "exit", "to", "retire_on", "allow",
    ],
    meant: [
      "condition": "when", "conditions": "when", "where": "when", "title": "name", "label": "name",
      "destinations": "to", "sinks": "to", "except": "unless", "exclude": "unless", "for_at_least": "hold_for",
      "leave_after": "stay_at_most", "max_stay": "stay_at_most", "cooldown": "rejoin_after", "control": "holdout",
      "expires": "retire_on", "until": "retire_on",
    ])
  static let purposes = Vocabulary(
    Purpose.allCases.map(\.rawValue),
    meant: ["retargeting": "retarget", "suppression": "suppress", "measurement": "measure", "lookalike": "seed"])

  /// The audience, where its file has no mistake that leaves it without a condition.
  mutating func audience(of document: Document) -> AudienceDefinition? {
    guard let key, let root = document.root else { return nil }
    guard root.scalar?.coreType != .null else {
      findings.error(at: .start, "the file is empty", expected: "an audience with 'when'")
      return nil
    }
    guard let entries = findings.entries(root, "an audience", of: Self.vocabulary) else { return nil }
    var audience = AudienceDefinition(key: key, condition: .all([]))
    for entry in entries where entry.key != "when" { read(entry, into: &audience) }
    guard let when = entries.first(where: { $0.key == "when" }) else {
      if !findings.holdsSlip(for: "when", root, of: Self.vocabulary) {
        findings.error(at: .start, "the audience has no 'when'", expected: "'when:' with the condition")
      }
      return nil
    }
    guard let condition = condition(when.value, "'when'") else { return nil }
    audience.condition = condition
    return audience
  }

  private mutating func read(_ entry: Entry, into audience: inout AudienceDefinition) {
    let subject = "'\(entry.key)'"
    switch entry.key {
    case "name": audience.name = findings.text(entry.value, subject) ?? audience.name
    case "version": audience.version = findings.positiveInteger(entry.value, subject) ?? audience.version
    case "owner": audience.owner = findings.text(entry.value, subject)
    case "goal": audience.goal = findings.text(entry.value, subject)
    case "purpose":
      audience.purpose = findings.choice(entry.value, subject, among: Self.purposes).flatMap { .init(rawValue: $0) }
    case "unless": audience.unless = unless(entry.value)
    case "hold_for": audience.holdFor = findings.positiveDuration(entry.value, subject)
    case "stay_at_most": audience.stayAtMost = findings.positiveDuration(entry.value, subject)
    case "rejoin_after": audience.rejoinAfter = findings.positiveDuration(entry.value, subject)
    case "holdout": audience.holdout = holdout(entry)
    case "entry": audience.entry = announcement(entry.value, subject)
    case "exit": audience.exit = announcement(entry.value, subject)
    case "to": audience.to = destinations(entry.value)
    case "retire_on": audience.retireOn = findings.instant(entry.value, subject)
    default: audience.allowed = allowed(entry.value)
    }
  }
}
