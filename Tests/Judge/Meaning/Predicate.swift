/// Operators that must all hold.
public struct Predicate: Sendable, Hashable {
  /// The operators.
  public var operators: [Operator]
  /// Whether a lone `equals` is written as the bare value.
  public var isBare: Bool

  /// A predicate of these operators.
  public init(_ operators: Operator..., isBare: Bool = false) {
    self.operators = operators
    self.isBare = isBare
  }

  /// The bare value, which means equals.
  public static func bare(_ operand: Operand) -> Predicate { Predicate(.equals(operand), isBare: true) }
}

/// One operator of a predicate.
public enum Operator: Sendable, Hashable {
  /// Equal to it.
  case equals(Operand)
  /// At least one value, and none equal to it.
  case not(Operand)
  /// Equal to one of them.
  case among([Operand])
  /// At least one value, and none equal to any of them.
  case notAmong([Operand])
  /// `>=`.
  case atLeast(Operand)
  /// `>`.
  case moreThan(Operand)
  /// `<=`.
  case atMost(Operand)
  /// `<`.
  case lessThan(Operand)
  /// From the first to the second, both included.
  case between(Operand, Operand)
  /// Whether there is a value.
  case exists(Bool)
  /// Has the substring.
  case contains(String)
  /// Begins with it.
  case startsWith(String)
}

/// What an operator compares with.
public enum Operand: Sendable, Hashable {
  /// A number, in millionths.
  case number(Int64)
  /// A string.
  case string(String)
  /// True or false.
  case boolean(Bool)

  /// A whole number.
  public static func whole(_ number: Int64) -> Operand { .number(number * Millionths.one) }
}
