/// A computed trait: a named measure over a profile's events (language, section 4).
public struct TraitDefinition: Sendable, Hashable {
  /// What conditions, payloads and other traits call it.
  public var name: String
  /// How it comes about.
  public var formula: Formula

  /// A trait of that name.
  public init(name: String, formula: Formula) {
    self.name = name
    self.formula = formula
  }

  /// How a computed trait comes about.
  public enum Formula: Sendable, Hashable {
    /// A measure of some events.
    case measure(EventQuery, Measure)
    /// One trait less another.
    case minus(String, String)
    /// One trait divided by another.
    case over(String, String)
  }

  /// The traits that it is made of.
  public var parts: [String] {
    switch formula {
    case .measure: []
    case .minus(let left, let right), .over(let left, let right): [left, right]
    }
  }
}
