public import Audiences
public import Engine
public import Events

/// What came of a known profile.
public struct ProfileOutcome: Sendable {
  /// Whose it is.
  public let profile: KnownProfile
  /// What came of each expectation, in the order of the file.
  public let verdicts: [Verdict]
  /// The records that were not applied, because no engine would.
  public let rejected: [RejectedRecord]

  /// Whether everything came as it was expected.
  public var passed: Bool { rejected.isEmpty && verdicts.allSatisfy(\.passed) }
}

/// A record of a known profile that cannot be applied.
public struct RejectedRecord: Sendable, Hashable {
  /// The line of the file where it stands.
  public let line: Int
  /// Why.
  public let code: Rejection
}

/// An expectation, and what was found.
public struct Verdict: Sendable {
  /// What had to be.
  public let expectation: Expectation
  /// What was.
  public let observation: Observation
  /// Where the two differ; empty where all is well.
  public let differences: [UnmetPart]
  /// How the answer came about; only where there is a difference.
  public let explanation: StandingExplanation?

  /// Whether it was as it had to be.
  public var passed: Bool { differences.isEmpty }
}

/// A part of an expectation that was not met.
public enum UnmetPart: String, Sendable, CaseIterable {
  case status, reason, event, by, entered, exited
}

/// What a profile was in an audience at an instant, and how it came to be.
public struct Observation: Sendable {
  /// What it was.
  public let status: AudienceStatus
  /// The latest change; `nil` where there was none.
  public let latest: ObservedChange?
  /// When it entered last.
  public let entered: Instant?
  /// When it left last.
  public let exited: Instant?

  /// From all changes of the profile in the audience up to the instant.
  init(status: AudienceStatus, history: [ObservedChange]) {
    self.status = status
    latest = history.last
    entered = history.last { $0.kind == .entered }?.at
    exited = history.last { $0.kind == .exited }?.at
  }

  func differences(from expectation: Expectation) -> [UnmetPart] {
    func differs<Value: Equatable>(_ wanted: Value?, _ found: Value?) -> Bool { wanted != nil && wanted != found }
    var differences: [UnmetPart] = []
    if expectation.status.rawValue != status.rawValue { differences.append(.status) }
    if differs(expectation.reason, latest?.reason) { differences.append(.reason) }
    if differs(expectation.event, latest?.event) { differences.append(.event) }
    if differs(expectation.by, latest?.by) { differences.append(.by) }
    if differs(expectation.entered, entered) { differences.append(.entered) }
    if differs(expectation.exited, exited) { differences.append(.exited) }
    return differences
  }
}

/// A change, kept beyond the record that brought it about.
public struct ObservedChange: Sendable {
  /// Whose: the profile's id.
  public let profile: String
  /// The audience's number in the plan.
  public let audience: Int
  /// What became of the status.
  public let kind: Change.Kind
  /// When.
  public let at: Instant
  /// What brought it about.
  public let reason: Expectation.Reason
  /// The name of the event that did.
  public private(set) var event: String?
  /// The key of the audience that kept the profile out, or had.
  public private(set) var by: String?

  init(_ change: Change, in plan: Plan, cause: Bytes) {
    profile = change.profile.text
    audience = change.audience
    kind = change.kind
    at = change.at
    switch change.reason {
    case .deleted: reason = .deleted
    case .merged: reason = .merged
    case .definition: reason = .definition
    case .stay: reason = .stay
    case .expired: reason = .expired
    case .trait: reason = .trait
    case .heldOut: reason = .heldOut
    case .event(let number):
      reason = .event
      event = number == Record.unknownEvent ? cause.text : plan.eventNames[Int(number)]
    case .suppressed(let other):
      reason = .suppressed
      by = plan.audiences[other].definition.key
    case .outranked(let other):
      reason = .outranked
      by = plan.audiences[other].definition.key
    }
  }
}
