/// An exact decimal number, held in millionths within signed 64 bits (language, section 2).
public struct Millionths: Hashable, Comparable, Sendable {
  /// The number times a million.
  public var units: Int64

  /// The number with so many millionths.
  @inlinable public init(units: Int64) { self.units = units }

  /// Smaller numbers come first.
  @inlinable public static func < (a: Millionths, b: Millionths) -> Bool { a.units < b.units }

  /// How many units one whole is.
  public static let perWhole: Int64 = 1_000_000

  /// Reads a decimal as JSON writes it (`-12.5`, `1e3`): digits beyond millionths are rounded, ties away from zero.
  /// `nil` where the text is no number, or the number does not fit into 64 bits of millionths.
  public init?(decimal text: Bytes) {
    var reader = DecimalReader(text)
    guard let units = reader.millionths() else { return nil }
    self.units = units
  }

  /// The same, of a string.
  public init?(decimal text: String) {
    var text = text
    let units = text.withUTF8 { bytes -> Int64? in
      guard let base = bytes.baseAddress else { return nil }
      return Millionths(decimal: Bytes(base, count: bytes.count))?.units
    }
    guard let units else { return nil }
    self.units = units
  }

  /// Whether a number's text is such that it may not fit: most are too short for that.
  static func mayOverflow(_ text: Bytes) -> Bool {
    if text.count > 12 { return true }
    for index in 0..<text.count where text[index] | 0x20 == 0x65 { return true }  // an exponent
    return false
  }

  /// Reads a string that counts as a number where a number is asked for: `-?[0-9]+(\.[0-9]+)?` and nothing else.
  public init?(numericString text: Bytes) {
    guard DecimalReader.isPlainDecimal(text) else { return nil }
    self.init(decimal: text)
  }

  /// `a * b` in millionths, ties away from zero; `nil` beyond 64 bits.
  public static func product(_ a: Millionths, _ b: Millionths) -> Millionths? {
    let exact = a.units.multipliedFullWidth(by: b.units)
    let wide = Int128(exact.high) << 64 | Int128(exact.low)
    let half = Int128(perWhole / 2)
    let rounded = (wide >= 0 ? wide + half : wide - half) / Int128(perWhole)
    return Int64(exactly: rounded).map(Millionths.init(units:))
  }
}

extension Millionths: CustomStringConvertible {
  /// The shortest decimal: `300`, `12.5`, `-0.000001`.
  public var description: String {
    let magnitude = units.magnitude
    let whole = magnitude / 1_000_000
    var fraction = String(magnitude % 1_000_000)
    fraction = String(repeating: "0", count: 6 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (units < 0 ? "-" : "") + "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }
}

/// Walks the bytes of one decimal number.
struct DecimalReader {
  private let text: Bytes
  private var at = 0

  init(_ text: Bytes) { self.text = text }

  /// `-?[0-9]+(\.[0-9]+)?`
  static func isPlainDecimal(_ text: Bytes) -> Bool {
    var reader = DecimalReader(text)
    reader.skip(0x2D)
    guard reader.digits() > 0 else { return false }
    if reader.skip(0x2E) { guard reader.digits() > 0 else { return false } }
    return reader.at == text.count
  }

  /// The whole text as a number in millionths.
  mutating func millionths() -> Int64? {
    let negative = skip(0x2D)
    var significand = Significand()
    guard take(into: &significand) > 0 else { return nil }
    if skip(0x2E) {
      let fraction = take(into: &significand)
      guard fraction > 0 else { return nil }
      significand.exponent -= fraction
    }
    if skip(0x65) || skip(0x45) {
      guard let power = exponent() else { return nil }
      significand.exponent += power
    }
    guard at == text.count, let magnitude = significand.millionths else { return nil }
    if negative { return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
    return Int64(exactly: magnitude)
  }

  private mutating func exponent() -> Int? {
    let negative = skip(0x2D)
    if !negative { skip(0x2B) }
    let from = at
    var power = 0
    while at < text.count, let digit = digit(at) {
      power = min(power * 10 + digit, 1_000_000_000)  // far beyond what any digits can make up for
      at += 1
    }
    return at > from ? (negative ? -power : power) : nil
  }

  private mutating func take(into significand: inout Significand) -> Int {
    let from = at
    while at < text.count, let digit = digit(at) {
      significand.append(digit)
      at += 1
    }
    return at - from
  }

  private mutating func digits() -> Int {
    let from = at
    while at < text.count, digit(at) != nil { at += 1 }
    return at - from
  }

  private func digit(_ index: Int) -> Int? {
    let byte = text[index]
    return byte >= 0x30 && byte <= 0x39 ? Int(byte &- 0x30) : nil
  }

  @discardableResult private mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }
}

/// The digits of a decimal as far as they can matter, and the power of ten they are to be multiplied with.
private struct Significand {
  private var value: UInt128 = 0
  var exponent = 0

  /// Thirty digits are enough: 19 that fit, 6 behind the point, and those that decide how to round. Later ones only
  /// matter by being there, since a tie is rounded away from zero like everything above it.
  mutating func append(_ digit: Int) {
    if value < 1_000_000_000_000_000_000_000_000_000_000 {
      value = value * 10 + UInt128(digit)
    } else {
      exponent += 1
    }
  }

  /// The magnitude in millionths, ties away from zero; `nil` beyond 64 bits.
  var millionths: UInt64? {
    var shift = exponent + 6
    var scaled = value
    if scaled == 0 { return 0 }
    while shift > 0 {
      guard scaled <= UInt128(UInt64.max) else { return nil }
      scaled *= 10
      shift -= 1
    }
    if shift < 0 {
      guard shift > -39 else { return 0 }
      var divisor: UInt128 = 1
      for _ in 0..<(-shift) { divisor *= 10 }
      scaled = scaled / divisor + (scaled % divisor >= divisor / 2 ? 1 : 0)
    }
    return UInt64(exactly: scaled)
  }
}
