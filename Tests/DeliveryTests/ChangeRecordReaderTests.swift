import Delivery
import Events
import Testing

@Suite("A change from the warehouse's topic")
struct ChangeRecordReaderTests {
  /// Reads a record and says why it was rejected.
  private func rejection(_ json: String) -> ChangeRejection? {
    var reader = ChangeRecordReader()
    let batch = RecordBatch.of([json])
    do throws(ChangeRejection) {
      _ = try reader.readEither(batch[0].value ?? .empty)
      return nil
    } catch {
      return error
    }
  }

  @Test("is read field by field, in any order of the fields")
  func fields() throws {
    var change = TestChange("exited", seq: 7, minute: 3)
    change.traits = #","traits":{"phone":"+14155550132"}"#
    let text = String(change.json.split(separator: #""type":"track","#).joined().dropLast()) + #","type":"track"}"#
    let batch = RecordBatch.of([text])
    var reader = ChangeRecordReader()
    let read = try reader.read(try #require(batch[0].value))
    #expect(read.profile.text == "ada" && read.audience.text == "vip" && read.audienceName.text == "The vip")
    #expect(read.kind == .exited && read.status.text == "out" && read.seq == 7 && read.version == 1)
    #expect(read.messageId.text == change.messageId && read.timestamp.text == change.time)
    #expect(read.reason.kind.text == "event" && read.reason.name?.text == "Order Completed")
    #expect(read.purpose?.text == "seed" && read.enteredAt?.text == change.time)
    #expect(read.source.partition == 3 && read.source.offset == 3 && read.source.emittedAt?.text == change.time)
    #expect(read.phone?.text == "+14155550132" && read.email == nil && read.includedTraits == nil)
  }

  @Test("may do without what not every change has")
  func optional() {
    var json = TestChange("entered", seq: 1).json
    for member in [
      #""purpose":"seed","#, #","event":"Order Completed""#, #","entered_at":"\#(TestChange("", seq: 1).time)""#,
    ] {
      json = json.split(separator: member).joined()
    }
    #expect(rejection(json) == nil)
  }

  @Test(
    "is none where a field is missing or wrong",
    arguments: [
      (#""seq":1"#, #""seq":0"#, ChangeField.seq), (#""seq":1"#, #""seq":1.5"#, .seq),
      (#""seq":1"#, #""seq":"1""#, .seq),
      (#""userId":"ada""#, #""userId":7"#, .profile), (#""userId":"ada""#, #""userId":"""#, .profile),
      (#""change":"entered""#, #""change":"Entered""#, .change), (#""status":"in""#, #""status":"inside""#, .status),
      (#""audience":"vip""#, #""audience":null"#, .audience), (#""version":1"#, #""version":-1"#, .version),
      (#""reason":{"kind":"event""#, #""reason":{"kin":"event""#, .reasonKind),
      (#""offset":0"#, #""offset":[]"#, .offset),
      (#""properties":"#, #""props":"#, .properties), (#""context":"#, #""contexts":"#, .context),
      (#""usher":"#, #""user":"#, .usher), (#""messageId":"0"#, #""messageId":"G"#, .messageId),
      (#""clock":"2026"#, #""clock":"26"#, .clock), (#""timestamp":"2026-09"#, #""timestamp":"2026-13"#, .timestamp),
      (#""event":"Audience entered""#, #""event":true"#, .event),
    ])
  func wrong(_ right: String, _ wrong: String, _ field: ChangeField) {
    let json = TestChange("entered", seq: 1).json
    let parts = json.split(separator: right, maxSplits: 1, omittingEmptySubsequences: false)
    #expect(parts.count == 2, "the record has \(right)")
    #expect(rejection(parts.joined(separator: wrong)) == .field(field))
  }

  @Test("says who suppressed or outranked whom")
  func by() throws {
    for kind in ["suppressed", "outranked"] {
      let right = #""reason":{"kind":"event","event":"Order Completed"}"#
      let json = TestChange("exited", seq: 2).json.split(separator: right)
        .joined(separator: #""reason":{"kind":"\#(kind)","by":"purchased-7d"}"#)
      let batch = RecordBatch.of([json])
      var reader = ChangeRecordReader()
      let reason = try reader.read(try #require(batch[0].value)).reason
      #expect(reason.kind.text == kind && reason.name?.text == "purchased-7d")
    }
  }

  @Test("may say whom it is for, and only those traits are read that are asked for")
  func addressed() throws {
    var change = TestChange("entered", seq: 1)
    change.included = #","tier":"gold","ltv":310.2,"cart":[{"a":1}]"#
    for (names, isMine) in [(["d"], true), (["e", "d"], true), (["e"], false), ([], false), (["D"], false)] {
      let batch = RecordBatch.of([change.addressed(to: names)])
      var mine = ChangeRecordReader(for: "d", keeping: ["ltv", "none"])
      let read = try mine.read(try #require(batch[0].value))
      #expect(read.isAddressed == isMine && read.includedTraits?.text == #"{"ltv":310.2}"#)
      var anybody = ChangeRecordReader()
      #expect(try anybody.read(try #require(batch[0].value)).isAddressed)
    }
    let batch = RecordBatch.of([change.json])
    var none = ChangeRecordReader(for: "d", keeping: [])
    let read = try none.read(try #require(batch[0].value))
    #expect(read.isAddressed && read.includedTraits == nil)
    for wrong in ["\"d\"", "[7]", "null"] {
      let parts = change.addressed(to: []).split(separator: "\"to\":[]", maxSplits: 1)
      #expect(parts.count == 2 && rejection(parts.joined(separator: "\"to\":\(wrong)")) == .field(.to))
    }
  }

  @Test("may be an erasure, which names a profile and when")
  func erasures() throws {
    let time = TestChange("", seq: 1).time
    for (json, timestamp) in [
      (#"{"type":"delete","userId":"ada","timestamp":"\#(time)"}"#, time),
      (#"{"userId":"ada","more":[1],"type":"delete"}"#, nil),
    ] {
      let batch = RecordBatch.of([json])
      var reader = ChangeRecordReader()
      guard case .erasure(let erasure) = try reader.readEither(try #require(batch[0].value)) else {
        Issue.record("no erasure: \(json)")
        continue
      }
      #expect(erasure.profile.text == "ada" && erasure.timestamp?.text == timestamp)
      #expect(throws: ChangeRejection.delete) { try reader.read(batch[0].value ?? .empty) }
    }
    #expect(rejection(#"{"type":"delete"}"#) == .field(.profile))
    #expect(rejection(#"{"type":"delete","userId":""}"#) == .field(.profile))
    #expect(rejection(#"{"type":"delete","userId":"ada","timestamp":1790000000000}"#) == .field(.timestamp))
    #expect(rejection(#"{"type":"delete","userId":"ada","timestamp":"2026-11-20"}"#) == .field(.timestamp))
  }

  @Test("is none where it is not JSON, or is another thing")
  func others() {
    #expect(rejection("") == .json)
    #expect(rejection("{\"type\":\"track\"") == .json)
    #expect(rejection("[]") == .type)
    #expect(rejection("{}") == .type)
    #expect(rejection(#"{"type":"identify"}"#) == .type)
  }
}
