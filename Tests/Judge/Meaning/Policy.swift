/// What holds across audiences: `ops/policy.yaml`.
public struct Policy: Sendable, Hashable {
  /// `suppress.purposes`: audiences of these purposes are suppressed.
  public var suppressedPurposes: [Purpose]
  /// `suppress.audiences`: by eligibility for any of these.
  public var suppressors: [String]
  /// `groups`: of each, the first audience that can wins.
  public var groups: [Group]
  /// `region`: where phone numbers are dialled of which a record does not say it.
  public var region: String?

  /// An exclusive group.
  public struct Group: Sendable, Hashable {
    /// The group's name.
    public var name: String
    /// Its audiences, the first before the rest.
    public var audiences: [String]

    /// A group of these audiences.
    public init(_ name: String, _ audiences: [String]) {
      self.name = name
      self.audiences = audiences
    }
  }

  /// A policy; without parts, none.
  public init(suppressedPurposes: [Purpose] = [], suppressors: [String] = [], groups: [Group] = []) {
    self.suppressedPurposes = suppressedPurposes
    self.suppressors = suppressors
    self.groups = groups
  }
}
