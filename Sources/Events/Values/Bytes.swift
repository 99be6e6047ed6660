/// Bytes that somebody else owns, lent for as long as the lender says (mostly: until the next record is read).
///
/// The hot paths compare, hash and copy bytes; a `String` is made only for people to read.
public struct Bytes: @unchecked Sendable {
  // Unchecked: a view. Whoever lends it to another thread must keep the bytes alive.

  /// Where the bytes begin.
  public let start: UnsafePointer<UInt8>
  /// How many there are.
  public let count: Int

  /// A view of `count` bytes from `start` on.
  @inlinable public init(_ start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  /// A view of a literal, which lives for ever.
  @inlinable public init(_ literal: StaticString) {
    self.init(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  /// No bytes.
  @inlinable public static var empty: Bytes { Bytes("") }

  /// Whether there is none.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The byte at an index below `count`.
  @inlinable public subscript(index: Int) -> UInt8 { start[index] }

  /// The bytes from one index up to another.
  @inlinable public func slice(_ from: Int, _ to: Int) -> Bytes { Bytes(start + from, count: to - from) }

  /// The bytes read as UTF-8, for people.
  public var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }
}

extension Bytes: Equatable {
  /// Byte for byte.
  @inlinable public static func == (a: Bytes, b: Bytes) -> Bool {
    guard a.count == b.count else { return false }
    return a.hasPrefix(b)
  }

  /// Whether the first bytes are those of `other`. The last step of each size looks again at some bytes of the step
  /// before, rather than at each that is left for itself.
  @inlinable public func hasPrefix(_ other: Bytes) -> Bool {
    let length = other.count
    guard length <= count else { return false }
    let mine = UnsafeRawPointer(start)
    let theirs = UnsafeRawPointer(other.start)
    if length >= 8 {
      var at = 0
      while at &+ 8 <= length {
        if Self.differ(mine, theirs, at, as: UInt64.self) { return false }
        at &+= 8
      }
      return at == length || !Self.differ(mine, theirs, length &- 8, as: UInt64.self)
    }
    if length >= 4 {
      return !Self.differ(mine, theirs, 0, as: UInt32.self) && !Self.differ(mine, theirs, length &- 4, as: UInt32.self)
    }
    for at in 0..<length where start[at] != other.start[at] { return false }
    return true
  }

  @inlinable @inline(__always) static func differ<Word: FixedWidthInteger & BitwiseCopyable>(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ at: Int, as word: Word.Type
  ) -> Bool {
    a.loadUnaligned(fromByteOffset: at, as: Word.self) != b.loadUnaligned(fromByteOffset: at, as: Word.self)
  }

  /// Whether `other` stands anywhere among these bytes.
  public func contains(_ other: Bytes) -> Bool {
    guard other.count <= count else { return false }
    for from in 0...(count - other.count) where slice(from, count).hasPrefix(other) { return true }
    return false
  }
}

extension Bytes: Comparable {
  /// Byte for byte; a prefix comes before what it begins.
  public static func < (a: Bytes, b: Bytes) -> Bool {
    let shared = min(a.count, b.count)
    for at in 0..<shared where a[at] != b[at] { return a[at] < b[at] }
    return a.count < b.count
  }
}

extension Bytes {
  /// A view of a buffer's bytes.
  @inlinable public init(_ buffer: UnsafeRawBufferPointer) {
    guard let start = buffer.baseAddress else {
      self = .empty
      return
    }
    self.init(start.assumingMemoryBound(to: UInt8.self), count: buffer.count)
  }

  /// The same bytes as a buffer.
  @inlinable public var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}
