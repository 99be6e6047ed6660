public import Events

/// Where a store stands: what it holds is what the changelog says up to here. It is written with every commit.
///
/// On disk: the offset, the number of profiles and the time as 64-bit little-endian numbers, then the record of the task.
public struct StorePosition: Equatable, Sendable {
  /// The next offset of the changelog to read.
  public var changelogOffset: Int64
  /// The bytes of the task's record (see ``TaskRecord``), as it was last committed.
  public var taskRecord: [UInt8]
  /// How many profiles there are.
  public var profiles: Int
  /// When it was written, by the clock of the machine.
  public var writtenAt: Instant

  private static let headBytes = 24

  /// A position.
  public init(changelogOffset: Int64, taskRecord: [UInt8], profiles: Int, writtenAt: Instant) {
    self.changelogOffset = changelogOffset
    self.taskRecord = taskRecord
    self.profiles = profiles
    self.writtenAt = writtenAt
  }

  /// Writes it over what stands in `buffer`.
  func encode(into buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    withUnsafeBytes(of: changelogOffset.littleEndian) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: Int64(profiles).littleEndian) { buffer.append(contentsOf: $0) }
    withUnsafeBytes(of: writtenAt.ms.littleEndian) { buffer.append(contentsOf: $0) }
    buffer.append(contentsOf: taskRecord)
  }

  /// Reads one; `nil` where it ends too early.
  init?(_ bytes: Bytes) {
    guard bytes.count >= Self.headBytes else { return nil }
    let raw = UnsafeRawPointer(bytes.start)
    changelogOffset = Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 0, as: Int64.self))
    profiles = Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: Int64.self)))
    writtenAt = Instant(ms: Int64(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: Int64.self)))
    taskRecord = Array(bytes.slice(Self.headBytes, bytes.count).buffer)
  }
}
