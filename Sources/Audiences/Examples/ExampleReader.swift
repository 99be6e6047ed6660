import Events
import YAML

/// Reads one file of known profiles. Like `DefinitionReader`: every part notes what is wrong, and reading goes on.
struct ExampleReader {
  var findings: Findings
  /// The part of the file's name before `.test.yaml`.
  let key: String
  let taxonomy: Taxonomy
  let audiences: Set<String>
  /// The traits that `identify` may set.
  let traits: [String]

  /// The last instant whose text can be read again.
  private static let latest = Instant(iso8601: "9999-12-31T23:59:59.999Z") ?? .never
  private static let file = Vocabulary(["profiles"], meant: ["tests": "profiles", "people": "profiles"])
  private static let profile = Vocabulary(
    ["id", "events", "expect"],
    meant: ["records": "events", "given": "events", "then": "expect", "expectations": "expect", "expected": "expect"])

  init(_ document: Document, key: String, project: Project) {
    findings = Findings(of: document)
    self.key = key
    taxonomy = project.taxonomy
    audiences = Set(project.audiences.map(\.key))
    traits = project.taxonomy.traits.map(\.name)
  }

  /// The profiles, those left out whose events cannot be read.
  mutating func profiles(of document: Document) -> [KnownProfile] {
    guard let root = document.root else { return [] }
    guard root.scalar?.coreType != .null else {
      findings.error(at: .start, "the file is empty", expected: "'profiles:' with known profiles")
      return []
    }
    guard let entries = findings.entries(root, "a file of tests", of: Self.file) else { return [] }
    guard let all = entries.first else {
      if !findings.holdsSlip(for: "profiles", root, of: Self.file) {
        findings.error(at: .start, "the file has no 'profiles'", expected: "'profiles:' with known profiles")
      }
      return []
    }
    guard let profiles = all.value.mapping, !profiles.isEmpty else {
      findings.wrong(all.value, "'profiles'", expected: "profiles by names of your choice")
      return []
    }
    return profiles.compactMap { profile($0) }
  }

  private mutating func profile(_ entry: Entry) -> KnownProfile? {
    guard let parts = findings.entries(entry.value, "the profile \(Quoted.of(entry.key))", of: Self.profile) else {
      return nil
    }
    func part(_ key: String) -> Node? { parts.first { $0.key == key }?.value }
    let id = part("id").flatMap { findings.text($0, "'id'") } ?? entry.key
    guard !id.isEmpty else {
      findings.error(at: entry.keyPlace, "a profile has no name", expected: "a name before the ':'")
      return nil
    }
    let records = list("events", of: entry, part("events")).map { self.records($0, of: id) } ?? []
    let expectations = list("expect", of: entry, part("expect")).map {
      self.expectations($0, of: id, after: records.last?.at)
    }
    return KnownProfile(
      name: entry.key, line: entry.keyPlace.start.line, records: records, expectations: expectations ?? [])
  }

  /// A list that a profile cannot do without.
  private mutating func list(_ key: String, of profile: Entry, _ node: Node?) -> [Node]? {
    let expected = key == "events" ? "a list of what happens" : "a list of what must come of it"
    guard let node else {
      if !findings.holdsSlip(for: key, profile.value, of: Self.profile) {
        findings.error(
          at: profile.keyPlace, "the profile \(Quoted.of(profile.key)) has no '\(key)'",
          expected: "'\(key):' with \(expected)")
      }
      return nil
    }
    return findings.elements(node, "'\(key)'", expected: expected)
  }

  // MARK: When

  /// An instant, or how long after another one: `+3h`.
  mutating func instant(
    _ node: Node?, of element: Node, _ vocabulary: Vocabulary, after former: Instant?
  ) -> Instant? {
    guard let node else {
      if !findings.holdsSlip(for: "at", element, of: vocabulary) {
        findings.error(
          at: element.place, "'at' is missing", expected: "when: an instant, or '+3h' after the one before")
      }
      return nil
    }
    guard let text = node.scalar?.text, text.hasPrefix("+") else { return findings.instant(node, "'at'") }
    guard let length = DurationMs(String(text.dropFirst())) else {
      findings.wrong(node, "'at'", expected: "a duration after the '+', such as +30s, +45m, +2h, +7d or +2w")
      return nil
    }
    guard let former else {
      findings.error(
        at: node.place, "there is nothing before this that it could come after",
        expected: "a date or a time, such as 2027-03-01 or 2027-03-01T18:30:00Z")
      return nil
    }
    let at = former + length
    guard at <= Self.latest else {
      findings.error(at: node.place, "this is after the year 9999", expected: "a time that a record can have")
      return nil
    }
    return at
  }
}
