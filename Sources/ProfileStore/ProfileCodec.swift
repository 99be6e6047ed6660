public import Engine
public import Events

/// A profile's state as a record of the changelog; its key is the profile's id. Numbers are little-endian.
///
/// ```
/// version 1  u8
/// reserved   3 bytes, zero
/// arrivals   u32      events applied
/// due        i64      the next instant at which time alone can change something, in ms
/// statuses   n × u64  a bit for each audience of the plan, the count given by the task record's plan
/// parts      the rest: what is kept for each purpose (see the engine's Part)
/// ```
public enum ProfileCodec {
  private static let version: UInt8 = 1
  private static let headBytes = 16

  /// Writes a state over what stands in `buffer`.
  public static func encode(_ state: ProfileState, into buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(version)
    buffer.append(contentsOf: repeatElement(0, count: 3))
    withUnsafeBytes(of: state.arrivals.littleEndian) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: state.due.ms.littleEndian) { buffer.append(contentsOf: $0) }
    buffer.append(contentsOf: UnsafeBufferPointer(start: state.statuses.start, count: state.statuses.count))
    buffer.append(contentsOf: UnsafeBufferPointer(start: state.parts.start, count: state.parts.count))
  }

  /// Reads a state; it is valid as long as the bytes are.
  ///
  /// - Parameter audienceWords: how many words of statuses the plan has.
  public static func decode(_ bytes: Bytes, id: Bytes, audienceWords: Int) throws(CodecError) -> ProfileState {
    guard let first = bytes.isEmpty ? nil : bytes[0] else { throw .truncated }
    guard first == version else { throw .unknownVersion(Int(first)) }
    let partsAt = headBytes + 8 * audienceWords
    guard bytes.count >= partsAt, bytes.count % 8 == 0, areWhole(bytes.slice(partsAt, bytes.count)) else {
      throw .truncated
    }
    let raw = UnsafeRawPointer(bytes.start)
    return ProfileState(
      id: id, due: Instant(ms: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: Int64.self))),
      arrivals: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
      statuses: bytes.slice(headBytes, partsAt), parts: bytes.slice(partsAt, bytes.count))
  }

  /// Whether one part follows the other up to the end: each has a head of 16 bytes that tells the length of the rest.
  private static func areWhole(_ parts: Bytes) -> Bool {
    let raw = UnsafeRawPointer(parts.start)
    var at = 0
    while at < parts.count {
      guard parts.count - at >= 16 else { return false }
      let contentBytes = Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)))
      guard contentBytes % 8 == 0, contentBytes <= parts.count - at - 16 else { return false }
      at += 16 + contentBytes
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
