import Events
import HTTP

/// Segment's HTTP API: each entry and exit as a `track`, and as a boolean trait of its audience by an `identify`.
///
/// Segment drops a message whose id it has seen: each has the change's own. Nothing there erases anybody: Segment has an
/// interface of its own for that, which needs other rights, and erasures are passed over here.
struct Segment: Service {
  /// 32 KB a message, 500 KB and 2,500 messages a request, a little left for what stands around them.
  let limits = RequestLimits(items: 2500, bytes: 499_000, itemBytes: 32_000)
  let order = ItemOrder.removalsFirst
  private let url: String
  private let authorization: String
  private let key: Secret
  private let reader: AnalyticsReader

  init(_ declaration: SegmentDeclaration, _ name: String, _ key: Secret) {
    url = declaration.options.url
    self.key = key
    authorization = Base64.text(Array("\(key.text):".utf8))
    reader = AnalyticsReader(for: name, keeping: declaration.options.traits)
  }

  var secrets: [String] { [key.text, authorization] }

  mutating func write(_ record: BatchRecord, to list: inout ItemList) throws(ItemRefusal) {
    guard case .change(let change) = try reader.read(record) else { return }
    list.draft.member("{\"type\":\"track\",\"event\":", change.event)
    list.draft.member(",\"userId\":", change.profile)
    list.draft.member(",\"messageId\":", change.messageId)
    list.draft.member(",\"timestamp\":", change.timestamp)
    list.draft.raw(",\"properties\":{")
    change.writeProperties(to: &list.draft)
    list.draft.member(",\"audience_key\":", change.audience)
    if let isIn = change.isIn { list.draft.flag(change.audience, isIn) }
    list.draft.raw("}}")
    list.add(change.item())
    guard let isIn = change.isIn else { return }
    list.draft.member("{\"type\":\"identify\",\"userId\":", change.profile)
    list.draft.raw(",\"messageId\":\"")
    list.draft.raw(change.messageId)
    list.draft.member("-identify\",\"timestamp\":", change.timestamp)
    list.draft.raw(",\"traits\":{\"audience_key\":")
    list.draft.string(change.audience)
    list.draft.flag(change.audience, isIn)
    list.draft.raw("}}")
    list.add(change.item())
  }

  func request(for items: ArraySlice<Int>, of list: borrowing ItemList, at nowMs: Int64) -> HTTPRequest {
    var json = JSONWriter(capacity: 1 << 16)
    json.raw("{\"batch\":[")
    list.write(items, to: &json)
    json.raw("]}")
    return HTTPRequest(
      .post, url,
      headers: [("Content-Type", "application/json"), ("Authorization", "Basic \(authorization)")],
      body: Array(json.bytes.buffer))
  }
}

extension ChangeRecord {
  /// Whether the profile is in after the change; nothing where the change is of a holdout, and it neither came nor went.
  fileprivate var isIn: Bool? {
    switch kind {
    case .entered: true
    case .exited: false
    case .heldOut, .holdoutEnded: nil
    }
  }
}

extension JSONWriter {
  fileprivate mutating func flag(_ key: Bytes, _ value: Bool) {
    raw(",")
    string(key)
    raw(value ? ":true" : ":false")
  }
}

/// Segment as its file declares it.
struct SegmentDeclaration: ServiceDeclaration {
  var options: ServiceOptions
  var writeKey: SecretSource

  func service(_ name: String, _ places: SecretPlaces) throws(DestinationError) -> Segment {
    Segment(self, name, try places.fetch(writeKey, for: "write_key"))
  }
}

extension DestinationKind {
  /// Segment's HTTP API.
  static let segment = service(
    "segment", keys: ["write_key"], required: ["write_key"],
    meant: ["token": "write_key", "writeKey": "write_key", "writekey": "write_key", "secret": "write_key"],
    otherWords: ["twilio", "analytics"], topic: "audience.analytics"
  ) { fields -> SegmentDeclaration? in
    var options = ServiceOptions(url: "https://api.segment.io/v1/batch", requestsPerSecond: 50)
    options.read(&fields)
    return fields.secret("write_key").map { SegmentDeclaration(options: options, writeKey: $0) }
  }
}
