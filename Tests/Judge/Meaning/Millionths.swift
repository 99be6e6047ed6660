/// Exact decimals: whole millionths in signed 64 bits.
public enum Millionths {
  /// How many millionths one is.
  public static let one: Int64 = 1_000_000

  /// The number that a JSON number's text stands for: further digits are rounded, ties away from zero. Nothing where it
  /// lies beyond 64 bits; such a number counts as absent.
  static func reading(_ text: String) -> Int64? {
    let parts = text.utf8.split(maxSplits: 1) { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
    let mantissa = Array(parts[0])
    let exponent = parts.count == 2 ? Self.exponent(Array(parts[1])) : 0
    let isNegative = mantissa.first == UInt8(ascii: "-")
    let halves = mantissa.drop { $0 == UInt8(ascii: "-") }.split(separator: UInt8(ascii: "."))
    let fraction = halves.count == 2 ? Array(halves[1]) : []
    let digits = Array((halves[0] + fraction).map { Int128($0 - UInt8(ascii: "0")) }.drop { $0 == 0 })
    // The number is `digits` * 10^power millionths.
    let power = exponent - fraction.count + 6
    guard !digits.isEmpty, digits.count + power >= 0 else { return 0 }
    guard digits.count + power <= 19 else { return nil }
    var magnitude: Int128 = 0
    for place in 0..<digits.count + power {
      magnitude = magnitude * 10 + (place < digits.count ? digits[place] : 0)
    }
    if power < 0, digits[digits.count + power] >= 5 { magnitude += 1 }
    return Int64(exactly: isNegative ? -magnitude : magnitude)
  }

  /// The number that a string stands for where a number is asked for: `-?[0-9]+(\.[0-9]+)?`.
  static func reading(_ text: Text) -> Int64? {
    var digits = text.bytes[...]
    if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
    let halves = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) else { return nil }
    return reading(text.string)
  }

  /// A product, rounded to millionths, ties away from zero. Nothing where it lies beyond 64 bits.
  static func product(_ left: Int64, _ right: Int64) -> Int64? {
    let exact = Int128(left) * Int128(right)
    let magnitude = (exact.magnitude + 500_000) / 1_000_000
    return Int64(exactly: exact < 0 ? -Int128(magnitude) : Int128(magnitude))
  }

  /// A sum as it is looked at: exact, then clamped to 64 bits.
  static func sum(_ numbers: [Int64]) -> Int64 {
    Int64(clamping: numbers.reduce(Int128(0)) { $0 + Int128($1) })
  }

  /// A quotient in millionths, ties away from zero; nothing where the divisor is 0, or where it lies beyond 64 bits.
  static func quotient(_ left: Int64, over right: Int64) -> Int64? {
    right == 0 ? nil : fitting(rounded(Int128(left) * Int128(one), over: Int128(right)))
  }

  /// The average of numbers, rounded, ties away from zero; nothing of none. Their sum is exact, not clamped.
  static func average(_ numbers: [Int64]) -> Int64? {
    let exact = numbers.reduce(Int128(0)) { $0 + Int128($1) }
    return numbers.isEmpty ? nil : fitting(rounded(exact, over: Int128(numbers.count)))
  }

  /// The number, where it lies within 64 bits.
  static func fitting(_ number: Int128) -> Int64? { Int64(exactly: number) }

  /// A whole quotient, ties away from zero.
  private static func rounded(_ dividend: Int128, over divisor: Int128) -> Int128 {
    let magnitude = (dividend.magnitude * 2 + divisor.magnitude) / (divisor.magnitude * 2)
    return (dividend < 0) == (divisor < 0) ? Int128(magnitude) : -Int128(magnitude)
  }

  /// A number in plain digits, without zeros at the end: `-2.5`.
  static func written(_ number: Int64) -> String {
    let whole = String(number.magnitude / 1_000_000)
    var fraction = String(String(number.magnitude % 1_000_000 + 1_000_000).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    return (number < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  /// An exponent, kept small enough to add to; beyond a million it changes nothing any more.
  private static func exponent(_ bytes: [UInt8]) -> Int {
    let digits = bytes.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    let size = digits.reduce(0) { min($0 * 10 + Int($1 - UInt8(ascii: "0")), 1_000_000) }
    return bytes.first == UInt8(ascii: "-") ? -size : size
  }
}
