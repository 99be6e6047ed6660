public import Events

/// A file `*.test.yaml`: known profiles, their events, and who must be in at which instant (cli.md, "test files").
public struct ExampleFile: Sendable, Hashable {
  /// Its path below the project folder.
  public var path: String
  /// What stands before `.test.yaml`: the audience that its expectations are about where they name none.
  public var key: String
  /// The profiles, in the order of the file.
  public var profiles: [KnownProfile]
}

/// A person of whom everything is known: what happens to them, and what must come of it.
public struct KnownProfile: Sendable, Hashable {
  /// What the file calls them.
  public var name: String
  /// The line of the file where they begin, from 1.
  public var line: Int
  /// What happens to them, in the order in which it arrives.
  public var records: [ExampleRecord]
  /// What must come of it.
  public var expectations: [Expectation]
}

/// One record of a known profile, as a tool would send it.
public struct ExampleRecord: Sendable, Hashable {
  /// Its time.
  public var at: Instant
  /// The record: one JSON object.
  public var json: [UInt8]
  /// The line of the file where it stands, from 1.
  public var line: Int
}

/// What a profile must be in an audience at an instant, and why.
public struct Expectation: Sendable, Hashable {
  /// The line of the file where it stands, from 1.
  public var line: Int
  /// When: after all events up to this instant, and all that time alone brings about up to it.
  public var at: Instant
  /// The id of the profile that is looked at: the known profile's own, or the anonymous one that `as` names.
  public var profile: String
  /// The key of the audience.
  public var audience: String
  /// What the profile must be in it.
  public var status: Status
  /// What must have brought the latest change about.
  public var reason: Reason?
  /// The canonical name of the event that must have brought it about.
  public var event: String?
  /// The key of the audience that must have kept the profile out.
  public var by: String?
  /// When the profile must have entered last.
  public var entered: Instant?
  /// When the profile must have left last.
  public var exited: Instant?

  /// What a profile is in an audience (language, section 5, step 6).
  public enum Status: String, Sendable, CaseIterable {
    case out, `in`, control
  }

  /// What brings a change about (language, section 5).
  public enum Reason: String, Sendable, CaseIterable {
    case deleted, merged, definition, stay, expired, trait, event, suppressed, outranked
    case heldOut = "held_out"
  }
}
