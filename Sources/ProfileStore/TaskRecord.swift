public import Audiences
public import Events

/// Where a task stands: the one record of the changelog in each partition that is no profile. Its key is empty, which
/// no profile's is. It is written in every transaction, so it is always as new as the profiles beside it.
///
/// All numbers are 64-bit little-endian words:
/// ```
/// version 1 · clock in ms · next offset of the input · hash of the plan · number of cells · hash of each cell
/// ```
public struct TaskRecord: Equatable, Sendable {
  /// Where the partition's clock stood.
  public var clock: Instant
  /// The offset of the next record of the input.
  public var nextOffset: Int64
  /// Stands for the definitions under which the profiles were kept.
  public var planHash: UInt64
  /// Stands for each cell, by its number: what the numbers in the profiles mean.
  public var cellHashes: [UInt64]

  private static let version: UInt64 = 1

  /// Where a task under that plan stands.
  public init(clock: Instant, nextOffset: Int64, plan: Plan) {
    self.clock = clock
    self.nextOffset = nextOffset
    planHash = plan.hash
    cellHashes = plan.cellHashes
  }

  /// The record as bytes.
  public var bytes: [UInt8] {
    let words =
      [
        Self.version, UInt64(bitPattern: clock.ms), UInt64(bitPattern: nextOffset), planHash,
        UInt64(cellHashes.count),
      ] + cellHashes
    return words.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
  }

  /// Reads a record.
  public init(_ bytes: Bytes) throws(CodecError) {
    guard bytes.count >= 40, bytes.count % 8 == 0 else { throw .truncated }
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: UnsafeRawPointer(bytes.start).loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    guard word(0) == Self.version else { throw .unknownVersion(Int(truncatingIfNeeded: word(0))) }
    clock = Instant(ms: Int64(bitPattern: word(1)))
    nextOffset = Int64(bitPattern: word(2))
    planHash = word(3)
    guard word(4) == UInt64(bytes.count / 8 - 5) else { throw .truncated }
    cellHashes = (5..<(bytes.count / 8)).map(word)
  }
}
