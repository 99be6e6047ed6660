import Events
import YAML

/// Reads `ops/policy.yaml` (language, section 6).
struct PolicyReader {
  private(set) var findings: Findings
  /// With the default of everything that is not given or wrong.
  private(set) var policy = Policy()
  private let audiences: Set<String>
  private var groupOf: [String: String] = [:]
  private var suppressing: [Word] = []

  private static let file = Vocabulary(
    ["suppress", "groups", "naming", "region", "limits"],
    meant: ["suppression": "suppress", "exclusive": "groups", "names": "naming", "country": "region"])
  private static let limits = Vocabulary(["future", "settle", "entries", "percentiles_every"])
  private static let suppression = Vocabulary(["purposes", "audiences"], meant: ["purpose": "purposes"])
  private static let longestNaming = 1000

  /// Reads the policy. `audiences` are the keys that there are.
  init(_ document: Document, audiences: Set<String>) {
    findings = Findings(of: document)
    self.audiences = audiences
    guard let root = document.root, root.scalar?.coreType != .null else { return }
    for entry in findings.entries(root, "the policy", of: Self.file) ?? [] { read(entry) }
  }

  private mutating func read(_ entry: Entry) {
    switch entry.key {
    case "suppress": readSuppression(entry)
    case "groups": readGroups(entry.value)
    case "naming": readNaming(entry.value)
    case "region": readRegion(entry.value)
    default:
      for limit in findings.entries(entry.value, "'limits'", of: Self.limits) ?? [] { read(limit: limit) }
    }
  }

  private mutating func read(limit: Entry) {
    let subject = "'\(limit.key)'"
    switch limit.key {
    case "future": policy.future = findings.duration(limit.value, subject) ?? policy.future
    case "settle": policy.settle = findings.duration(limit.value, subject) ?? policy.settle
    case "percentiles_every":
      policy.percentilesEvery = findings.positiveDuration(limit.value, subject) ?? policy.percentilesEvery
    default: policy.entries = findings.positiveInteger(limit.value, subject) ?? policy.entries
    }
  }

  // MARK: Who keeps whom out

  private mutating func readSuppression(_ entry: Entry) {
    guard let parts = findings.entries(entry.value, "'suppress'", of: Self.suppression) else { return }
    for part in parts {
      if part.key == "purposes" {
        readPurposes(part.value)
      } else {
        let words = findings.audiences(part.value, "'audiences'", among: audiences)
        suppressing = words ?? []
        policy.suppression.audiences = suppressing.map(\.text)
      }
    }
    for key in Self.suppression.words where !parts.contains(where: { $0.key == key }) {
      if findings.holdsSlip(for: key, entry.value, of: Self.suppression) { continue }
      findings.error(
        at: entry.keyPlace, "'suppress' has no '\(key)'",
        expected: "{purposes: [..], audiences: [..]}: who is kept out, and by which audiences")
    }
  }

  private mutating func readPurposes(_ node: Node) {
    let expected = "a list of purposes, such as [retarget, seed]"
    for word in findings.words(node, "'purposes'", expected: expected) ?? [] {
      guard let purpose = Purpose(rawValue: word.text) else {
        findings.error(
          at: word.place, "unknown purpose \(Quoted.of(word.text))", expected: DefinitionReader.purposes.inWords,
          suggestion: DefinitionReader.purposes.nearest(to: word.text))
        continue
      }
      if purpose == .suppress {
        findings.warning(
          at: word.place, "'suppress' never applies to audiences of purpose 'suppress'",
          expected: "the other purposes alone; an 'unless' of such an audience does apply")
      }
      policy.suppression.purposes.append(purpose)
    }
  }

  private mutating func readGroups(_ node: Node) {
    guard let groups = node.mapping else {
      findings.wrong(node, "'groups'", expected: "a mapping of group names and lists of audiences")
      return
    }
    for group in groups {
      let subject = "the group \(Quoted.of(group.key))"
      let expected = "a list of audiences, the most important one first"
      guard findings.elements(group.value, subject, expected: expected) != nil else { continue }
      guard let words = findings.audiences(group.value, subject, among: audiences) else { continue }
      for word in words {
        guard let other = groupOf.updateValue(group.key, forKey: word.text) else { continue }
        findings.error(
          at: word.place, "\(Quoted.of(word.text)) is in the group \(Quoted.of(other)) already",
          expected: "each audience in one group at most")
      }
      policy.groups.append(AudienceGroup(name: group.key, audiences: words.map(\.text)))
    }
  }

  private mutating func readNaming(_ node: Node) {
    guard let text = findings.text(node, "'naming'", expected: "a regular expression") else { return }
    guard text.utf8.count <= Self.longestNaming else {
      findings.error(
        at: node.place, "'naming' is too long: \(text.utf8.count) bytes", expected: "at most \(Self.longestNaming)")
      return
    }
    do {
      _ = try Regex(text)
      policy.naming = text
    } catch {
      findings.wrong(node, "'naming'", expected: "a regular expression, such as ^(CI|SUP) \\| .+$")
    }
  }

  private mutating func readRegion(_ node: Node) {
    let expected = "a country of two letters by ISO 3166, such as US or DE"
    guard let text = findings.text(node, "'region'", expected: expected) else { return }
    var letters = text
    policy.region = letters.withUTF8 { Region(Bytes(UnsafeRawBufferPointer($0))) }
    if policy.region == nil { findings.wrong(node, "'region'", expected: expected) }
  }

  /// Warns of audiences that the policy's suppression keeps out of themselves: nobody is ever in one.
  mutating func warnOfSelfSuppression(of audiences: [AudienceDefinition]) {
    for word in suppressing {
      guard let audience = audiences.first(where: { $0.key == word.text }), let purpose = audience.purpose,
        purpose != .suppress, policy.suppression.purposes.contains(purpose)
      else { continue }
      findings.warning(
        at: word.place,
        "\(Quoted.of(audience.key)) keeps people out of itself: its purpose '\(purpose.rawValue)' is suppressed",
        expected: "an audience of another purpose, such as 'suppress'")
    }
  }
}
