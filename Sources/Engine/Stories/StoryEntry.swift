internal import Audiences
internal import Events

/// One event of a story, as it is kept: a head of 24 bytes, then the values of those slots that its roles have.
///
/// ```
/// bytes u32 · roles u16 · marks u16 · time i64 · arrival u32 · weight u32
/// for each slot: values u32 · bytes u32 · values
/// ```
struct StoryEntry {
  let base: UnsafeMutableRawPointer

  static let headBytes = 24
  /// Where an entry has its arrival.
  static let arrivalAt = 16
  /// The event's `having` tests held.
  static let havingMark: UInt16 = 1

  /// How many bytes it has, with its head; a multiple of 8.
  var byteCount: Int { Int(base.load(as: UInt32.self)) }

  /// A bit for each part that the event plays.
  var roles: UInt16 { base.load(fromByteOffset: 4, as: UInt16.self) }

  var hasHaving: Bool { base.load(fromByteOffset: 6, as: UInt16.self) & Self.havingMark != 0 }

  var timeMs: Int64 { base.load(fromByteOffset: 8, as: Int64.self) }

  var arrival: UInt32 {
    get { base.load(fromByteOffset: Self.arrivalAt, as: UInt32.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: Self.arrivalAt, as: UInt32.self) }
  }

  /// Its place in the order of events.
  var moment: Moment { Moment(timeMs: timeMs, arrival: arrival) }

  /// How much it counts against the limit: an event that has many values is as much to keep as many events.
  var weight: Int { Int(base.load(fromByteOffset: 20, as: UInt32.self)) }

  func initialize(byteCount: Int, roles: UInt16, marks: UInt16, timeMs: Int64, arrival: UInt32, weight: Int) {
    base.storeBytes(of: UInt32(byteCount), as: UInt32.self)
    base.storeBytes(of: roles, toByteOffset: 4, as: UInt16.self)
    base.storeBytes(of: marks, toByteOffset: 6, as: UInt16.self)
    base.storeBytes(of: timeMs, toByteOffset: 8, as: Int64.self)
    base.storeBytes(of: arrival, toByteOffset: Self.arrivalAt, as: UInt32.self)
    base.storeBytes(of: UInt32(weight), toByteOffset: 20, as: UInt32.self)
  }

  /// The values of a slot; none where the event's roles do not have it.
  func values(of number: Int, _ slots: [Story.Slot]) -> StoryValues {
    var at = Self.headBytes
    for (index, slot) in slots.enumerated() where slot.roles & roles != 0 {
      let values = StoryValues(base: base + at)
      if index == number { return values }
      at += StoryValues.headBytes + values.byteCount
    }
    return .none
  }
}

/// The values of one slot.
struct StoryValues {
  private let base: UnsafeMutableRawPointer?

  static let headBytes = 8
  static var none: StoryValues { StoryValues() }

  init(base: UnsafeMutableRawPointer) { self.base = base }

  private init() { base = nil }

  /// How many values there are.
  var count: Int { base.map { Int($0.load(as: UInt32.self)) } ?? 0 }

  /// How many bytes the values have; a multiple of 8.
  var byteCount: Int { base.map { Int($0.load(fromByteOffset: 4, as: UInt32.self)) } ?? 0 }

  /// A hash, or a number in millionths, of a slot that keeps these.
  func word(_ index: Int) -> UInt64 { base?.load(fromByteOffset: Self.headBytes + index * 8, as: UInt64.self) ?? 0 }

  func number(_ index: Int) -> Int64 { Int64(bitPattern: word(index)) }

  /// The values themselves, of a slot that keeps these.
  var texts: KeptValues { KeptValues(base: base.map { $0 + Self.headBytes }, count: count) }
}

/// Values as they were in a record, kept one after the other: kind u32 · length u32 · then the bytes of a string, padded
/// to 8, or the number.
struct KeptValues {
  let base: UnsafeMutableRawPointer?
  let count: Int

  private static let headBytes = 8
  /// A string beyond so many bytes is not kept: no name, category or id is that long.
  static let longestText = 4096

  /// How many bytes values take.
  static func byteCount(of values: borrowing Values) -> Int {
    var bytes = 0
    for index in 0..<values.count { bytes += headBytes + contentBytes(of: values[index]) }
    return bytes
  }

  private static func contentBytes(of value: Value) -> Int {
    switch value.kind {
    case .string: (value.text.count + 7) & ~7
    case .number: 8
    case .no, .yes, .object: 0
    }
  }

  /// Writes values where there is room for them.
  static func write(_ values: borrowing Values, to start: UnsafeMutableRawPointer) {
    var at = start
    for index in 0..<values.count {
      let value = values[index]
      let bytes = contentBytes(of: value)
      at.storeBytes(of: UInt32(value.kind.rawValue), as: UInt32.self)
      at.storeBytes(of: UInt32(value.kind == .string ? value.text.count : bytes), toByteOffset: 4, as: UInt32.self)
      if bytes > 0 { at.storeBytes(of: 0, toByteOffset: headBytes + bytes - 8, as: UInt64.self) }
      if value.kind == .string {
        (at + headBytes).copyMemory(from: value.text.start, byteCount: value.text.count)
      } else if let number = value.number {
        at.storeBytes(of: number.units, toByteOffset: headBytes, as: Int64.self)
      }
      at += headBytes + bytes
    }
  }

  /// Hands each value to `body`, with where it stands.
  func forEach(_ body: (Value, UnsafeMutableRawPointer) -> Void) {
    guard var at = base else { return }
    for _ in 0..<count {
      let value = Self.value(at: at)
      body(value, at)
      at += Self.headBytes + Self.contentBytes(of: value)
    }
  }

  /// The value that stands there.
  static func value(at start: UnsafeMutableRawPointer) -> Value {
    let length = Int(start.load(fromByteOffset: 4, as: UInt32.self))
    switch Value.Kind(rawValue: UInt8(truncatingIfNeeded: start.load(as: UInt32.self))) {
    case .string:
      return Value(string: Bytes((start + headBytes).assumingMemoryBound(to: UInt8.self), count: length))
    case .number: return Value(Millionths(units: start.load(fromByteOffset: headBytes, as: Int64.self)))
    case .no: return Value(false)
    case .yes: return Value(true)
    case .object, nil: return .object
    }
  }
}
