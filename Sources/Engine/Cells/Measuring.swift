internal import Audiences
internal import Events

extension MeasuredValue {
  /// What one event comes to; `nil` where it does not have the property.
  func measure(_ record: Record, _ values: inout Values) -> Int128? {
    if let times { return Self.product(record, of, times, &values).map { Int128($0.units) } }
    record.values(at: of, into: &values)
    var total: Int128?
    for index in 0..<values.count {
      guard let number = values[index].number.map({ Int128($0.units) }) else { continue }
      total = total.map { combine($0, number) } ?? number
    }
    return total
  }

  /// How two values come together.
  func combine(_ a: Int128, _ b: Int128) -> Int128 {
    switch kind {
    case .sum: a + b
    case .min: min(a, b)
    case .max: max(a, b)
    }
  }

  /// The product of two properties, of an event that has exactly one number for both.
  static func product(
    _ record: Record, _ of: [UInt16], _ times: [UInt16], _ values: inout Values
  ) -> Millionths? {
    record.values(at: of, into: &values)
    guard let a = single(values) else { return nil }
    record.values(at: times, into: &values)
    guard let b = single(values) else { return nil }
    return Millionths.product(a, b)
  }

  private static func single(_ values: borrowing Values) -> Millionths? {
    var found: Millionths?
    for index in 0..<values.count {
      guard let number = values[index].number else { continue }
      if found != nil { return nil }
      found = number
    }
    return found
  }
}
