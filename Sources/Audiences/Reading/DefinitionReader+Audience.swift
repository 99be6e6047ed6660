import Events
import YAML

/// What an audience's file says beside its condition (language, section 5).
extension DefinitionReader {
  private static let announcement = Vocabulary(
    ["event", "include"], meant: ["name": "event", "traits": "include", "with": "include", "properties": "include"])
  private static let destinations = Vocabulary(["ads", "warehouse", "analytics"])
  private static let shares = Vocabulary(
    WarehouseShare.allCases.map(\.rawValue), meant: ["true": "all", "yes": "all", "false": "none", "no": "none"])
  private static let holdout = Vocabulary(
    ["percent", "salt", "until"], meant: ["percentage": "percent", "seed": "salt", "ends": "until"])

  // MARK: Who is kept out

  mutating func unless(_ node: Node) -> [String] {
    let words = findings.audiences(node, "'unless'", among: known.audiences) ?? []
    for word in words where word.text == key {
      findings.error(
        at: word.place, "\(Quoted.of(word.text)) names itself: it would keep everyone out",
        expected: "other audiences")
    }
    return words.map(\.text)
  }

  mutating func holdout(_ entry: Entry) -> Holdout? {
    guard let parts = findings.entries(entry.value, "'holdout'", of: Self.holdout) else { return nil }
    var read = Holdout(hundredths: 0, salt: "")
    for part in parts {
      switch part.key {
      case "percent": read.hundredths = findings.percentage(part.value, "'percent'") ?? 0
      case "salt": read.salt = findings.text(part.value, "'salt'") ?? ""
      default: read.until = findings.instant(part.value, "'until'")
      }
    }
    for (key, why) in [
      ("percent", "how many percent of the people are held out"),
      ("salt", "a word that makes this drawing another than the next one's; there is no default"),
    ] where !parts.contains(where: { $0.key == key }) {
      if findings.holdsSlip(for: key, entry.value, of: Self.holdout) { continue }
      findings.error(at: entry.keyPlace, "'holdout' has no '\(key)'", expected: "'\(key):' with \(why)")
    }
    return read
  }

  // MARK: How it is told

  /// `entry` and `exit`: what the change is called downstream, and the traits that go with it.
  mutating func announcement(_ node: Node, _ subject: String) -> Announcement {
    guard let parts = findings.entries(node, subject, of: Self.announcement) else { return Announcement() }
    if node.mapping?.isEmpty == true {
      findings.error(at: node.place, "\(subject) says nothing", expected: "{event: NAME, include: [..]}")
    }
    var announcement = Announcement()
    for part in parts {
      if part.key == "event" {
        announcement.event = findings.text(part.value, "'event'", expected: "a name")
      } else {
        announcement.include = include(part.value)
      }
    }
    return announcement
  }

  private mutating func include(_ node: Node) -> [String] {
    let words = findings.words(node, "'include'", expected: "a list of traits") ?? []
    for word in words {
      if Announcement.ownProperties.contains(word.text) {
        findings.error(
          at: word.place, "\(Quoted.of(word.text)) is a property that every change has",
          expected: "a trait of another name than: " + Announcement.ownProperties.joined(separator: ", "))
      } else {
        _ = traitTypes(word)
      }
    }
    return words.map(\.text)
  }

  // MARK: Who gets it

  mutating func destinations(_ node: Node) -> AudienceDestinations {
    var destinations = AudienceDestinations()
    for part in findings.entries(node, "'to'", of: Self.destinations) ?? [] {
      switch part.key {
      case "ads": destinations.ads = destinationNames(part)
      case "analytics": destinations.analytics = destinationNames(part)
      default:
        let share = findings.choice(part.value, "'warehouse'", among: Self.shares)
        destinations.warehouse = share.flatMap { WarehouseShare(rawValue: $0) } ?? .none
      }
    }
    return destinations
  }

  private mutating func destinationNames(_ entry: Entry) -> [String] {
    let expected = "a list of destinations, such as \(entry.key == "ads" ? "[meta, google]" : "[segment]")"
    let words = findings.words(entry.value, "'\(entry.key)'", expected: expected) ?? []
    for word in words where !ProjectReader.isKey(word.text) {
      findings.error(
        at: word.place, "\(Quoted.of(word.text)) cannot be a destination's name",
        expected: "lower-case letters, digits and '-'", suggestion: ProjectReader.keyLike(word.text))
    }
    return words.map(\.text)
  }

  /// `allow`: codes of warnings that this file may have. Which codes there are is the lint's business.
  mutating func allowed(_ node: Node) -> [String] {
    guard let codes = node.sequence else {
      findings.wrong(node, "'allow'", expected: "a list of codes such as [U001]")
      return []
    }
    var allowed: [String] = []
    for code in codes {
      let text = code.scalar?.text ?? ""
      let digits = text.utf8.dropFirst()
      if text.hasPrefix("U"), digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
        allowed.append(text)
      } else {
        findings.wrong(code, "a code in 'allow'", expected: "a code such as U001")
      }
    }
    return allowed
  }
}
