import Events

/// Predicates as what is said of a thing: `is coffee`, `is at least 3 and is less than 5`.
enum PredicateWords {
  /// What is said of the thing.
  static func verb(_ predicate: Predicate) -> String {
    predicate.comparisons.map(verb).joined(separator: " and ")
  }

  /// The contrary, of a thing that is there.
  static func contrary(_ predicate: Predicate) -> String {
    guard predicate.comparisons.count == 1, let only = predicate.comparisons.first else {
      return "is not such that it " + verb(predicate)
    }
    switch only {
    case .not(let operand): return verb(.equals(operand))
    case .notIn(let operands): return verb(.isIn(operands))
    case .atLeast(let operand): return verb(.lessThan(operand))
    case .moreThan(let operand): return verb(.atMost(operand))
    case .atMost(let operand): return verb(.moreThan(operand))
    case .lessThan(let operand): return verb(.atLeast(operand))
    case .exists(let wanted): return verb(.exists(!wanted))
    case .contains(let text): return "does not contain \(Words.value(.string(text)))"
    case .startsWith(let text): return "does not start with \(Words.value(.string(text)))"
    case .equals, .isIn, .between: return "is not " + verb(only).dropFirst(3)
    }
  }

  /// Whether it asks if the thing is there, so that its contrary need not tell what holds where it is not.
  static func mentionsExistence(_ predicate: Predicate) -> Bool {
    predicate.comparisons.contains { if case .exists = $0 { true } else { false } }
  }

  private static func verb(_ comparison: Predicate.Comparison) -> String {
    switch comparison {
    case .equals(let operand): "is \(Words.value(operand))"
    case .not(let operand): "is something other than \(Words.value(operand))"
    case .isIn(let operands): "is \(alternatives(operands))"
    case .notIn(let operands): "is something other than \(alternatives(operands))"
    case .atLeast(let operand): "is at least \(Words.value(operand))"
    case .moreThan(let operand): "is more than \(Words.value(operand))"
    case .atMost(let operand): "is at most \(Words.value(operand))"
    case .lessThan(let operand): "is less than \(Words.value(operand))"
    case .between(let from, let to): "is from \(Words.value(from)) to \(Words.value(to))"
    case .exists(let wanted): wanted ? "is known" : "is not known"
    case .contains(let text): "contains \(Words.value(.string(text)))"
    case .startsWith(let text): "starts with \(Words.value(.string(text)))"
    }
  }

  private static func alternatives(_ operands: [Predicate.Operand]) -> String {
    Words.list(operands.map(Words.value), "or")
  }
}

/// How many events there are, as it stands before their name.
struct Quantity {
  /// `an`, `no`, `at least 3`; empty where the article is still to be chosen.
  let words: String
  /// One event, by its name with an article.
  let isOne: Bool

  private static let one = Quantity(words: "", isOne: true)
  private static let none = Quantity(words: "no", isOne: true)

  var isNone: Bool { words == "no" }

  /// `nil` where it takes a sentence of its own.
  init?(_ predicate: Predicate, isWanted: Bool) {
    guard predicate.comparisons.count == 1, let only = predicate.comparisons.first else { return nil }
    let quantity = isWanted ? Self.of(only) : Self.contrary(only).flatMap(Self.of)
    guard let quantity else { return nil }
    self = quantity
  }

  private init(words: String, isOne: Bool) {
    self.words = words
    self.isOne = isOne
  }

  private static func of(_ comparison: Predicate.Comparison) -> Quantity? {
    func many(_ words: String) -> Quantity { Quantity(words: words, isOne: false) }
    func is0(_ operand: Predicate.Operand) -> Bool { operand == .number(Millionths(units: 0)) }
    func is1(_ operand: Predicate.Operand) -> Bool { operand == .number(Millionths(units: Millionths.perWhole)) }
    switch comparison {
    case .atLeast(let operand) where is1(operand), .moreThan(let operand) where is0(operand): return one
    case .atMost(let operand) where is0(operand), .lessThan(let operand) where is1(operand),
      .equals(let operand) where is0(operand):
      return none
    case .equals(let operand) where is1(operand): return Quantity(words: "exactly one", isOne: true)
    case .equals(let operand): return many("exactly \(Words.value(operand))")
    case .not(let operand): return many("any number but \(Words.value(operand)) of")
    case .atLeast(let operand): return many("at least \(Words.value(operand))")
    case .moreThan(let operand): return many("more than \(Words.value(operand))")
    case .atMost(let operand): return many("at most \(Words.value(operand))")
    case .lessThan(let operand): return many("fewer than \(Words.value(operand))")
    case .between(let from, let to): return many("\(Words.value(from)) to \(Words.value(to))")
    case .isIn, .notIn, .exists, .contains, .startsWith: return nil
    }
  }

  /// A count is always there, so that its contrary is a comparison as well.
  private static func contrary(_ comparison: Predicate.Comparison) -> Predicate.Comparison? {
    switch comparison {
    case .atLeast(let operand): .lessThan(operand)
    case .moreThan(let operand): .atMost(operand)
    case .atMost(let operand): .moreThan(operand)
    case .lessThan(let operand): .atLeast(operand)
    case .equals(let operand): .not(operand)
    case .not(let operand): .equals(operand)
    case .isIn, .notIn, .between, .exists, .contains, .startsWith: nil
    }
  }
}
