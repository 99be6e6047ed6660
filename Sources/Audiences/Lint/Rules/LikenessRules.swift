import YAML

/// Rules about audiences that are too much alike.
extension LintRule {
  static let nearDuplicate = LintRule(
    "U007", "Nearly the same as another audience",
    """
    Two audiences look at the same things, and their windows differ by no more than a fifth. Nearly everyone is in \
    both: they cost twice, and compete for the same people.

    Keep one of them. Where both are needed for a while (a change that is tried beside what it replaces), say so with \
    'allow' in either file.
    """
  ) { subject in
    subject.others(allowing: "U007").flatMap { other -> [LintWarning] in
      guard let likeness = subject.likeness(to: other), likeness.isNear else { return [] }
      let how =
        likeness.isEqual ? "the same condition as" : "the same condition, but for windows that hardly differ, as"
      return subject.warning(
        at: "when", "this is \(how) \(Quoted.of(other.key))", expected: "one of the two audiences")
    }
  }

  static let sameInOtherWords = LintRule(
    "U008", "The same people in other words",
    """
    Everyone in the one audience is in the other, and the other way round, though they are written differently. One of \
    them is not what its author meant, or is not needed.

    Compare the two with 'usher describe', and keep one.
    """
  ) { subject in
    subject.others(allowing: "U008").flatMap { other -> [LintWarning] in
      guard subject.likeness(to: other)?.isNear != true, subject.implies(other), subject.isImplied(by: other) else {
        return []
      }
      return subject.warning(
        at: "when", "exactly those for whom \(Quoted.of(other.key)) holds satisfy this condition, told in other words",
        expected: "one of the two audiences")
    }
  }

  static let overlapWithoutGroup = LintRule(
    "U009", "Overlapping retargeting audiences in no group",
    """
    Somebody can be in both of these retargeting audiences at once, and nothing says which one comes first: they get \
    both messages, and the platforms bid against each other for the same person.

    Put them into one group in ops/policy.yaml, the more important one first: a person is then in one of them at most. \
    An 'unless' that names the other one does it as well. The rule tells only overlaps that are sure: everyone in the \
    one is in the other, or they differ in windows that overlap.
    """
  ) { subject in
    guard subject.isRetargeting else { return [] }
    return subject.others(allowing: "U009").flatMap { other -> [LintWarning] in
      guard other.purpose == .retarget, !subject.isApart(from: other), subject.surelyOverlaps(other) else { return [] }
      return subject.warning(
        at: "when", "people can be in this and in \(Quoted.of(other.key)) at once, and no group says which comes first",
        expected: "both in one group of \(ProjectReader.policyPath), or one of them in the other's 'unless'")
    }
  }
}

extension LintSubject {
  /// The audiences after this one, so that each pair is told once, but for those that allow the code.
  fileprivate func others(allowing code: String) -> [AudienceDefinition] {
    shop.project.audiences.filter { $0.key > audience.key && !$0.allowed.contains(code) }
  }

  fileprivate func likeness(to other: AudienceDefinition) -> Likeness? {
    guard let a = shop.outline(audience.key), let b = shop.outline(other.key) else { return nil }
    return Likeness(a, b)
  }

  fileprivate func implies(_ other: AudienceDefinition) -> Bool { Self.implies(audience, other, in: shop) }

  fileprivate func isImplied(by other: AudienceDefinition) -> Bool { Self.implies(other, audience, in: shop) }

  private static func implies(_ a: AudienceDefinition, _ b: AudienceDefinition, in shop: LintShop) -> Bool {
    guard let left = shop.outline(a.key), let right = shop.outline(b.key) else { return false }
    var implication = Implication(shop: shop)
    return implication.implies(left, right)
  }

  /// Whether something keeps the two from having a person at once, or says that they may.
  fileprivate func isApart(from other: AudienceDefinition) -> Bool {
    let groups = (shop.group(of: audience.key), shop.group(of: other.key))
    if groups.0 != nil, groups.1 != nil { return true }
    if audience.unless.contains(other.key) || other.unless.contains(audience.key) { return true }
    return audience.condition.excludes(other.key) || other.condition.excludes(audience.key)
  }

  fileprivate func surelyOverlaps(_ other: AudienceDefinition) -> Bool {
    likeness(to: other)?.overlaps == true || implies(other) || isImplied(by: other)
  }
}

extension Condition {
  /// Whether it wants a person not to be in the audience of that key.
  fileprivate func excludes(_ key: String) -> Bool {
    switch self {
    case .all(let parts): parts.contains { $0.excludes(key) }
    case .not(.audience(key)): true
    case .not(.any(let parts)): parts.contains(.audience(key))
    default: false
    }
  }
}
