import Judge
import Testing

@Suite("Records")
struct RecordTests {
  private let bought = Condition.event(Leaf(["Order Completed"]))

  @Test(
    "What cannot be read is rejected with its code",
    arguments: [
      ("not json", RejectionCode.json), ("{", .json), (#"{"type":"track","userId":"u","a":01}"#, .json),
      (#"{"type":"track"} x"#, .json), (#"{"type":"track",}"#, .json), (#"{"a":"\x"}"#, .json), ("[1.]", .json),
      ("\"a\tb\"", .json),
      ("7", .type), ("[]", .type), ("{}", .type), (#"{"type":"pageview","userId":"u"}"#, .type),
      (#"{"type":7}"#, .type),
      (#"{"type":"track","event":"E","timestamp":1}"#, .user), (#"{"type":"page","userId":null,"timestamp":1}"#, .user),
      (#"{"type":"page","userId":true,"timestamp":1}"#, .user), (#"{"type":"page","userId":"","timestamp":1}"#, .user),
      (#"{"type":"track","userId":"u","timestamp":1}"#, .name),
      (#"{"type":"track","userId":"u","event":7,"timestamp":1}"#, .name),
      (#"{"type":"track","userId":"u","event":"E"}"#, .time),
      (#"{"type":"page","userId":"u","timestamp":"soon"}"#, .time),
      (#"{"type":"identify","userId":"u","timestamp":true}"#, .time),
    ])
  func rejected(line: String, code: RejectionCode) throws {
    #expect(try verdict(bought, [line]).rejected == [code: 1])
  }

  @Test("A number is its digits, and both kinds of id share one name space")
  func ids() throws {
    let lines = [
      #"{"type":"track","event":"Order Completed","userId":12,"timestamp":1}"#,
      #"{"type":"track","event":"Order Completed","userId":"12","timestamp":1}"#,
      #"{"type":"track","event":"Order Completed","anonymousId":"12","timestamp":1}"#,
      #"{"type":"track","event":"Order Completed","userId":null,"anonymousId":"12","timestamp":1}"#,
      #"{"type":"track","event":"Order Completed","userId":"12","anonymousId":"x","timestamp":1}"#,
    ]
    let four = Condition.event(Leaf(["Order Completed"], measure: .count(atLeast(5))))
    #expect(try verdict(four, lines).changes.map(\.profile) == ["12"])
  }

  @Test(
    "Names are compared without regard to case, with space, underscore and hyphen alike; aliases are applied",
    arguments: ["order completed", "ORDER_COMPLETED", "Order-Completed", "purchase", "Checkout Complete"])
  func folding(name: String) throws {
    #expect(try changes(bought, [track(name, at: 5)]) == ["5 entered event(Order Completed)"])
  }

  @Test("Other names are other events", arguments: ["OrderCompleted", "Order  Completed", "Order Complete"])
  func otherNames(name: String) throws {
    #expect(try changes(bought, [track(name, at: 5)]) == [])
  }

  @Test("Pages and screens count as events of these names")
  func pages() throws {
    let page = #"{"type":"page","userId":"u","name":"Home","timestamp":5}"#
    let screen = #"{"type":"screen","userId":"u","timestamp":5}"#
    #expect(try changes(.event(Leaf(["Page Viewed"])), [screen, page]) == ["5 entered event(Page Viewed)"])
    #expect(try changes(.event(Leaf(["Screen Viewed"])), [page, screen]) == ["5 entered event(Screen Viewed)"])
    #expect(try isMember(.event(Leaf(["Page Viewed"])), [track("page_viewed", at: 5)]))
  }

  @Test(
    "Times are read in these forms",
    arguments: [
      (#""2026-01-01""#, 1_767_225_600_000), (#""2026-01-01T00:00""#, 1_767_225_600_000),
      (#""2026-01-01 00:00:01""#, 1_767_225_601_000), (#""2026-01-01T00:00:00.5Z""#, 1_767_225_600_500),
      (#""2026-01-01T00:00:00.123999Z""#, 1_767_225_600_123), (#""2026-01-01T02:00+02:00""#, 1_767_225_600_000),
      (#""2025-12-31 18:30:00-0530""#, 1_767_225_600_000), (#""2028-02-29T12:00Z""#, 1_835_438_400_000),
      (#""1969-12-31T23:59:59.9999Z""#, -1), (#""2000-03-01""#, 951_868_800_000), ("1767225600000", 1_767_225_600_000),
      ("1767225600000.9", 1_767_225_600_000), ("1.7672256e12", 1_767_225_600_000),
      (#""1767225600000""#, 1_767_225_600_000), ("-5", -5),
    ] as [(String, Int64)])
  func times(json: String, instantMs: Int64) throws {
    let line = #"{"type":"track","event":"Order Completed","userId":"u","timestamp":\#(json)}"#
    #expect(try verdict(bought, [line]).changes.map(\.atMs) == [instantMs])
  }

  @Test(
    "Nothing else is a time",
    arguments: [
      #""2026-1-01""#, #""2026-13-01""#, #""2026-02-29""#, #""2026-01-00""#, #""20260101T000000Z""#, #""2026-01-01T""#,
      #""2026-01-01T10""#, #""2026-01-01T24:00""#, #""2026-01-01T10:60""#, #""2026-01-01T10:00:00.""#, "1e300", "[]",
      #""2026-01-01T10:00+2""#, #""2026-01-01t10:00z""#, #"" 2026-01-01""#, #""2026-01-01T10:00Z ""#, "null", #""""#,
    ])
  func notTimes(json: String) throws {
    let line = #"{"type":"track","event":"Order Completed","userId":"u","timestamp":\#(json)}"#
    #expect(try verdict(bought, [line]).rejected == [.time: 1])
  }

  @Test(
    "Partitions are chosen as Java clients choose them",
    arguments: [
      ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
      ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
    ] as [(String, Int32)])
  func murmur2(key: String, hash: Int32) {
    #expect(Int32(bitPattern: Murmur2.hash(Array(key.utf8))) == hash)
  }
}
