import Audiences
import Engine
import Events
import ProfileStore
import Testing

@Suite("Records of the changelog")
struct CodecTests {
  private static let plan = Plan([], taxonomy: Taxonomy())

  private func decode(_ bytes: [UInt8], statusWords: Int = 1) throws -> ProfileState {
    try bytes.withUnsafeBytes { try ProfileCodec.decode(Bytes($0), id: Bytes("u"), statusWords: statusWords) }
  }

  /// A part's place in the directory.
  private static func place(tag: UInt8, offset: UInt8) -> [UInt8] {
    [tag, 0, 0, 0, offset, 0, 0, 0] + Array(repeating: 0, count: 8)
  }

  private static let due = [UInt8](repeating: 0xFF, count: 8)
  private static let statuses: [UInt8] = [5, 0, 0, 0, 0, 0, 0, 0]

  /// A record of so many parts, which says of itself how long it is.
  private static func record(parts: UInt8, _ rest: [UInt8], version: UInt8 = 2) -> [UInt8] {
    let bytes = UInt8(24 + statuses.count + rest.count)
    return [version, 0, parts, 0, 7, 0, 0, 0] + [bytes, 0, 0, 0, 0, 0, 0, 0] + due + statuses + rest
  }

  private static let content = [UInt8](repeating: 3, count: 8)

  @Test("of a profile read back as they were written")
  func roundTrip() throws {
    let bytes = Self.record(
      parts: 2, Self.place(tag: 1, offset: 32) + Self.place(tag: 2, offset: 40) + Self.content)
    try bytes.withUnsafeBytes { buffer in
      let state = try ProfileCodec.decode(Bytes(buffer), id: Bytes("u"), statusWords: 1)
      #expect(state.id == Bytes("u") && state.arrivals == 7 && state.due.ms == -1 && state.partCount == 2)
      #expect(state.statuses.count == 8 && state.parts.count == 40)
      var again: [UInt8] = [9, 9]
      ProfileCodec.encode(state, into: &again)
      #expect(again == bytes)
    }
  }

