import Delivery
import Events
import Testing

@Suite("Whatever stands in the warehouse's topic, its reader gives an answer")
struct HostileChangeTests {
  private static let samples: [String] = {
    var change = TestChange("entered", seq: 7, minute: 3)
    change.included =
      #","cart_value":84.50,"cart_items":[{"id":"a \"b\""},null,true,[[],{}]],"why":"\u00e9\ud83d\ude00""#
    change.traits = #","traits":{"email":"ada@example.com","phone":"+14155550132"}"#
    let exit = TestChange("exited", seq: 8).json.split(separator: #""kind":"event","event":"Order Completed""#)
      .joined(separator: #""kind":"suppressed","by":"purchased-7d""#)
    return [
      change.json, exit, TestChange("held_out", "ben", seq: 1).json,
      #"{"type":"delete","userId":"ada","timestamp":"\#(change.time)"}"#,
    ]
  }()

  @Test("twenty thousand times something else", arguments: 1...4 as ClosedRange<UInt64>)
  func mutations(seed: UInt64) throws {
    var chance = Chance(state: seed)
    var reader = ChangeRecordReader()
    var readable = 0
    for round in 0..<5000 {
      var bytes = Array(Self.samples[round % Self.samples.count].utf8)
      for _ in 0..<Int.random(in: 1...2, using: &chance) { Self.mutate(&bytes, &chance) }
      if reads(bytes, &reader) { readable += 1 }
    }
    #expect(readable > 200, "mutations that leave a record are tried too")
    for sample in Self.samples { #expect(reads(Array(sample.utf8), &reader)) }
  }

  @Test("at every length of a record cut short")
  func truncations() {
    var reader = ChangeRecordReader()
    for sample in Self.samples {
      let bytes = Array(sample.utf8)
      for length in 0..<bytes.count { #expect(!reads(Array(bytes[..<length]), &reader)) }
    }
  }

  /// Reads a record from memory that ends where the reader may look no further, and every text that it gives.
  private func reads(_ bytes: [UInt8], _ reader: inout ChangeRecordReader) -> Bool {
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + ChangeRecordReader.padding)
    defer { room.deallocate() }
    room.initialize(repeating: 0x22, count: bytes.count + ChangeRecordReader.padding)
    for (index, byte) in bytes.enumerated() { room[index] = byte }
    do throws(ChangeRejection) {
      switch try reader.readEither(Bytes(room, count: bytes.count)) {
      case .change(let change):
        let texts = [change.profile, change.audience, change.event, change.reason.kind, change.status]
        return texts.allSatisfy { !$0.text.isEmpty } && change.seq > 0
          && change.includedTraits.map { $0.text.hasPrefix("{") && $0.text.hasSuffix("}") } ?? true
      case .erasure(let erasure): return !erasure.profile.text.isEmpty
      }
    } catch {
      return error.sentence.isEmpty
    }
  }

  private static func mutate(_ bytes: inout [UInt8], _ chance: inout Chance) {
    guard !bytes.isEmpty else { return }
    let at = Int.random(in: 0..<bytes.count, using: &chance)
    switch Int.random(in: 0..<5, using: &chance) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &chance)
    case 1: bytes[at] = Array(#"{}[],:"\ 0-e.ntfu"#.utf8).randomElement(using: &chance) ?? 0
    case 2: bytes.remove(at: at)
    case 3: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &chance)))
    default:
      let from = Int.random(in: 0..<bytes.count, using: &chance)
      bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + 30)]), at: at)
    }
  }
}
