public import Events

/// An instant at which an audience, or its holdout, ends.
public struct Ending: Sendable {
  /// What ends.
  public enum Kind: Sendable { case audience, holdout }

  /// When.
  public let at: Instant
  /// The audience's number in the plan.
  public let audience: Int
  /// What.
  public let kind: Kind

  static func all(of definition: AudienceDefinition, number: Int) -> [Ending] {
    let retires = definition.retireOn.map { Ending(at: $0, audience: number, kind: .audience) }
    let ends = definition.holdout?.until.map { Ending(at: $0, audience: number, kind: .holdout) }
    return [retires, ends].compactMap { $0 }
  }
}
