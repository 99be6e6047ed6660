import Audiences
import Engine
import Events
import Pipeline

extension TestReport {
  /// One object: the counts, and every profile with its expectations.
  var json: JSONValue {
    .object([
      ("profiles", .integer(profiles)), ("expectations", .integer(expectations)), ("failures", .integer(failures)),
      ("ms", .integer(Int(ms))),
      (
        "files",
        .array(
          files.map { file in
            .object([
              ("path", .string(file.path)),
              ("profiles", .array(file.outcomes.map(Self.json))),
            ])
          })
      ),
    ])
  }

  private static func json(_ outcome: ProfileOutcome) -> JSONValue {
    let rejected = outcome.rejected.map { record in
      JSONValue.object([("line", .integer(record.line)), ("code", .string(record.code.rawValue))])
    }
    return .object([
      ("name", .string(outcome.profile.name)), ("line", .integer(outcome.profile.line)),
      ("passed", .bool(outcome.passed)), ("rejected", rejected.isEmpty ? nil : .array(rejected)),
      ("expectations", .array(outcome.verdicts.map(json))),
    ])
  }

  private static func json(_ verdict: Verdict) -> JSONValue {
    let (wanted, found) = (verdict.expectation, verdict.observation)
    return .object([
      ("line", .integer(wanted.line)), ("at", .string("\(wanted.at)")), ("audience", .string(wanted.audience)),
      ("passed", .bool(verdict.passed)),
      ("differences", verdict.passed ? nil : .strings(verdict.differences.map(\.rawValue))),
      (
        "expected",
        parts(
          wanted.status.rawValue, wanted.reason, wanted.event, wanted.by, wanted.entered, wanted.exited)
      ),
      (
        "found",
        parts(
          found.status.rawValue, found.latest?.reason, found.latest?.event, found.latest?.by, found.entered,
          found.exited)
      ),
      ("because", verdict.explanation.map(json)),
    ])
  }

  private static func parts(
    _ status: String, _ reason: Expectation.Reason?, _ event: String?, _ by: String?, _ entered: Instant?,
    _ exited: Instant?
  ) -> JSONValue {
    .object([
      ("status", .string(status)), ("reason", reason.map { .string($0.rawValue) }),
      ("event", event.map { .string($0) }),
      ("by", by.map { .string($0) }), ("entered", entered.map { .string("\($0)") }),
      ("exited", exited.map { .string("\($0)") }),
    ])
  }

  private static func json(_ explanation: StandingExplanation) -> JSONValue {
    let leaves = explanation.leaves.map { leaf in
      JSONValue.object([
        ("text", .string(leaf.text)), ("met", .bool(leaf.isMet)), ("decided", .bool(leaf.decides)),
      ])
    }
    return .object([("conclusion", .string(explanation.conclusion)), ("leaves", .array(leaves))])
  }
}
