/// Writes JSON into bytes that are kept and used again, so that a record costs no allocation.
///
/// The caller writes the structure (`raw`), and the writer the values: strings escaped, numbers and instants exact.
public struct JSONWriter: ~Copyable {
  @usableFromInline var buffer: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// How many bytes stand in the writer.
  public private(set) var count = 0

  /// An empty writer with room for so many bytes; it grows by itself.
  public init(capacity: Int = 4096) {
    self.capacity = max(capacity, 32)
    self.buffer = .allocate(capacity: self.capacity)
  }

  deinit { buffer.deallocate() }

  /// What was written, valid until the next write.
  public var bytes: Bytes { Bytes(UnsafePointer(buffer), count: count) }

  /// What was written, for people and tests.
  public var text: String { bytes.text }

  /// Forgets what was written; the room stays.
  public mutating func clear() { count = 0 }

  /// Writes bytes as they are.
  public mutating func raw(_ bytes: Bytes) {
    reserve(bytes.count)
    (buffer + count).update(from: bytes.start, count: bytes.count)
    count &+= bytes.count
  }

  /// Writes a literal as it is.
  public mutating func raw(_ literal: StaticString) { raw(Bytes(literal)) }

  /// Writes a list of strings.
  public mutating func strings(_ texts: [String]) {
    byte(0x5B)
    for (index, text) in texts.enumerated() {
      if index > 0 { byte(0x2C) }
      string(text)
    }
    byte(0x5D)
  }

  /// Writes one byte as it is.
  public mutating func byte(_ byte: UInt8) {
    reserve(1)
    buffer[count] = byte
    count &+= 1
  }

  /// Writes a string in quotes, escaped as RFC 8259 section 7 wants it.
  public mutating func string(_ bytes: Bytes) {
    reserve(bytes.count &* 6 &+ 2)
    buffer[count] = 0x22
    count &+= 1
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte >= 0x20 && byte != 0x22 && byte != 0x5C {
        buffer[count] = byte
        count &+= 1
      } else {
        escape(byte)
      }
    }
    buffer[count] = 0x22
    count &+= 1
  }

  /// Writes a string in quotes.
  public mutating func string(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      if let start = bytes.baseAddress { string(Bytes(start, count: bytes.count)) } else { raw("\"\"") }
    }
  }

  /// Writes text as it is, without quotes.
  public mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      if let start = bytes.baseAddress { raw(Bytes(start, count: bytes.count)) }
    }
  }

  /// Writes a whole number.
  public mutating func integer(_ value: Int64) {
    reserve(20)
    if value < 0 { byte(0x2D) }
    digits(value.magnitude, atLeast: 1)
  }

  /// Writes an exact decimal: `84.5`.
  public mutating func decimal(_ value: Millionths) { text(value.description) }

  /// Writes an instant without quotes: `2026-11-20T18:02:11.417Z`.
  public mutating func instant(_ instant: Instant) {
    reserve(32)
    let dayMs: Int64 = 86_400_000
    let (days, rest) = instant.ms.quotientAndRemainder(dividingBy: dayMs)
    let date = CivilDay.date(sinceEpoch: rest < 0 ? days - 1 : days)
    let ms = UInt64(rest < 0 ? rest + dayMs : rest)
    if date.year < 0 { byte(0x2D) }
    digits(date.year.magnitude, atLeast: 4)
    byte(0x2D)
    pair(UInt64(date.month.magnitude), then: 0x2D)
    pair(UInt64(date.day.magnitude), then: 0x54)
    pair(ms / 3_600_000, then: 0x3A)
    pair(ms / 60_000 % 60, then: 0x3A)
    pair(ms / 1000 % 60, then: 0x2E)
    pair(ms % 1000 / 10, then: 0x30 + UInt8(truncatingIfNeeded: ms % 10))
    buffer[count] = 0x5A
    count &+= 1
  }

  /// Writes a number of two digits and a byte behind it; there is room for them.
  @inline(__always) private mutating func pair(_ value: UInt64, then byte: UInt8) {
    buffer[count] = 0x30 + UInt8(truncatingIfNeeded: value / 10)
    buffer[count &+ 1] = 0x30 + UInt8(truncatingIfNeeded: value % 10)
    buffer[count &+ 2] = byte
    count &+= 3
  }

  /// Writes bytes as lower-case hexadecimal digits, without quotes.
  public mutating func hex(_ bytes: Bytes) {
    reserve(bytes.count * 2)
    for index in 0..<bytes.count {
      buffer[count] = Self.hexDigit(bytes[index] >> 4)
      buffer[count + 1] = Self.hexDigit(bytes[index] & 15)
      count += 2
    }
  }

  private mutating func digits(_ value: UInt64, atLeast width: Int) {
    var length = 1
    var rest = value / 10
    while rest > 0 {
      length += 1
      rest /= 10
    }
    length = max(length, width)
    reserve(length)
    rest = value
    var at = count + length
    while at > count {
      at -= 1
      buffer[at] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += length
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22, 0x5C: raw("\\"); self.byte(byte)
    case 0x0A: raw("\\n")
    case 0x0D: raw("\\r")
    case 0x09: raw("\\t")
    default:
      raw("\\u00")
      self.byte(Self.hexDigit(byte >> 4))
      self.byte(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  private mutating func reserve(_ more: Int) {
    if count &+ more <= capacity { return }
    let room = max(capacity * 2, count + more)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
    grown.update(from: buffer, count: count)
    buffer.deallocate()
    buffer = grown
    capacity = room
  }
}
