import Audiences
import Events
import ProfileStore
import Testing

@Suite("Records of plans")
struct PlanRecordTests {
  private static let files = [
    "topics/taxonomy.yaml":
      "events: { Order: { unique: id, properties: { id: string } }, Visit: {} }\ntraits: { tier: string }\n",
    "ops/audiences/a.yaml": """
    name: Everybody
    version: 3
    purpose: seed
    when: { all: [{ event: Order }, { trait: tier, is: gold }] }
    holdout: { percent: 10, salt: s }
    retire_on: 2030-01-01
    exit: { event: Left }
    to: { warehouse: all }

    """,
    "ops/audiences/b.yaml": "when: { event: Visit, within: 7d }\nhold_for: 1h\n",
  ]

  private static func record(files: [String: String] = files, number: UInt32 = 3) throws -> PlanRecord {
    let plan = try TestTask.plan(files)
    return PlanRecord(
      number: number, introducedAt: Instant(ms: 17), dictionary: PlanDictionary(plan, departed: ["gone", ""]),
      files: files.mapValues { Array($0.utf8) })
  }

  @Test("read back as they were written, and their definitions make up the same plan")
  func roundTrip() throws {
    let record = try Self.record()
    #expect(
      record.dictionary.traits.count == 3 && record.dictionary.uniques.count == 1 && record.dictionary.hasHoldouts)
    let parts = record.parts
    #expect(parts.count == 1)
    let again = try PlanRecord(number: 3, parts: parts.map(\.value))
    #expect(again == record)
    let project = try #require(Project.read(contents: again.files).project)
    #expect(PlanDictionary(Plan(project), departed: ["gone", ""]) == record.dictionary)
  }

  @Test("are parted where they are long, and refused where a part is missing")
  func parts() throws {
    var files = Self.files
    for number in 0..<2000 {
      files["ops/audiences/more-\(number).yaml"] =
        "name: \(String(repeating: "x", count: 250))\nwhen: { event: Visit, within: \(number + 1)h }\n"
    }
    let record = try Self.record(files: files)
    let parts = record.parts
    #expect(parts.count > 3 && parts.allSatisfy { $0.value.count <= 262_152 })
    #expect(try PlanRecord(number: 3, parts: parts.map(\.value)) == record)
    #expect(throws: CodecError.truncated) { try PlanRecord(number: 3, parts: parts.dropLast().map(\.value)) }
    for (number, part) in parts.enumerated() {
      let found = part.key.withUnsafeBytes { PlanRecord.part(ofKey: Bytes($0)) }
      #expect(found?.plan == 3 && found?.part == UInt32(number))
      #expect(!part.key.withUnsafeBytes { String(validating: $0, as: UTF8.self) != nil }, "no profile has that id")
    }
  }

  @Test("are told from profiles and tasks by their keys", arguments: ["", "plan", "u_8412", "planplanplan"])
  func keys(id: String) {
    #expect(Array(id.utf8).withUnsafeBytes { PlanRecord.part(ofKey: Bytes($0)) } == nil)
  }

  @Test("are refused where they end too early, and whatever else they hold brings nobody down")
  func damaged() throws {
    let whole = try Self.record().parts[0].value
    for length in 0..<whole.count {
      #expect(throws: CodecError.truncated) { try PlanRecord(number: 0, parts: [Array(whole[..<length])]) }
    }
    #expect(throws: CodecError.truncated) { try PlanRecord(number: 0, parts: [whole + Array(repeating: 0, count: 8)]) }
    #expect(throws: CodecError.truncated) { try PlanRecord(number: 0, parts: []) }
    #expect(throws: CodecError.unknownVersion(3)) { try PlanRecord(number: 0, parts: [[3] + whole.dropFirst()]) }
    for at in whole.indices {
      for value: UInt8 in [0, 0x7F, 0xFF] {
        var other = whole
        other[at] = value
        _ = try? PlanRecord(number: 0, parts: [other])
      }
    }
  }

  @Test("as version 1 wrote them are read still: a record that was kept then")
  func firstVersion() throws {
    func words(_ words: [UInt64]) -> [UInt8] {
      words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }
    func text(_ text: String) -> [UInt8] {
      words([UInt64(text.utf8.count)]) + Array(text.utf8) + Array(repeating: 0, count: -text.utf8.count & 7)
    }
    let audience = words([7, 8, UInt64(Int64.max), 5, 2]) + text("a") + text("All") + text("Gone")
    let kept =
      [1, 0, 0, 0, 1, 0, 0, 0] + words([17, 9, 1, 1, 0x11, 5, 600, 2, 0x21, 0, 1, 4, 0x31, 1]) + audience + words([1])
      + text("b") + words([1]) + text("ops/audiences/a.yaml") + text("when: {}")
    let record = try PlanRecord(number: 0, parts: [kept])
    let telling = KnownAudience.Telling(name: "All", version: 2, exitEvent: "Gone")
    let known = KnownAudience(
      key: "a", logic: 7, arbitration: 8, retireOn: nil, to: AudienceDestinations(warehouse: .all), telling: telling)
    #expect(
      record
        == PlanRecord(
          number: 0, introducedAt: Instant(ms: 17),
          dictionary: PlanDictionary(
            planHash: 9, hasHoldouts: true, cells: [KnownCell(meaning: 0x11, most: 5, maxAgeMs: 600)],
            traits: [0x21, 0],
            uniques: [PlanDictionary.Unique(event: 4, meaning: 0x31)], audiences: [known], departed: ["b"]),
          files: ["ops/audiences/a.yaml": Array("when: {}".utf8)]))
    #expect(record.parts[0].value == [2] + kept.dropFirst())
  }
}
