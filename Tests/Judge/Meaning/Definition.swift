/// An audience: its key, its condition, and how it behaves in time and among the others.
public struct Definition: Sendable, Hashable {
  /// The audience's key.
  public var key: String
  /// Who is in.
  public var when: Condition
  /// `purpose`, which the policy's suppression asks for.
  public var purpose: Purpose?
  /// `unless`: keys of the audiences that suppress this one.
  public var unless: [String]
  /// `hold_for`: the condition must be true without a break for this long.
  public var holdFor: Span?
  /// `stay_at_most`: leaves after this long, and must turn false before it can enter again.
  public var stayAtMost: Span?
  /// `rejoin_after`: this long must pass after it last ceased to be eligible.
  public var rejoinAfter: Span?
  /// `holdout`.
  public var holdout: Holdout?
  /// `retire_on`: from this instant on nobody is eligible; in milliseconds since 1970.
  public var retireOnMs: Int64?
  /// `to`: whether an ad platform is told of its changes.
  public var isToldToAds = false

  /// An audience of that key; every setting may be left out.
  public init(
    _ key: String, when: Condition, purpose: Purpose? = nil, unless: [String] = [], holdFor: Span? = nil,
    stayAtMost: Span? = nil, rejoinAfter: Span? = nil, holdout: Holdout? = nil, retireOnMs: Int64? = nil
  ) {
    self.key = key
    self.when = when
    self.purpose = purpose
    self.unless = unless
    self.holdFor = holdFor
    self.stayAtMost = stayAtMost
    self.rejoinAfter = rejoinAfter
    self.holdout = holdout
    self.retireOnMs = retireOnMs
  }
}

/// What an audience is for.
public enum Purpose: String, Sendable, Hashable, CaseIterable {
  /// To be addressed.
  case retarget
  /// To keep others from being addressed.
  case suppress
  /// To seed look-alikes.
  case seed
  /// To be counted.
  case measure
}

/// A share of the profiles that is kept out, to measure by.
public struct Holdout: Sendable, Hashable {
  /// The share, in millionths of a percent: `10` is 10,000,000.
  public var percentMillionths: Int64
  /// What the buckets are drawn from, besides the profile's id.
  public var salt: String
  /// Until when; in milliseconds since 1970.
  public var untilMs: Int64?

  /// A holdout of that many whole percent.
  public init(percent: Int64, salt: String, untilMs: Int64? = nil) {
    percentMillionths = percent * Millionths.one
    self.salt = salt
    self.untilMs = untilMs
  }

  /// Whether a profile is held out at an instant.
  func holdsOut(_ profile: Text, at nowMs: Int64) -> Bool {
    if let untilMs, nowMs >= untilMs { return false }
    // bucket / 100 < percent
    return Self.bucket(salt: salt, profile: profile) * (Millionths.one / 100) < percentMillionths
  }

  /// The first 8 bytes of SHA-256(`salt:profile`) as a big-endian number, mod 10000.
  static func bucket(salt: String, profile: Text) -> Int64 {
    let digest = Sha256.digest(Array((salt + ":").utf8) + profile.bytes)
    return Int64(digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 10_000)
  }
}

/// A condition over one profile.
public indirect enum Condition: Sendable, Hashable {
  /// Every one of them holds.
  case all([Condition])
  /// At least one of them holds.
  case any([Condition])
  /// It does not hold.
  case not(Condition)
  /// A leaf over events.
  case event(Leaf)
  /// A predicate on a trait.
  case trait(String, TraitTest)
  /// The profile is eligible for that audience.
  case audience(String)

  /// The keys of the audiences that it asks for.
  var audiences: Set<String> {
    switch self {
    case .all(let parts), .any(let parts): Set(parts.flatMap(\.audiences))
    case .not(let part): part.audiences
    case .audience(let key): [key]
    case .event, .trait: []
    }
  }

  /// The names of the traits that it asks for.
  var traits: Set<String> {
    switch self {
    case .all(let parts), .any(let parts): Set(parts.flatMap(\.traits))
    case .not(let part): part.traits
    case .trait(let name, _): [name]
    case .event, .audience: []
    }
  }
}