  @Test("of a profile tell the plan that it was kept under, and who is to be looked at under it")
  func plan() throws {
    let parts = Self.place(tag: 1, offset: 16) + Self.content
    var bytes = Self.record(parts: 1, parts)
    #expect(try bytes.withUnsafeBytes { try ProfileCodec.head(of: Bytes($0)).plan } == 0)
    bytes.replaceSubrange(12..<16, with: [0xFE, 0xFF, 0xFF, 0xFF])
    bytes[1] = 2
    try bytes.withUnsafeBytes { buffer in
      let head = try ProfileCodec.head(of: Bytes(buffer))
      #expect(head.plan == 0xFFFF_FFFE && head.due == Instant(ms: -1) && !head.hasMoved)
      let state = try ProfileCodec.decode(Bytes(buffer), id: Bytes("u"), statusWords: 1)
      #expect(state.isUnsettled && !state.hasMoved)
      var again: [UInt8] = []
      ProfileCodec.encode(state, plan: 0xFFFF_FFFE, into: &again)
      #expect(again == bytes)
    }
    for length in bytes.indices {
      #expect(throws: CodecError.truncated) {
        try Array(bytes[..<length]).withUnsafeBytes { try ProfileCodec.head(of: Bytes($0)) }
      }
    }
  }

  @Test("of a profile are refused where they end too early")
  func truncated() {
    let whole = Self.record(parts: 1, Self.place(tag: 1, offset: 16) + Self.content)
    #expect((try? decode(whole)) != nil)
    for length in 0..<whole.count {
      #expect(throws: CodecError.truncated) { try decode(Array(whole[..<length])) }
    }
    #expect(throws: CodecError.truncated) { try decode(whole + [0]) }
    #expect(throws: CodecError.truncated) { try decode(whole, statusWords: 2) }
  }

  @Test(
    "of a profile are refused where their parts do not fit",
    arguments: [
      (1, place(tag: 1, offset: 24)), (1, place(tag: 1, offset: 8) + content), (2, place(tag: 1, offset: 16)),
      (2, place(tag: 1, offset: 32) + place(tag: 1, offset: 32)), (0, content),
      (2, place(tag: 1, offset: 32) + place(tag: 2, offset: 36) + content),
      (2, place(tag: 1, offset: 32) + place(tag: 2, offset: 48) + content),
    ] as [(UInt8, [UInt8])])
  func misfits(parts: UInt8, rest: [UInt8]) {
    #expect(throws: CodecError.truncated) { try decode(Self.record(parts: parts, rest)) }
  }

  @Test("of a later version are told by it")
  func version() {
    #expect(throws: CodecError.unknownVersion(3)) { try decode(Self.record(parts: 0, [], version: 3)) }
    #expect(throws: CodecError.unknownVersion(1)) { try decode(Self.record(parts: 0, [], version: 1)) }
    #expect(throws: CodecError.unknownVersion(0)) { try decode([0]) }
  }

  @Test("of a task read back as they were written, and are refused cut short")
  func task() throws {
    let record = TaskRecord(
      clock: Instant(ms: -5), nextOffset: .max, planHash: 3, plans: PlanStanding(inForce: 7), profiles: 12,
      writer: TaskWriter(transactionalId: "shop-static-3", session: .max))
    let bytes = record.bytes
    #expect(try bytes.withUnsafeBytes { try TaskRecord(Bytes($0)) } == record)
    for length in 0..<bytes.count {
      #expect(throws: CodecError.truncated) {
        try Array(bytes[..<length]).withUnsafeBytes { try TaskRecord(Bytes($0)) }
      }
    }
    #expect(throws: CodecError.truncated) {
      try (bytes + Array(repeating: 0, count: 8)).withUnsafeBytes { try TaskRecord(Bytes($0)) }
    }
    let later = [4] + bytes.dropFirst()
    #expect(throws: CodecError.unknownVersion(4)) { try later.withUnsafeBytes { try TaskRecord(Bytes($0)) } }
  }

  @Test(
    "of a task whose definitions change read back as they were written, and are refused cut short",
    arguments: [
      PlanStanding(inForce: 0), PlanStanding(inForce: 2, adoptedFrom: 1),
      PlanStanding(inForce: 4, filling: PlanStanding.Filling(plan: 5, nextOffset: 77, clock: Instant(ms: -6))),
    ])
  func standing(plans: PlanStanding) throws {
    let record = TaskRecord(
      clock: Instant(ms: 8), nextOffset: 9, planHash: 10, plans: plans, profiles: 11,
      writer: TaskWriter(transactionalId: "shop-static-3", session: 12))
    let bytes = record.bytes
    #expect(bytes.count == 8 * 12 + 16 && bytes[0] == 3)
    #expect(try bytes.withUnsafeBytes { try TaskRecord(Bytes($0)) } == record)
    for length in 0..<bytes.count {
      #expect(throws: CodecError.truncated) {
        try Array(bytes[..<length]).withUnsafeBytes { try TaskRecord(Bytes($0)) }
      }
    }
  }

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  @Test("of a task as version 2 wrote it are read still: a record that was kept then")
  func secondTaskVersion() throws {
    let kept: [UInt64] = [2, 1_767_225_600_123, 4711, 0x1234_5678_9ABC_DEF0, 1, 0x11, 3, 0xABCD, 5]
    let bytes = Self.bytes(kept) + Array("lane0".utf8) + [0, 0, 0]
    let record = try bytes.withUnsafeBytes { try TaskRecord(Bytes($0)) }
    #expect(record.clock == Instant(ms: 1_767_225_600_123) && record.nextOffset == 4711 && record.profiles == 3)
    #expect(record.planHash == 0x1234_5678_9ABC_DEF0 && record.plans == nil)
    #expect(record.writer == TaskWriter(transactionalId: "lane0", session: 0xABCD))
  }

  @Test("of a task as version 1 wrote it are read still: a record that was kept then")
  func firstTaskVersion() throws {
    let kept: [UInt64] = [1, 1_767_225_600_123, 4711, 0x1234_5678_9ABC_DEF0, 2, 0x11, 0xFFFF_FFFF_FFFF_FFFF]
    let bytes = Self.bytes(kept)
    #expect(bytes.count == 56 && Array(bytes.prefix(16)) == [1, 0, 0, 0, 0, 0, 0, 0, 123, 168, 218, 118, 155, 1, 0, 0])
    let record = try bytes.withUnsafeBytes { try TaskRecord(Bytes($0)) }
    #expect(record.clock == Instant(ms: 1_767_225_600_123) && record.nextOffset == 4711)
    #expect(record.planHash == 0x1234_5678_9ABC_DEF0)
    #expect(record.writer == nil)
  }
}
