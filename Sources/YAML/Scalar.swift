/// A single value as it was written. The YAML 1.2 core schema gives it a type: `yes`, `on` and `12:30` are strings.
public struct Scalar: Sendable, Hashable {
  /// How it was written. Only plain text can be anything but a string.
  public enum Style: Sendable, Hashable {
    /// Without quotes.
    case plain
    /// In quotes, or as a block (`|`, `>`).
    case quoted
  }

  /// A type of the core schema.
  public enum CoreType: Sendable, Hashable {
    /// `null`, `~`, or nothing at all.
    case null
    /// `true` or `false`.
    case bool
    /// A whole number, also `0x1f` and `0o17`.
    case integer
    /// A number with a fraction or an exponent, `.inf` and `.nan`.
    case float
    /// Everything else.
    case string

    /// The type in a marketer's words.
    public var inWords: String {
      switch self {
      case .null: "nothing"
      case .bool: "true or false"
      case .integer, .float: "a number"
      case .string: "text"
      }
    }
  }

  /// The text, with quotes and escapes undone.
  public let text: String
  /// How it was written.
  public let style: Style

  /// A scalar, for those who build trees themselves.
  public init(_ text: String, style: Style = .plain) {
    self.text = text
    self.style = style
  }

  /// The type by the core schema.
  public var coreType: CoreType {
    guard style == .plain else { return .string }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "false", "False", "FALSE": return .bool
    default:
      if CoreNumber.isInteger(text) { return .integer }
      return CoreNumber.isFloat(text) ? .float : .string
    }
  }

  /// The truth value, where it is one.
  public var bool: Bool? {
    coreType == .bool ? text.utf8.first == UInt8(ascii: "t") || text.utf8.first == UInt8(ascii: "T") : nil
  }

  /// The whole number, where it is one and fits 64 bits.
  public var integer: Int64? {
    guard coreType == .integer else { return nil }
    if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8) }
    return Int64(text)
  }
}

/// The forms of numbers in the core schema, read by hand: definitions are read where no regular expression engine is.
enum CoreNumber {
  static func isInteger(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    if bytes.starts(with: "0x".utf8) { return isAll(bytes.dropFirst(2)) { isDigit($0) || isHexLetter($0) } }
    if bytes.starts(with: "0o".utf8) { return isAll(bytes.dropFirst(2)) { (0x30...0x37).contains($0) } }
    return isAll(bytes.dropFirst(hasSign(bytes) ? 1 : 0), isDigit)
  }

  static func isFloat(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let unsigned = bytes.dropFirst(hasSign(bytes) ? 1 : 0)
    if isSpecial(String(decoding: unsigned, as: UTF8.self), signed: unsigned.count < bytes.count) { return true }
    let parts = unsigned.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
    guard let mantissa = parts.first, isDecimal(mantissa) else { return false }
    guard parts.count == 2 else { return true }
    let exponent = Array(parts[1])
    return isAll(exponent.dropFirst(hasSign(exponent) ? 1 : 0), isDigit)
  }

  private static func isSpecial(_ text: String, signed: Bool) -> Bool {
    switch text {
    case ".inf", ".Inf", ".INF": true
    case ".nan", ".NaN", ".NAN": !signed
    default: false
    }
  }

  /// Digits with at most one point among them, and at least one digit before it or after it.
  private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first else { return false }
    guard parts.count == 2 else { return isAll(whole, isDigit) }
    guard whole.allSatisfy(isDigit), parts[1].allSatisfy(isDigit) else { return false }
    return !whole.isEmpty || !parts[1].isEmpty
  }

  private static func hasSign(_ bytes: [UInt8]) -> Bool {
    bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
  }

  private static func isAll(_ bytes: ArraySlice<UInt8>, _ test: (UInt8) -> Bool) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy(test)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isHexLetter(_ byte: UInt8) -> Bool { (0x61...0x66).contains(byte | 0x20) }
}
