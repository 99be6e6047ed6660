import Events

/// Rows in the text format of `COPY`: columns with tabs between them, `\N` for NULL. The memory is kept and used again.
struct CopyRows {
  private var bytes: [UInt8] = []
  /// How many columns the row has that is being written.
  private var columns = 0
  /// How many whole rows there are.
  private(set) var count = 0

  private static let tab = UInt8(ascii: "\t")
  private static let backslash = UInt8(ascii: "\\")

  /// Forgets the rows.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    columns = 0
    count = 0
  }

  /// The next column: a text, or NULL.
  mutating func text(_ text: Bytes?) {
    separate()
    guard let text else {
      bytes.append(Self.backslash)
      bytes.append(UInt8(ascii: "N"))
      return
    }
    var start = 0
    for index in 0..<text.count {
      guard let letter = Self.escape(text[index]) else { continue }
      bytes.append(contentsOf: text.slice(start, index).buffer)
      bytes.append(Self.backslash)
      // A number in octal has up to three digits: with fewer, one behind it would be taken for its next.
      if letter == 0x30 { bytes.append(contentsOf: [letter, letter]) }
      bytes.append(letter)
      start = index + 1
    }
    bytes.append(contentsOf: text.slice(start, text.count).buffer)
  }

  /// The next column: a whole number.
  mutating func integer(_ number: Int64) {
    separate()
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let first = bytes.count
    var rest = number.magnitude
    repeat {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }

  /// Ends the row.
  mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    columns = 0
    count += 1
  }

  /// Lends all rows.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { bytes.withUnsafeBytes(body) }

  private mutating func separate() {
    if columns > 0 { bytes.append(Self.tab) }
    columns += 1
  }

  /// The letter that stands for a byte behind a backslash; nil where the byte stands for itself.
  private static func escape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0: 0x30
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case tab: UInt8(ascii: "t")
    case backslash: backslash
    default: nil
    }
  }
}
