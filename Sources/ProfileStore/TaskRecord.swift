public import Audiences
public import Events

/// Where a task stands: the one record of the changelog in each partition that is no profile. Its key is empty, which
/// no profile's is. It is written in every transaction, so it is always as new as the profiles beside it.
///
/// All numbers are 64-bit little-endian words:
/// ```
/// version 2 · clock in ms · next offset of the input · hash of the plan · number of cells · hash of each cell
/// number of profiles · session of the writer · bytes of its transactional id · the id, filled up with zero bytes to a
/// whole word
/// ```
/// Version 1 ends after the cells.
public struct TaskRecord: Equatable, Sendable {
  /// Where the partition's clock stood.
  public var clock: Instant
  /// The offset of the next record of the input.
  public var nextOffset: Int64
  /// Stands for the definitions under which the profiles were kept.
  public var planHash: UInt64
  /// Stands for each cell, by its number: what the numbers in the profiles mean.
  public var cellHashes: [UInt64]
  /// How many profiles there are; version 1 did not say.
  public var profiles: Int?
  /// Who wrote it, and the profiles with it; version 1 did not say.
  public var writer: TaskWriter?

  private static let version: UInt64 = 2
  private static let versionWithoutWriter: UInt64 = 1

  /// Where a task under that plan stands.
  public init(clock: Instant, nextOffset: Int64, plan: Plan, profiles: Int, writer: TaskWriter) {
    self.clock = clock
    self.nextOffset = nextOffset
    planHash = plan.hash
    cellHashes = plan.cellHashes
    self.profiles = profiles
    self.writer = writer
  }

  /// The record as bytes.
  public var bytes: [UInt8] {
    let words =
      [
        writer == nil ? Self.versionWithoutWriter : Self.version, UInt64(bitPattern: clock.ms),
        UInt64(bitPattern: nextOffset), planHash, UInt64(cellHashes.count),
      ] + cellHashes
    guard let writer else { return Self.bytes(of: words) }
    let id = Array(writer.transactionalId.utf8)
    let filling = Array(repeating: UInt8(0), count: Self.wordsHolding(id.count) * 8 - id.count)
    return Self.bytes(of: words + [UInt64(profiles ?? 0), writer.session, UInt64(id.count)]) + id + filling
  }

  /// Reads a record.
  public init(_ bytes: Bytes) throws(CodecError) {
    let wordCount = bytes.count / 8
    guard bytes.count >= 40, bytes.count % 8 == 0 else { throw .truncated }
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: UnsafeRawPointer(bytes.start).loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    guard word(0) == Self.version || word(0) == Self.versionWithoutWriter else {
      throw .unknownVersion(Int(truncatingIfNeeded: word(0)))
    }
    clock = Instant(ms: Int64(bitPattern: word(1)))
    nextOffset = Int64(bitPattern: word(2))
    planHash = word(3)
    guard word(4) <= UInt64(wordCount - 5) else { throw .truncated }
    let afterCells = 5 + Int(word(4))
    cellHashes = (5..<afterCells).map(word)
    guard word(0) == Self.version else {
      guard afterCells == wordCount else { throw .truncated }
      return
    }
    guard wordCount >= afterCells + 3, word(afterCells + 2) <= UInt64(bytes.count) else { throw .truncated }
    let idCount = Int(word(afterCells + 2))
    guard wordCount == afterCells + 3 + Self.wordsHolding(idCount) else { throw .truncated }
    let idStart = (afterCells + 3) * 8
    profiles = Int(truncatingIfNeeded: word(afterCells))
    writer = TaskWriter(
      transactionalId: bytes.slice(idStart, idStart + idCount).text, session: word(afterCells + 1))
  }

  private static func bytes(of words: [UInt64]) -> [UInt8] {
    words.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
  }

  private static func wordsHolding(_ byteCount: Int) -> Int { (byteCount + 7) / 8 }
}
