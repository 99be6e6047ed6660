/// What must be true of a profile (language, section 3).
public indirect enum Condition: Sendable, Hashable {
  /// Every one of them; never empty.
  case all([Condition])
  /// At least one of them; never empty.
  case any([Condition])
  /// It is not true.
  case not(Condition)
  /// Something about the profile's events.
  case events(EventLeaf)
  /// Something about one of its traits.
  case trait(TraitLeaf)
  /// It is eligible for the audience of that key.
  case audience(String)
}

/// A trait and what must hold of it (language, section 3.2).
public struct TraitLeaf: Sendable, Hashable {
  /// The trait, computed or set by `identify`.
  public var name: String
  /// What must hold of it.
  public var test: Test

  /// A test of the trait of that name.
  public init(name: String, test: Test) {
    self.name = name
    self.test = test
  }

  /// What must hold of a trait.
  public enum Test: Sendable, Hashable {
    /// A predicate on its values.
    case value(Predicate)
    /// For a time: how long it is past, `from <= now - time < to`.
    case ago(Window)
    /// For a time: how far it is ahead, `from < time - now <= to`.
    case ahead(Window)
  }
}
