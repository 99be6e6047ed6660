/// An audience in words: for those who use it, and do not read definitions.
public struct AudienceDescription: Sendable, Hashable {
  /// The audience as its file says it.
  public let audience: AudienceDefinition
  /// Who is in it, in one sentence.
  public let sentence: String
  /// Its conditions one by one.
  public let conditions: [DescriptionLine]
  /// What holds beside the condition: hold, stay, suppression, group, holdout; each a sentence.
  public let rules: [String]
  /// When it can change by time passing alone; empty where only events and traits change it.
  public let timeChanges: [String]
  /// The keys of the audiences that it looks at, those that keep people out included.
  public let audiences: [String]
  /// The traits that it looks at or sends, with those that these are made of.
  public let traits: [TraitDescription]
  /// The events that it looks at, those of its traits included.
  public let events: [String]
  /// What looks at it, each a sentence.
  public let usedBy: [String]
  /// Where its changes go, each a sentence.
  public let destinations: [String]
  /// What the engine keeps for it of each profile, and what that costs.
  public let state: [StateLine]
}

/// A line of a description, and how far it is indented.
public struct DescriptionLine: Sendable, Hashable {
  /// How many levels it lies within others.
  public let depth: Int
  /// What it says.
  public let text: String
}

/// What the engine keeps of each profile for a part of an audience. It is told by those who know the plan.
public struct StateLine: Sendable, Hashable {
  /// What it is kept for: a condition, in words.
  public let subject: String
  /// What is kept, and how much: `at most 3 times of 8 bytes`.
  public let text: String

  /// What is kept for a part of an audience.
  public init(subject: String, text: String) {
    self.subject = subject
    self.text = text
  }
}

/// A trait in words.
public struct TraitDescription: Sendable, Hashable {
  /// What it is called.
  public let name: String
  /// What it is, without a full stop: `the number of Order Completed events`.
  public let phrase: String
  /// Whether it is computed; else `identify` sets it.
  public let isComputed: Bool
  /// The traits that it is made of.
  public let traits: [String]
  /// The events that it is made of, those of its traits included.
  public let events: [String]
  /// When it can change by time passing alone; empty where only events change it.
  public let timeChanges: [String]
  /// The keys of the audiences that look at it or send it, then the traits that are made of it.
  public let usedBy: [String]
}
