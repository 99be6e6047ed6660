extension Predicate {
  /// Whether the values at a path satisfy every operator. `not`, `not_in` and `exists` look at all of the values; of
  /// the rest, one value must satisfy all of them together.
  func holds(for values: [Value]) -> Bool {
    let ofOneValue = operators.filter { !$0.looksAtAllValues }
    return operators.filter(\.looksAtAllValues).allSatisfy { $0.holds(forAll: values) }
      && (ofOneValue.isEmpty || values.contains { value in ofOneValue.allSatisfy { $0.holds(for: value) } })
  }
}

extension Operator {
  fileprivate var looksAtAllValues: Bool {
    switch self {
    case .not, .notAmong, .exists: true
    default: false
    }
  }

  fileprivate func holds(forAll values: [Value]) -> Bool {
    switch self {
    case .exists(let wanted): !values.isEmpty == wanted
    case .not(let operand): Self.someAndNoneEqual(values, to: [operand])
    case .notAmong(let operands): Self.someAndNoneEqual(values, to: operands)
    default: preconditionFailure("this operator looks at one value")
    }
  }

  /// At least one value of the operands' type, and none that is equal to any operand.
  private static func someAndNoneEqual(_ values: [Value], to operands: [Operand]) -> Bool {
    let comparable = values.filter { value in operands.contains { $0.order(of: value) != nil } }
    return !comparable.isEmpty
      && !comparable.contains { value in operands.contains { $0.order(of: value) == .equal } }
  }

  /// Whether one value satisfies the operator. A value of another type than the operand's counts as none.
  fileprivate func holds(for value: Value) -> Bool {
    switch self {
    case .equals(let operand): return operand.order(of: value) == .equal
    case .among(let operands): return operands.contains { $0.order(of: value) == .equal }
    case .atLeast(let operand): return [.equal, .greater].contains(operand.order(of: value))
    case .moreThan(let operand): return operand.order(of: value) == .greater
    case .atMost(let operand): return [.equal, .less].contains(operand.order(of: value))
    case .lessThan(let operand): return operand.order(of: value) == .less
    case .between(let least, let most):
      return [.equal, .greater].contains(least.order(of: value)) && [.equal, .less].contains(most.order(of: value))
    case .contains(let part):
      if case .string(let text) = value { return text.contains(Text(part)) }
      return false
    case .startsWith(let part):
      if case .string(let text) = value { return text.starts(with: Text(part)) }
      return false
    case .not, .notAmong, .exists: preconditionFailure("this operator looks at all values")
    }
  }
}

/// How a value stands to an operand.
private enum Order { case less, equal, greater }

extension Operand {
  /// Nothing where the value is of another type. Strings compare byte for byte; of booleans, false is the lesser.
  fileprivate func order(of value: Value) -> Order? {
    switch (self, value) {
    case (.number(let operand), _): value.asNumber.map { Self.order($0, operand) }
    case (.string(let operand), .string(let text)): Self.order(text, Text(operand))
    case (.boolean(let operand), .boolean(let boolean)): Self.order(boolean ? 1 : 0, operand ? 1 : 0)
    default: nil
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
    left < right ? .less : left > right ? .greater : .equal
  }
}
