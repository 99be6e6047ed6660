import Events
import YAML

/// Reads one audience's file. Each `extension` reads one part of the language (language, sections 3.1, 3.4 and 5).
///
/// Every reader of a part gives `nil` where it has noted an error, and what is around it goes on, so that all mistakes
/// of a file are told in one go.
struct DefinitionReader {
  var findings: Findings
  /// The events that may be named; none where the taxonomy itself could not be read: names are not checked then.
  let taxonomy: Taxonomy?
  let policy: Policy

  init(_ document: Document, taxonomy: Taxonomy?, policy: Policy) {
    findings = Findings(of: document)
    self.taxonomy = taxonomy
    self.policy = policy
  }

  private static let vocabulary = Vocabulary(
    ["name", "version", "owner", "purpose", "goal", "when", "entry", "exit", "to", "allow"],
    later: ["unless", "hold_for", "stay_at_most", "rejoin_after", "holdout", "retire_on"],
    meant: [
      "condition": "when", "conditions": "when", "where": "when", "title": "name", "label": "name",
      "destinations": "to", "sinks": "to", "except": "unless", "exclude": "unless",
    ])
  private static let entryVocabulary = Vocabulary(["event", "include"])
  private static let exitVocabulary = Vocabulary(["event"])
  private static let sinks = Vocabulary(["warehouse"], later: ["ads", "analytics"])
  private static let purposes = Vocabulary(
    AudienceDefinition.Purpose.allCases.map(\.rawValue),
    meant: ["retargeting": "retarget", "suppression": "suppress", "measurement": "measure", "lookalike": "seed"])

  /// The audience, where its file has no mistake that leaves it without a condition.
  mutating func audience(key: String, of document: Document) -> AudienceDefinition? {
    guard let root = document.root else { return nil }
    guard root.scalar?.coreType != .null else {
      findings.error(at: .start, "the file is empty", expected: "an audience with 'when'")
      return nil
    }
    guard let entries = findings.entries(root, "an audience", of: Self.vocabulary) else { return nil }
    guard let when = entries.first(where: { $0.key == "when" }) else {
      if !findings.holdsSlip(for: "when", root, of: Self.vocabulary) {
        findings.error(at: .start, "the audience has no 'when'", expected: "'when:' with the condition")
      }
      for entry in entries { ignoringResult(entry) }
      return nil
    }
    let condition = condition(when.value, "'when'")
    var audience = AudienceDefinition(key: key, condition: condition ?? .all([]))
    for entry in entries where entry.key != "when" { read(entry, into: &audience) }
    return condition == nil ? nil : audience
  }

  /// Reads for the sake of the findings alone.
  private mutating func ignoringResult(_ entry: Entry) {
    var unused = AudienceDefinition(key: "", condition: .all([]))
    read(entry, into: &unused)
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
    case "entry": audience.entryEvent = eventName(entry.value, subject, of: Self.entryVocabulary)
    case "exit": audience.exitEvent = eventName(entry.value, subject, of: Self.exitVocabulary)
    case "to": audience.toWarehouse = goesToWarehouse(entry.value)
    default: checkAllowed(entry.value)
    }
  }

  /// `entry` and `exit`: what the change is called downstream.
  private mutating func eventName(_ node: Node, _ subject: String, of vocabulary: Vocabulary) -> String? {
    guard let parts = findings.entries(node, subject, of: vocabulary) else { return nil }
    if let include = parts.first(where: { $0.key == "include" }) { checkInclude(include) }
    guard let event = parts.first(where: { $0.key == "event" }) else {
      if node["event"] == nil, parts.isEmpty, node.mapping?.isEmpty == true {
        findings.error(at: node.place, "\(subject) says nothing", expected: "{event: NAME}")
      }
      return nil
    }
    return findings.text(event.value, "'event'", expected: "a name")
  }

  private mutating func checkInclude(_ entry: Entry) {
    guard let traits = entry.value.sequence else {
      findings.wrong(entry.value, "'include'", expected: "a list of traits")
      return
    }
    if !traits.isEmpty { findings.notSupported("include", at: entry.keyPlace) }
  }

  private mutating func goesToWarehouse(_ node: Node) -> Bool {
    guard let parts = findings.entries(node, "'to'", of: Self.sinks) else { return false }
    guard let warehouse = parts.first(where: { $0.key == "warehouse" }) else { return false }
    return findings.choice(warehouse.value, "'warehouse'", among: Vocabulary(["all"], meant: ["true": "all"])) != nil
  }

  /// `allow`: codes of warnings that this file may have. Which codes there are is the lint's business.
  private mutating func checkAllowed(_ node: Node) {
    guard let codes = node.sequence else {
      findings.wrong(node, "'allow'", expected: "a list of codes such as [U001]")
      return
    }
    for code in codes {
      let text = code.scalar?.text ?? ""
      let isCode =
        text.utf8.count == 4 && text.hasPrefix("U") && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
      if !isCode { findings.wrong(code, "a code in 'allow'", expected: "a code such as U001") }
    }
  }
}
