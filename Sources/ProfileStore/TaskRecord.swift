public import Events

/// Where a task stands: the one record of the changelog in each partition that is no profile. Its key is empty, which
/// no profile's is. It is written in every transaction, so it is always as new as the profiles beside it.
///
/// All numbers are 64-bit little-endian words:
/// ```
/// version 3 · clock in ms · next offset of the input · hash of the plan in force · its number
/// number of the plan that profiles are still to be adopted from, or all bits
/// number of the plan that is being filled, or all bits · next offset that it is filled from · its clock in ms
/// number of profiles · session of the writer · bytes of its transactional id · the id, filled up with zero bytes to a
/// whole word
/// ```
/// Versions 1 and 2 know one plan, and tell its cells themselves:
/// ```
/// version 2 · clock in ms · next offset of the input · hash of the plan · number of cells · hash of each cell
/// and from the number of profiles on as above
/// ```
/// Version 1 ends after the cells.
public struct TaskRecord: Equatable, Sendable {
  /// Where the partition's clock stood.
  public var clock: Instant
  /// The offset of the next record of the input.
  public var nextOffset: Int64
  /// Stands for the definitions under which the profiles were kept.
  public var planHash: UInt64
  /// Which plans the profiles were kept under; nil in versions 1 and 2, which know one.
  public var plans: PlanStanding?
  /// How many profiles there are; version 1 did not say.
  public var profiles: Int?
  /// Who wrote it, and the profiles with it; version 1 did not say.
  public var writer: TaskWriter?

  private static let version: UInt64 = 3
  private static let versionOfOnePlan: UInt64 = 2
  private static let versionWithoutWriter: UInt64 = 1
  private static let none = UInt64.max

  /// Where a task stands whose definitions may change.
  public init(
    clock: Instant, nextOffset: Int64, planHash: UInt64, plans: PlanStanding, profiles: Int, writer: TaskWriter
  ) {
    self.clock = clock
    self.nextOffset = nextOffset
    self.planHash = planHash
    self.plans = plans
    self.profiles = profiles
    self.writer = writer
  }

  /// The record as bytes.
  ///
  /// - Precondition: it was not read from a former version.
  public var bytes: [UInt8] {
    guard let plans, let writer else { preconditionFailure("former versions are only read") }
    let start = [Self.version, UInt64(bitPattern: clock.ms), UInt64(bitPattern: nextOffset), planHash]
    let id = Array(writer.transactionalId.utf8)
    let filling = Array(repeating: UInt8(0), count: Self.wordsHolding(id.count) * 8 - id.count)
    let end = [UInt64(profiles ?? 0), writer.session, UInt64(id.count)]
    return Self.bytes(of: start + Self.words(plans) + end) + id + filling
  }

  /// Reads a record.
  public init(_ bytes: Bytes) throws(CodecError) {
    let wordCount = bytes.count / 8
    guard bytes.count >= 40, bytes.count % 8 == 0 else { throw .truncated }
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: UnsafeRawPointer(bytes.start).loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    guard (Self.versionWithoutWriter...Self.version).contains(word(0)) else {
      throw .unknownVersion(Int(truncatingIfNeeded: word(0)))
    }
    clock = Instant(ms: Int64(bitPattern: word(1)))
    nextOffset = Int64(bitPattern: word(2))
    planHash = word(3)
    let rest: Int
    if word(0) == Self.version {
      guard wordCount >= 9 else { throw .truncated }
      plans = Self.plans((4..<9).map(word))
      rest = 9
    } else {
      guard word(4) <= UInt64(wordCount - 5) else { throw .truncated }
      rest = 5 + Int(word(4))
    }
    guard word(0) != Self.versionWithoutWriter else {
      guard rest == wordCount else { throw .truncated }
      return
    }
    guard wordCount >= rest + 3, word(rest + 2) <= UInt64(bytes.count) else { throw .truncated }
    let idCount = Int(word(rest + 2))
    guard wordCount == rest + 3 + Self.wordsHolding(idCount) else { throw .truncated }
    let idStart = (rest + 3) * 8
    profiles = Int(truncatingIfNeeded: word(rest))
    writer = TaskWriter(transactionalId: bytes.slice(idStart, idStart + idCount).text, session: word(rest + 1))
  }

  private static func words(_ plans: PlanStanding) -> [UInt64] {
    [
      UInt64(plans.inForce), plans.adoptedFrom.map(UInt64.init) ?? none,
      plans.filling.map { UInt64($0.plan) } ?? none, UInt64(bitPattern: plans.filling?.nextOffset ?? 0),
      UInt64(bitPattern: plans.filling?.clock.ms ?? 0),
    ]
  }

  private static func plans(_ words: [UInt64]) -> PlanStanding {
    func number(_ word: UInt64) -> UInt32? { word == none ? nil : UInt32(truncatingIfNeeded: word) }
    return PlanStanding(
      inForce: UInt32(truncatingIfNeeded: words[0]), adoptedFrom: number(words[1]),
      filling: number(words[2]).map {
        PlanStanding.Filling(
          plan: $0, nextOffset: Int64(bitPattern: words[3]), clock: Instant(ms: Int64(bitPattern: words[4])))
      })
  }

  private static func bytes(of words: [UInt64]) -> [UInt8] {
    words.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
  }

  private static func wordsHolding(_ byteCount: Int) -> Int { (byteCount + 7) / 8 }
}
