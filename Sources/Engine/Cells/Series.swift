internal import Events

/// The events that a cell keeps one by one, the oldest first; equal times in the order of arrival.
///
/// ```
/// time i64 · arrival u32 · marks u32 [· value i64 or i128]
/// ```
struct Series {
  /// The event's `having` tests held.
  static let havingMark: UInt32 = 1
  /// The event has the value that is measured.
  static let valueMark: UInt32 = 2

  /// Where an entry has its arrival.
  static let arrivalAt = 8

  let content: UnsafeMutableRawPointer
  let count: Int
  let entryBytes: Int

  @inline(__always) init(_ part: Part, entryBytes: Int) {
    content = part.content
    count = part.contentBytes / entryBytes
    self.entryBytes = entryBytes
  }

  @inline(__always) private func entry(_ index: Int) -> UnsafeMutableRawPointer { content + index * entryBytes }

  @inline(__always) func timeMs(_ index: Int) -> Int64 { entry(index).load(as: Int64.self) }

  @inline(__always) func arrival(_ index: Int) -> UInt32 {
    entry(index).load(fromByteOffset: Self.arrivalAt, as: UInt32.self)
  }

  func has(_ mark: UInt32, _ index: Int) -> Bool { entry(index).load(fromByteOffset: 12, as: UInt32.self) & mark != 0 }

  /// The value of an event whose `valueMark` is set.
  func value(_ index: Int) -> Int128 {
    let low = entry(index).load(fromByteOffset: 16, as: Int64.self)
    guard entryBytes == 32 else { return Int128(low) }
    let high = entry(index).load(fromByteOffset: 24, as: Int64.self)
    return Int128(high) << 64 | Int128(UInt64(bitPattern: low))
  }

  func set(_ index: Int, _ event: MeasuredEvent) {
    let entry = entry(index)
    entry.storeBytes(of: event.timeMs, as: Int64.self)
    entry.storeBytes(of: event.arrival, toByteOffset: Self.arrivalAt, as: UInt32.self)
    entry.storeBytes(of: event.marks, toByteOffset: 12, as: UInt32.self)
    if entryBytes > 16 {
      entry.storeBytes(of: Int64(truncatingIfNeeded: event.value), toByteOffset: 16, as: Int64.self)
    }
    if entryBytes > 24 {
      entry.storeBytes(of: Int64(truncatingIfNeeded: event.value >> 64), toByteOffset: 24, as: Int64.self)
    }
  }

  /// One of the events, as it was set.
  func event(_ index: Int) -> MeasuredEvent {
    MeasuredEvent(
      timeMs: timeMs(index), arrival: arrival(index),
      marks: entry(index).load(fromByteOffset: 12, as: UInt32.self), value: entryBytes > 16 ? value(index) : 0)
  }

  /// Drops the oldest entry, and moves those up to `index` one place down: `index` is free then.
  func forgetFirst(makingRoomAt index: Int) {
    entry(0).copyMemory(from: entry(1), byteCount: index * entryBytes)
  }

  /// The first entry that is newer than a time: those before it are of that time or older.
  func firstIndex(after timeMs: Int64) -> Int {
    if count == 0 || self.timeMs(count - 1) <= timeMs { return count }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.timeMs(middle) <= timeMs { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first entry after an event: later in time, or equal in time and arrived later.
  func firstIndex(after moment: Moment) -> Int {
    var index = firstIndex(after: moment.timeMs)
    while index > 0, timeMs(index - 1) == moment.timeMs, arrival(index - 1) > moment.arrival { index -= 1 }
    return index
  }

  /// The newest entry's place in the order of events.
  var newest: Moment? {
    count == 0 ? nil : Moment(timeMs: timeMs(count - 1), arrival: arrival(count - 1))
  }
}

/// A place in the order of a profile's events: by time, equal times by arrival.
struct Moment {
  var timeMs: Int64
  var arrival: UInt32

  /// Whether it is later than another, or equal in time and arrived later.
  func isAfter(_ other: Moment) -> Bool {
    timeMs > other.timeMs || timeMs == other.timeMs && arrival > other.arrival
  }
}

/// One event, as a cell keeps it.
struct MeasuredEvent {
  var timeMs: Int64
  var arrival: UInt32
  var marks: UInt32 = 0
  var value: Int128 = 0
}
