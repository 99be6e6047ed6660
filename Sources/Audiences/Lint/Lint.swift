import Events
import YAML

/// What is likely not meant, though it can be read: warnings with a code each (language, section 8).
struct Lint {
  let diagnostics: [Diagnostic]

  init(project: Project, files: [String: AudienceFile], now: Instant) {
    let shop = LintShop(project: project, now: now)
    var found: [Diagnostic] = []
    for audience in project.audiences {
      guard let file = files[audience.key] else { continue }
      let subject = LintSubject(audience: audience, file: file, shop: shop)
      found += Self.unknownCodes(subject)
      for rule in LintRule.all where !audience.allowed.contains(rule.explanation.code) {
        found += rule.check(subject).map { $0.diagnostic(in: file, code: rule.explanation.code) }
      }
    }
    diagnostics = found.sorted()
  }

  /// Errors for codes in `allow` that no rule has: they would silence nothing, and somebody relies on them.
  private static func unknownCodes(_ subject: LintSubject) -> [Diagnostic] {
    let codes = LintRule.all.map(\.explanation.code)
    return (subject.file.node("allow")?.sequence ?? []).compactMap { node in
      guard let code = node.scalar?.text, !codes.contains(code) else { return nil }
      return subject.file.document.source.error(
        at: node.place, "there is no warning \(Quoted.of(code))",
        expected: "a code from \(codes[0]) to \(codes[codes.count - 1])",
        suggestion: NearestWord.of(code, among: codes))
    }
  }
}

/// A rule: its code with an explanation, and what it finds in an audience.
struct LintRule: Sendable {
  let explanation: CodeExplanation
  let check: @Sendable (LintSubject) -> [LintWarning]

  init(_ code: String, _ title: String, _ text: String, check: @escaping @Sendable (LintSubject) -> [LintWarning]) {
    explanation = CodeExplanation(code: code, title: title, text: text)
    self.check = check
  }

  /// Every rule, in the order of its code. Codes are in people's files: none is ever given to another rule.
  static let all: [LintRule] = [
    .noSuppressionOfBuyers, .noExitByPurchase, .noUpperWindow, .shortWindowToAds, .longRetargetingWindow,
    .longCartWindow, .nearDuplicate, .sameInOtherWords, .overlapWithoutGroup, .noOwner, .noGoal, .nameOffForm,
    .retiredButSent, .identifiersToAds, .noName, .noVersion, .noDestination, .noPurpose,
  ]
}

/// Something a rule found in a file.
struct LintWarning {
  let place: Place
  /// What is wrong, in one sentence without a full stop.
  let message: String
  /// What to do, to stand after the word "expected".
  let expected: String

  func diagnostic(in file: AudienceFile, code: String) -> Diagnostic {
    file.document.source.warning(at: place, message, expected: expected, code: code)
  }
}

/// The audience that rules look at.
struct LintSubject {
  let audience: AudienceDefinition
  let file: AudienceFile
  let shop: LintShop

  var isRetargeting: Bool { audience.purpose == .retarget }

  /// A warning at a key of the file.
  func warning(at key: String, _ message: String, expected: String) -> [LintWarning] {
    [LintWarning(place: file.place(of: key), message: message, expected: expected)]
  }
}

/// What rules may look up about the whole project.
struct LintShop {
  let project: Project
  let now: Instant
  private let index: ProjectIndex
  private let outlines: [String: Outline]
  let effects = Memo<PurchaseEffect>()
  let reaches = Memo<Reach?>()
  let buyersIn = Memo<Bool>()
  let buyersOut = Memo<Bool>()

  init(project: Project, now: Instant) {
    self.project = project
    self.now = now
    index = ProjectIndex(project)
    let texts = LogicText(traits: project.traits)
    let all = project.audiences.map { ($0.key, Outline($0.condition, texts: texts)) }
    outlines = Dictionary(all) { first, _ in first }
  }

  /// What a trait is made of; `nil` where `identify` sets it.
  func formula(_ name: String) -> TraitDefinition.Formula? { index.formula(name) }

  /// The measures and set traits that a trait is made of.
  func bases(of trait: String) -> [ProjectIndex.Base] { index.bases(of: trait) }

  /// The condition of an audience, to be compared with others.
  func outline(_ key: String) -> Outline? { outlines[key] }

  func audience(_ key: String) -> AudienceDefinition? { index.audience(key) }

  /// The audiences that keep people out of this one: its `unless`, and the policy's suppression.
  func suppressors(of audience: AudienceDefinition) -> [AudienceDefinition] {
    index.suppressors(of: audience).compactMap { index.audience($0) }
  }

  /// The group of the policy that an audience is in.
  func group(of key: String) -> AudienceGroup? { project.policy.groups.first { $0.audiences.contains(key) } }
}
