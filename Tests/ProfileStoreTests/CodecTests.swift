import Audiences
import Engine
import Events
import ProfileStore
import Testing

@Suite("Records of the changelog")
struct CodecTests {
  private static let plan = Plan([], taxonomy: Taxonomy())

  private func decode(_ bytes: [UInt8], audienceWords: Int = 1) throws -> ProfileState {
    try bytes.withUnsafeBytes { try ProfileCodec.decode(Bytes($0), id: Bytes("u"), audienceWords: audienceWords) }
  }

  /// A part with a head of 16 bytes.
  private static func part(contentBytes: UInt8, content: Int) -> [UInt8] {
    [1, 0, 0, 0, contentBytes, 0, 0, 0] + Array(repeating: 0, count: 8 + content)
  }

  private static let head: [UInt8] = [1, 0, 0, 0, 7, 0, 0, 0] + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
  private static let statuses: [UInt8] = [5, 0, 0, 0, 0, 0, 0, 0]

  @Test("of a profile read back as they were written")
  func roundTrip() throws {
    let bytes =
      Self.head + Self.statuses + Self.part(contentBytes: 8, content: 8) + Self.part(contentBytes: 0, content: 0)
    try bytes.withUnsafeBytes { buffer in
      let state = try ProfileCodec.decode(Bytes(buffer), id: Bytes("u"), audienceWords: 1)
      #expect(state.id == Bytes("u") && state.arrivals == 7 && state.due.ms == -1)
      #expect(state.statuses.count == 8 && state.parts.count == 40)
      var again: [UInt8] = [9, 9]
      ProfileCodec.encode(state, into: &again)
      #expect(again == bytes)
    }
  }

  @Test("of a profile are refused where they end too early or their parts do not fit")
  func truncated() {
    let whole = Self.head + Self.statuses + Self.part(contentBytes: 8, content: 8)
    for length in 0..<whole.count where length != 24 {
      #expect(throws: CodecError.truncated) { try decode(Array(whole[..<length])) }
    }
    #expect(throws: CodecError.truncated) { try decode(whole + [0]) }
    #expect(throws: CodecError.truncated) {
      try decode(Self.head + Self.statuses + Self.part(contentBytes: 16, content: 8))
    }
    #expect(throws: CodecError.truncated) {
      try decode(Self.head + Self.statuses + Self.part(contentBytes: 7, content: 8))
    }
    #expect(throws: CodecError.truncated) { try decode(Self.head, audienceWords: 1) }
  }

  @Test("of a later version are told by it")
  func version() {
    #expect(throws: CodecError.unknownVersion(2)) { try decode([2] + Self.head.dropFirst() + Self.statuses) }
    #expect(throws: CodecError.unknownVersion(0)) { try decode([0]) }
  }

  @Test("of a task read back as they were written, and are refused cut short")
  func task() throws {
    let record = TaskRecord(clock: Instant(ms: -5), nextOffset: .max, plan: Self.plan)
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
    let later = [2] + bytes.dropFirst()
    #expect(throws: CodecError.unknownVersion(2)) { try later.withUnsafeBytes { try TaskRecord(Bytes($0)) } }
  }

  @Test("of a task hold what each cell means")
  func cells() throws {
    let files = [
      "topics/taxonomy.yaml": "events: { Visit: {} }\n", "ops/audiences/a.yaml": "when: { event: Visit, within: 1d }\n",
    ]
    let plan = try TestTask.plan(files)
    let record = TaskRecord(clock: .distantPast, nextOffset: 0, plan: plan)
    #expect(record.cellHashes == plan.cellHashes && record.cellHashes.count == 1 && record.planHash == plan.hash)
    #expect(try record.bytes.withUnsafeBytes { try TaskRecord(Bytes($0)) } == record)
  }
}
