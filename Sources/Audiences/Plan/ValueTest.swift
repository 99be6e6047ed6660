public import Events

/// A predicate on the values at a path of an event, compiled.
public struct ValueTest: Sendable {
  /// Where the values stand.
  public let path: [UInt16]
  /// What must hold of them.
  public let predicate: ValuePredicate

  init(_ test: PropertyTest, names: inout PropertyNames, literals: Literals) {
    path = names.path(test.path)
    predicate = ValuePredicate(test.predicate, literals: literals)
  }

  /// Whether it holds of an event. `values` is room to work in.
  public func holds(of record: Record, _ values: inout Values) -> Bool {
    record.values(at: path, into: &values)
    return predicate.holds(of: values)
  }
}

/// A predicate on several values, compiled (language, section 3.4).
public struct ValuePredicate: Sendable {
  private let one: [Comparison]
  private let every: [Comparison]
  private let exists: Bool?

  private enum Comparison: Sendable {
    case equals(Operand), isIn([Operand])
    case atLeast(Operand), moreThan(Operand), atMost(Operand), lessThan(Operand), between(Operand, Operand)
    case contains(Bytes), startsWith(Bytes)
  }

  private enum Operand: Sendable {
    case string(Bytes), number(Int64), boolean(Bool)
  }

  init(_ predicate: Predicate, literals: Literals) {
    var one: [Comparison] = []
    var every: [Comparison] = []
    var exists: Bool?
    func operand(_ operand: Predicate.Operand) -> Operand {
      switch operand {
      case .string(let text): .string(literals.keep(text))
      case .number(let number): .number(number.units)
      case .boolean(let truth): .boolean(truth)
      }
    }
    for comparison in predicate.comparisons {
      switch comparison {
      case .equals(let a): one.append(.equals(operand(a)))
      case .isIn(let all): one.append(.isIn(all.map(operand)))
      case .atLeast(let a): one.append(.atLeast(operand(a)))
      case .moreThan(let a): one.append(.moreThan(operand(a)))
      case .atMost(let a): one.append(.atMost(operand(a)))
      case .lessThan(let a): one.append(.lessThan(operand(a)))
      case .between(let a, let b): one.append(.between(operand(a), operand(b)))
      case .contains(let text): one.append(.contains(literals.keep(text)))
      case .startsWith(let text): one.append(.startsWith(literals.keep(text)))
      case .not(let a): every.append(.equals(operand(a)))
      case .notIn(let all): every.append(.isIn(all.map(operand)))
      case .exists(let wanted): exists = wanted
      }
    }
    self.one = one
    self.every = every
    self.exists = exists
  }

  /// Whether it holds of values; none are absent.
  public func holds(of values: borrowing Values) -> Bool {
    if let exists, exists != (values.count > 0) { return false }
    return (one.isEmpty || hasOne(values)) && every.allSatisfy { hasNone(values, $0) }
  }

  /// One value that satisfies all of them together is enough.
  private func hasOne(_ values: borrowing Values) -> Bool {
    for index in 0..<values.count {
      var all = true
      for comparison in one where Self.satisfies(values[index], comparison) != true {
        all = false
        break
      }
      if all { return true }
    }
    return false
  }

  /// `not` and `not_in`: at least one value of the operand's type, and none that is equal.
  private func hasNone(_ values: borrowing Values, _ comparison: Comparison) -> Bool {
    var seen = false
    for index in 0..<values.count {
      guard let equal = Self.satisfies(values[index], comparison) else { continue }
      if equal { return false }
      seen = true
    }
    return seen
  }

  /// `nil` where the value is of another type than the operand.
  private static func satisfies(_ value: Value, _ comparison: Comparison) -> Bool? {
    switch comparison {
    case .equals(let a): return compare(value, a).map { $0 == 0 }
    case .isIn(let all):
      var known: Bool?
      for operand in all {
        guard let order = compare(value, operand) else { continue }
        if order == 0 { return true }
        known = false
      }
      return known
    case .atLeast(let a): return compare(value, a).map { $0 >= 0 }
    case .moreThan(let a): return compare(value, a).map { $0 > 0 }
    case .atMost(let a): return compare(value, a).map { $0 <= 0 }
    case .lessThan(let a): return compare(value, a).map { $0 < 0 }
    case .between(let a, let b):
      guard let low = compare(value, a), let high = compare(value, b) else { return nil }
      return low >= 0 && high <= 0
    case .contains(let text): return value.kind == .string ? value.text.contains(text) : nil
    case .startsWith(let text): return value.kind == .string ? value.text.hasPrefix(text) : nil
    }
  }

  /// How a value stands to an operand of its type: below, at or above zero.
  private static func compare(_ value: Value, _ operand: Operand) -> Int? {
    switch operand {
    case .string(let text):
      guard value.kind == .string else { return nil }
      return value.text == text ? 0 : (value.text < text ? -1 : 1)
    case .number(let units):
      guard let number = value.number else { return nil }
      return number.units == units ? 0 : (number.units < units ? -1 : 1)
    case .boolean(let truth):
      guard value.kind == .yes || value.kind == .no else { return nil }
      return (value.kind == .yes) == truth ? 0 : (truth ? -1 : 1)
    }
  }
}

/// The bytes of the definitions' texts, for as long as the plan that they were read for.
final class Literals: @unchecked Sendable {
  // Unchecked: texts are added only while the plan is made, on one thread.
  private var texts: [UnsafeMutablePointer<UInt8>] = []

  deinit { for text in texts { text.deallocate() } }

  func keep(_ text: String) -> Bytes {
    let utf8 = Array(text.utf8)
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(utf8.count, 1))
    bytes.update(from: utf8, count: utf8.count)
    texts.append(bytes)
    return Bytes(bytes, count: utf8.count)
  }
}
