public import Engine
public import Events

/// A profile's state as a record of the changelog; its key is the profile's id. Numbers are little-endian.
///
/// ```
/// version 2  u8
/// marks      u8       1: it has moved into another profile; 2: which audiences it should be in under its plan was not
///                     looked at yet
/// parts      u16      how many there are
/// arrivals   u32      records applied
/// bytes      u32      how many the whole record has
/// plan       u32      the number of the plan that it was kept under (see PlanRecord); 0 where none was told yet
/// due        i64      the next instant at which time alone can change something, in ms
/// statuses   n × u64  bits for each audience: eligible, in, held out; the count given by its plan
/// directory  16 bytes for each part, and then their contents (see the engine's Part)
/// ```
public enum ProfileCodec {
  private static let version: UInt8 = 2
  private static let headBytes = 24
  private static let movedMark: UInt8 = 1
  private static let unsettledMark: UInt8 = 2

  /// Writes a state over what stands in `buffer`.
  ///
  /// - Parameter plan: the number of the plan that it was kept under.
  public static func encode(_ state: ProfileState, plan: UInt32 = 0, into buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(version)
    buffer.append((state.hasMoved ? movedMark : 0) | (state.isUnsettled ? unsettledMark : 0))
    withUnsafeBytes(of: UInt16(state.partCount).littleEndian) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: state.arrivals.littleEndian) { buffer.append(contentsOf: $0) }
    let bytes = headBytes + state.statuses.count + state.parts.count
    withUnsafeBytes(of: UInt32(bytes).littleEndian) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: plan.littleEndian) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: state.due.ms.littleEndian) { buffer.append(contentsOf: $0) }
    buffer.append(contentsOf: UnsafeBufferPointer(start: state.statuses.start, count: state.statuses.count))
    buffer.append(contentsOf: UnsafeBufferPointer(start: state.parts.start, count: state.parts.count))
  }

  /// What a state says that can be read without its plan.
  public struct Head: Equatable, Sendable {
    /// The number of the plan that it was kept under: its numbers mean what they mean there.
    public let plan: UInt32
    /// The next instant at which time alone can change something.
    public let due: Instant
    /// Whether it has moved into another profile.
    public let hasMoved: Bool
  }

  /// Reads what can be read of a state without its plan.
  public static func head(of bytes: Bytes) throws(CodecError) -> Head {
    guard let first = bytes.isEmpty ? nil : bytes[0] else { throw .truncated }
    guard first == version else { throw .unknownVersion(Int(first)) }
    guard bytes.count >= headBytes else { throw .truncated }
    let raw = UnsafeRawPointer(bytes.start)
    let written = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    guard Int(written) == bytes.count else { throw .truncated }
    return Head(
      plan: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self)),
      due: Instant(ms: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: Int64.self))),
      hasMoved: bytes[1] & movedMark != 0)
  }

  /// The same of a state that is kept as an array.
  public static func head(of bytes: [UInt8]) throws(CodecError) -> Head {
    try bytes.withUnsafeBufferPointer { bytes throws(CodecError) in
      try head(of: Bytes(UnsafeRawBufferPointer(bytes)))
    }
  }

  /// Reads a state; it is valid as long as the bytes are.
  ///
  /// - Parameter statusWords: how many words of statuses the plan has that it was kept under.
  public static func decode(_ bytes: Bytes, id: Bytes, statusWords: Int) throws(CodecError) -> ProfileState {
    guard let first = bytes.isEmpty ? nil : bytes[0] else { throw .truncated }
    guard first == version else { throw .unknownVersion(Int(first)) }
    let partsAt = headBytes + 8 * statusWords
    guard bytes.count >= partsAt, bytes.count % 8 == 0 else { throw .truncated }
    let raw = UnsafeRawPointer(bytes.start)
    let written = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    guard Int(written) == bytes.count else { throw .truncated }
    let partCount = Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
    guard areWhole(bytes.slice(partsAt, bytes.count), count: partCount) else { throw .truncated }
    return ProfileState(
      id: id, due: Instant(ms: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: Int64.self))),
      arrivals: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
      statuses: bytes.slice(headBytes, partsAt), hasMoved: bytes[1] & movedMark != 0,
      isUnsettled: bytes[1] & unsettledMark != 0, partCount: partCount,
      parts: bytes.slice(partsAt, bytes.count))
  }

  /// Whether the contents of the parts follow each other as the directory tells, up to the end.
  private static func areWhole(_ parts: Bytes, count: Int) -> Bool {
    let raw = UnsafeRawPointer(parts.start)
    guard parts.count >= count * 16, count > 0 || parts.count == 0 else { return false }
    var end = count * 16
    var formerTag = -1
    for index in 0..<count {
      let tag = Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: index * 16, as: UInt16.self)))
      let offset = Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index * 16 + 4, as: UInt32.self)))
      guard tag > formerTag, offset % 8 == 0, offset <= parts.count, index == 0 ? offset == end : offset >= end else {
        return false
      }
      (formerTag, end) = (tag, offset)
    }
    return true
  }
}

/// Why a record of the changelog cannot be read.
public enum CodecError: Error, Equatable {
  /// It was written by a version of Usher that this one does not know.
  case unknownVersion(Int)
  /// It ends too early.
  case truncated
}
