internal import Audiences
internal import Engine

/// Why a profile is in an audience, or is not: the leaves of its condition, which of them decided, and what comes
/// after the condition.
public struct StandingExplanation: Sendable, Hashable {
  /// The leaves in the order of the file.
  public let leaves: [LeafAnswer]
  /// What it comes to, as a sentence without a full stop.
  public let conclusion: String

  /// The leaf at which the condition was decided.
  public var decisive: LeafAnswer? { leaves.first(where: \.decides) }
}

/// A leaf of a condition, and whether it is met.
public struct LeafAnswer: Sendable, Hashable {
  /// What must be true: `who had no Order Completed in the last 7 days`.
  public let text: String
  /// Whether it is.
  public let isMet: Bool
  /// Whether the condition was settled by this one: the answers that come after it were not needed.
  public let decides: Bool
}

/// Reads from an engine's standing why it is so.
struct StandingReader: Sendable {
  private let plan: Plan
  private let sentences: [[LeafSentence]]

  init(project: Project, plan: Plan) {
    self.plan = plan
    sentences = plan.audiences.map { project.leafSentences(of: $0.definition) }
  }

  /// The explanation; `standing` is nil where there is no such profile.
  func explanation(of number: Int, _ standing: ProfileStanding?) -> StandingExplanation {
    let audience = plan.audiences[number]
    let answers = audience.decisions.map { answer(to: $0.asks, standing) }
    let (holds, last) = walk(audience, answers)
    let count = answers.count
    let leaves = sentences[number].enumerated().map { place, sentence in
      let decision = count - 1 - place  // the plan is built from the end of the condition
      return LeafAnswer(
        text: sentence.text, isMet: answers[decision] == sentence.isWanted, decides: decision == last)
    }
    return StandingExplanation(leaves: leaves, conclusion: conclusion(on: number, holds: holds, standing))
  }

  private func answer(to question: Decision.Question, _ standing: ProfileStanding?) -> Bool {
    switch question {
    case .leaf(let leaf): standing?.leaves[leaf] ?? plan.leaves[leaf].whenEmpty
    case .audience(let other): standing?.eligible[other] ?? false
    }
  }

  /// What the condition comes to, and the decision that settled it.
  private func walk(_ audience: PlannedAudience, _ answers: [Bool]) -> (holds: Bool, last: Int?) {
    var at = audience.start
    var last: Int?
    while at >= 0 {
      let decision = audience.decisions[Int(at)]
      last = Int(at)
      at = answers[Int(at)] ? decision.whenTrue : decision.whenFalse
    }
    return (at == Decision.yes, last)
  }

  private func conclusion(on number: Int, holds: Bool, _ standing: ProfileStanding?) -> String {
    guard let standing else { return "there is no profile of this id at this instant" }
    let audience = plan.audiences[number]
    guard standing.eligible[number] else {
      guard holds else { return "the condition does not hold" }
      let rules = Self.rules(of: audience.definition)
      return "the condition holds, but not by itself: \(rules.joined(separator: ", ")) keeps the profile out"
    }
    func key(_ other: Int) -> String { plan.audiences[other].definition.key }
    if let other = audience.suppressors.first(where: { standing.eligible[$0] }) {
      return "the condition holds, and \(key(other)) suppresses it"
    }
    if let other = audience.superiors.first(where: { wins($0, standing) }) {
      return "the condition holds, and \(key(other)) comes first in the group"
    }
    return standing.statuses[number] == .control
      ? "the condition holds, and the holdout keeps the profile out"
      : "the condition holds"
  }

  private func wins(_ other: Int, _ standing: ProfileStanding) -> Bool {
    standing.eligible[other] && !plan.audiences[other].suppressors.contains { standing.eligible[$0] }
  }

  /// What can keep a profile out while the condition holds.
  private static func rules(of definition: AudienceDefinition) -> [String] {
    [
      definition.holdFor.map { "hold_for: \($0)" }, definition.stayAtMost.map { "stay_at_most: \($0)" },
      definition.rejoinAfter.map { "rejoin_after: \($0)" }, definition.retireOn.map { "retire_on: \($0)" },
    ].compactMap { $0 }
  }
}
