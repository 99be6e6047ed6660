public import Events

/// What must hold of one or several values (language, section 3.4); all comparisons together.
public struct Predicate: Sendable, Hashable {
  /// The comparisons; at least one, each operator once.
  public var comparisons: [Comparison]

  /// A predicate of these comparisons.
  public init(_ comparisons: [Comparison]) { self.comparisons = comparisons }

  /// At least this number.
  public static func atLeast(_ whole: Int64) -> Predicate {
    Predicate([.atLeast(.number(Millionths(units: whole * Millionths.perWhole)))])
  }

  /// One operator with its operand.
  public enum Comparison: Sendable {
    case equals(Operand)
    case not(Operand)
    case isIn([Operand])
    case notIn([Operand])
    case atLeast(Operand)
    case moreThan(Operand)
    case atMost(Operand)
    case lessThan(Operand)
    /// Inclusive on both sides.
    case between(Operand, Operand)
    case exists(Bool)
    case contains(String)
    case startsWith(String)
  }

  /// What a value is compared with, byte for byte: texts that only Unicode calls equal are two. A value of another type counts as none.
  public enum Operand: Sendable {
    case string(String)
    case number(Millionths)
    case boolean(Bool)
  }
}

// Strings are compared by their bytes, as in an event; Swift's own comparison takes canonically equivalent ones for equal.

extension Predicate.Comparison: Hashable {
  /// Whether they are the same operator with the same operands.
  public static func == (a: Self, b: Self) -> Bool {
    Canonical.text(a).utf8.elementsEqual(Canonical.text(b).utf8)
  }

  /// Hashes the bytes that equality looks at.
  public func hash(into hasher: inout Hasher) { for byte in Canonical.text(self).utf8 { hasher.combine(byte) } }
}

extension Predicate.Operand: Hashable {
  /// Whether they are of one type and equal, texts byte for byte.
  public static func == (a: Self, b: Self) -> Bool {
    Canonical.text(a).utf8.elementsEqual(Canonical.text(b).utf8)
  }

  /// Hashes the bytes that equality looks at.
  public func hash(into hasher: inout Hasher) { for byte in Canonical.text(self).utf8 { hasher.combine(byte) } }
}
