import Audiences
import Engine
import Events
import Pipeline

/// What differs, in words: what was expected, what was found, since when and why, and the leaves that decided.
enum OutcomeWords {
  /// The lines below a profile; none where it passed.
  static func lines(_ outcome: ProfileOutcome, of path: String) -> [String] {
    outcome.rejected.map { "\(path):\($0.line): the record cannot be applied: \($0.code.sentence)" }
      + outcome.verdicts.filter { !$0.passed }.flatMap { lines($0, of: path) }
  }

  private static func lines(_ verdict: Verdict, of path: String) -> [String] {
    let wanted = verdict.expectation
    var lines = [
      "\(path):\(wanted.line): \(wanted.audience) at \(wanted.at)",
      "  expected  \(expected(wanted))",
      "  found     \(found(verdict.observation))",
    ]
    guard let explanation = verdict.explanation else { return lines }
    lines.append("  because   \(explanation.conclusion)")
    lines += explanation.leaves.map { leaf in
      "    \(leaf.isMet ? "yes" : "no ")  \(leaf.text)\(leaf.decides ? "   <- decided" : "")"
    }
    return lines
  }

  /// `out, left 2026-11-20T12:00:00.000Z, by an event (Order Completed)`
  static func expected(_ wanted: Expectation) -> String {
    let parts = [
      wanted.status.rawValue, wanted.entered.map { "entered \($0)" }, wanted.exited.map { "left \($0)" },
      wanted.reason.map { reason($0, event: wanted.event, by: wanted.by) },
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// `in since 2026-11-20T12:00:00.000Z, by the passing of time`
  static func found(_ observation: Observation) -> String {
    guard let latest = observation.latest else { return "\(observation.status.rawValue), and never anything else" }
    var text = "\(observation.status.rawValue) since \(latest.at)"
    if latest.kind == .exited, let entered = observation.entered { text += " (entered \(entered))" }
    return text + ", " + reason(latest.reason, event: latest.event, by: latest.by)
  }

  /// What brings a change about.
  static func reason(_ reason: Expectation.Reason, event: String?, by: String?) -> String {
    let other = by.map { " (\($0))" } ?? ""
    return switch reason {
    case .deleted: "by a deletion"
    case .merged: "by a merge"
    case .definition: "by the definition"
    case .stay: "by the end of its stay"
    case .expired: "by the passing of time"
    case .trait: "by a trait"
    case .event: "by an event" + (event.map { " (\($0))" } ?? "")
    case .suppressed: "by suppression" + other
    case .outranked: "by the group's order" + other
    case .heldOut: "by the holdout"
    }
  }
}
