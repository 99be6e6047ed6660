import Events
import HTTP

/// Google Analytics 4, by its Measurement Protocol: each change is an event of its profile.
///
/// GA4 takes everything that it is sent, and drops no repeat: so what was delivered is remembered (``DeliveredMemory``).
/// `client_id` is the SHA-256 of the user id in hexadecimal digits: nobody's own id leaves, and the same profile always has
/// the same one. GA4 has an interface of its own to delete users, which needs other rights: erasures are passed over here.
struct GA4: Service {
  /// 25 events and 130 KB a request, and what its head takes.
  let limits = RequestLimits(items: 25, bytes: 125_000, itemBytes: 16_000)
  let order = ItemOrder.removalsFirst
  let memory: DeliveredMemory?
  private let url: String
  /// As it is, and as it stands in the address.
  let secrets: [String]
  private let reader: AnalyticsReader
  /// How old an event may be when it is sent.
  private static let oldestMs: Int64 = 72 * 3_600_000

  init(_ declaration: GA4Declaration, _ name: String, _ secret: Secret) {
    let word = HTTPRequest.queryWord(secret.text)
    secrets = [secret.text, word]
    let mark = declaration.options.url.contains("?") ? "&" : "?"
    url = "\(declaration.options.url)\(mark)measurement_id=\(declaration.measurementId)&api_secret=\(word)"
    reader = AnalyticsReader(for: name, keeping: declaration.options.traits)
    memory = DeliveredMemory(of: name)
  }

  mutating func write(_ record: BatchRecord, to list: inout ItemList) throws(ItemRefusal) {
    switch try reader.read(record) {
    case nil: break
    case .erasure(let erasure): memory?.forget(erasure.profile, from: record.partition)
    case .change(let change):
      guard memory?.isNew(change) ?? true else {
        list.isRepeat = true
        return
      }
      let timeMs = Instant(iso8601: change.timestamp)?.ms ?? 0
      guard WallTime.nowMs() - timeMs < Self.oldestMs else {
        throw ItemRefusal("it is older than the three days for which GA4 takes events")
      }
      list.draft.raw("\"client_id\":\"")
      list.draft.sha256(of: change.profile)
      list.draft.raw("\",\"timestamp_micros\":")
      list.draft.integer(timeMs * 1000)
      let head = Hash64.of(list.draft.bytes)
      var item = change.item(group: head)
      item.headBytes = list.draft.count
      change.writeGA4Event(to: &list.draft)
      list.add(item)
      memory?.note(change, from: record.partition, record: list.record)
    }
  }

  func request(for items: ArraySlice<Int>, of list: borrowing ItemList, at nowMs: Int64) -> HTTPRequest {
    var json = JSONWriter(capacity: 1 << 12)
    json.raw("{")
    if let first = items.first { json.raw(list.head(of: first)) }
    json.raw(",\"events\":[")
    list.write(items, to: &json)
    json.raw("]}")
    return HTTPRequest(.post, url, headers: [("Content-Type", "application/json")], body: Array(json.bytes.buffer))
  }
}

extension ChangeRecord {
  /// An event, its names and values within GA4's rules.
  fileprivate func writeGA4Event(to json: inout JSONWriter) {
    json.raw("{\"name\":")
    json.string(GA4Name.event(event.text))
    json.raw(",\"params\":{\"change\":")
    json.string(kind.word)
    for (key, value) in [
      ("audience", audience), ("audience_name", audienceName), ("status", status), ("reason", reason.kind),
      ("purpose", purpose ?? .empty),
    ] where !value.isEmpty {
      json.raw(",")
      json.string(key)
      json.raw(":")
      json.string(String(value.text.prefix(GA4Name.longestValue)))
    }
    json.raw(",\"version\":")
    json.integer(version)
    json.raw(",\"seq\":")
    json.integer(seq)
    let known = 8
    for (name, value) in FlatMembers.of(includedTraits).prefix(GA4Name.mostParameters - known) {
      json.raw(",")
      json.string(GA4Name.parameter(name))
      json.raw(":")
      switch value {
      case .text(let text): json.string(String(text.prefix(GA4Name.longestValue)))
      case .word(let word): json.raw(word)
      }
    }
    json.raw("}}")
  }
}

/// The rules that GA4 has for names and values.
enum GA4Name {
  static let longestValue = 100
  static let mostParameters = 25
  private static let longest = 40
  private static let reserved: Set = [
    "ad_activeview", "ad_click", "ad_exposure", "ad_impression", "ad_query", "adunit_exposure", "app_clear_data",
    "app_install", "app_update", "app_remove", "error", "first_open", "first_visit", "in_app_purchase",
    "notification_dismiss", "notification_foreground", "notification_open", "notification_receive", "os_update",
    "screen_view", "session_start", "user_engagement",
  ]

  /// An event's name: letters, digits and underscores, a letter first, at most 40, and none of GA4's own.
  static func event(_ name: String) -> String {
    let name = plain(name)
    return reserved.contains(name) ? String("usher_\(name)".prefix(longest)) : name
  }

  /// A parameter's name, by the same rules.
  static func parameter(_ name: String) -> String { plain(name) }

  private static func plain(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isPlain { text.unicodeScalars.append(scalar) } else if text.last != "_" { text.append("_") }
    }
    while text.last == "_" { text.removeLast() }
    let isOwn = ["google_", "ga_", "firebase_"].contains { text.hasPrefix($0) }
    if isOwn || text.first.map({ !$0.isLetter }) ?? true { text = "usher_\(text)" }
    return String(text.prefix(longest))
  }
}

/// GA4 as its file declares it.
struct GA4Declaration: ServiceDeclaration {
  var options: ServiceOptions
  var measurementId: String
  var secret: SecretSource

  func service(_ name: String, _ places: SecretPlaces) throws(DestinationError) -> GA4 {
    GA4(self, name, try places.fetch(secret, for: "api_secret"))
  }
}

extension DestinationKind {
  /// Google Analytics 4.
  static let ga4 = service(
    "ga4", keys: ["measurement_id", "api_secret"], required: ["measurement_id", "api_secret"],
    meant: ["token": "api_secret", "secret": "api_secret", "id": "measurement_id", "stream": "measurement_id"],
    otherWords: ["google-analytics", "googleanalytics"], topic: "audience.analytics"
  ) { fields -> GA4Declaration? in
    var options = ServiceOptions(url: "https://www.google-analytics.com/mp/collect", requestsPerSecond: 50)
    options.read(&fields)
    let expected = "a stream's id, such as G-AB12CD34EF"
    let id = fields.text("measurement_id", expected: expected)
    let isId =
      id?.hasPrefix("G-") == true && id?.dropFirst(2).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
    if id != nil, !isId { fields.error("measurement_id", "'measurement_id' is none", expected: expected) }
    guard let id, let secret = fields.secret("api_secret") else { return nil }
    return GA4Declaration(options: options, measurementId: id, secret: secret)
  }
}
