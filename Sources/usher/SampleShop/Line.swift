import Events

/// The bytes of one record as they are written. Nothing is allocated once it has grown to its size.
struct Line: Sendable {
  /// What has been written.
  private(set) var bytes: [UInt8] = []
  private var day = Int64.min
  private var date: [UInt8] = []

  init() { bytes.reserveCapacity(4096) }

  /// Forgets what was written.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// Replaces what was written.
  mutating func replace(with other: [UInt8]) {
    clear()
    bytes.append(contentsOf: other)
  }

  mutating func put(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func put(_ other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Text that needs no escapes in JSON.
  mutating func put(plain text: String) { bytes.append(contentsOf: text.utf8) }

  /// Decimal digits, at least so many.
  mutating func put(_ number: some BinaryInteger, digits: Int = 1) {
    var rest = UInt64(number)
    let start = bytes.count
    while rest > 0 || bytes.count - start < digits {
      bytes.append(UInt8(truncatingIfNeeded: 0x30 + rest % 10))
      rest /= 10
    }
    reverse(from: start)
  }

  /// So many hexadecimal digits of a number.
  mutating func put(hex number: UInt64, digits: Int) {
    var shift = UInt64(digits * 4)
    while shift > 0 {
      shift -= 4
      let digit = UInt8(truncatingIfNeeded: (number &>> shift) & 15)
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  /// An amount as `12.34`.
  mutating func put(cents: Int) {
    put(cents / 100)
    bytes.append(UInt8(ascii: "."))
    put(cents % 100, digits: 2)
  }

  /// An instant as `2026-01-01T09:30:00.250Z`.
  mutating func put(instantMs: Int64) {
    let ofDay = ((instantMs % 86_400_000) + 86_400_000) % 86_400_000
    let dayOfIt = (instantMs - ofDay) / 86_400_000
    if dayOfIt != day {
      day = dayOfIt
      date = Self.dateBytes(dayOfIt)
    }
    bytes.append(contentsOf: date)
    put(ofDay / 3_600_000, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    put(ofDay / 60_000 % 60, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    put(ofDay / 1000 % 60, digits: 2)
    bytes.append(UInt8(ascii: "."))
    put(ofDay % 1000, digits: 3)
    bytes.append(UInt8(ascii: "Z"))
  }

  private mutating func reverse(from start: Int) {
    var low = start
    var high = bytes.count - 1
    while low < high {
      bytes.swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  private static func dateBytes(_ days: Int64) -> [UInt8] {
    Array(Instant(ms: days * 86_400_000).description.utf8.prefix(11))
  }
}
