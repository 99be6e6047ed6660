/// What is asked of a trait.
public enum TraitTest: Sendable, Hashable {
  /// `is`: its values satisfy a predicate.
  case `is`(Predicate)
  /// `ago`: it holds a time that is so long past.
  case ago(Window)
  /// `ahead`: it holds a time that is so far ahead; `0 < time - now <= b`, or `a < time - now <= b`.
  case ahead(Window)

  /// The distances from the trait's time at which the answer can change.
  var offsetsMs: [Int64] {
    switch self {
    case .is: []
    case .ago(let window): [0] + window.boundsMs
    case .ahead(let window): [0] + window.boundsMs.map { -$0 }
    }
  }

  func holds(for values: [Value], at nowMs: Int64) -> Bool {
    switch self {
    case .is(let predicate): return predicate.holds(for: values)
    case .ago(let window): return values.compactMap(\.asTimeMs).contains { window.contains(ageMs: nowMs - $0) }
    case .ahead(let window):
      // a < ahead <= b is the mirror of a <= age < b.
      let (least, most) = window.endsMs
      return values.compactMap(\.asTimeMs).contains { least < $0 - nowMs && $0 - nowMs <= most }
    }
  }
}

/// A computed trait: a named measure over a profile's events.
public struct ComputedTrait: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// How it comes about.
  public var formula: Formula

  /// A trait of that name.
  public init(_ name: String, _ formula: Formula) {
    self.name = name
    self.formula = formula
  }

  /// How a computed trait comes about.
  public enum Formula: Sendable, Hashable {
    /// A figure over the events that the leaf leaves; the leaf has neither `by` nor a measure of its own.
    case measured(Leaf, Figure)
    /// `minus`: one trait less another.
    case difference(String, String)
    /// `over`: one trait divided by another.
    case ratio(String, String)
  }

  /// The traits that it asks for.
  var traits: Set<String> {
    switch formula {
    case .measured: []
    case .difference(let left, let right), .ratio(let left, let right): [left, right]
    }
  }
}

/// What a measure gives, without what it must satisfy.
public enum Figure: Sendable, Hashable {
  /// How many events there are.
  case count
  /// The sum of the numbers at `of`, times the one at `times`.
  case sum(of: String, times: String?)
  /// Their sum by their count.
  case average(of: String)
  /// The least number.
  case min(of: String)
  /// The greatest number.
  case max(of: String)
  /// How many different values there are.
  case distinct(of: String)
  /// The value in most events.
  case favorite(of: String)
  /// The time of the first event.
  case firstAt
  /// The time of the last event.
  case lastAt
  /// All values of the first event that has the property.
  case first(of: String)
  /// All values of the last event that has the property.
  case last(of: String)

  /// The path measured, if there is one.
  var path: String? {
    switch self {
    case .count, .firstAt, .lastAt: nil
    case .sum(let path, _), .average(let path), .min(let path), .max(let path), .distinct(let path),
      .favorite(let path), .first(let path), .last(let path):
      path
    }
  }
}

/// A trait that `identify` may bring.
public struct KnownTrait: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// The type of its values.
  public var type: PropertyType

  /// A trait of that type.
  public init(_ name: String, _ type: PropertyType) {
    self.name = name
    self.type = type
  }
}
