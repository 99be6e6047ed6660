import Events
import HTTP

/// A receiver of anybody's: every change in its order, and erasures, as JSON that is signed.
///
/// The body is a list of changes, or one change, by the destination's file. The headers say when it was sent
/// (`Usher-Timestamp`, Unix seconds), that it is from here (`Usher-Signature: v1=` and the HMAC-SHA256, by the shared
/// secret, of the timestamp, a full stop and the body, in hexadecimal digits), and what it is: the same body always has the
/// same `Idempotency-Key`, and each change its own `messageId`.
struct Webhook: Service {
  /// What goes into a request.
  enum Form: String, Sendable {
    /// A list of changes.
    case list
    /// One change.
    case one
  }

  let order = ItemOrder.asTheyCame
  let limits: RequestLimits
  private let url: String
  private let form: Form
  private let secret: Secret
  private let reader: AnalyticsReader

  init(_ declaration: WebhookDeclaration, _ name: String, _ secret: Secret) {
    url = declaration.options.url
    form = declaration.form
    self.secret = secret
    limits = RequestLimits(
      items: form == .one ? 1 : declaration.requestItems, bytes: declaration.requestBytes,
      itemBytes: declaration.requestBytes)
    reader = AnalyticsReader(for: name, keeping: declaration.options.traits)
  }

  var secrets: [String] { [secret.text] }

  mutating func write(_ record: BatchRecord, to list: inout ItemList) throws(ItemRefusal) {
    switch try reader.read(record) {
    case nil: break
    case .change(let change):
      list.draft.member("{\"type\":\"track\",\"event\":", change.event)
      list.draft.member(",\"userId\":", change.profile)
      list.draft.member(",\"messageId\":", change.messageId)
      list.draft.member(",\"timestamp\":", change.timestamp)
      list.draft.raw(",\"properties\":{")
      change.writeProperties(to: &list.draft)
      list.draft.raw("}}")
      list.add(change.item())
    case .erasure(let erasure):
      list.draft.member("{\"type\":\"delete\",\"userId\":", erasure.profile)
      if let timestamp = erasure.timestamp { list.draft.member(",\"timestamp\":", timestamp) }
      list.draft.raw("}")
      list.add(erasure.item)
    }
  }

  func request(for items: ArraySlice<Int>, of list: borrowing ItemList, at nowMs: Int64) -> HTTPRequest {
    var json = JSONWriter(capacity: 1 << 12)
    if form == .list { json.raw("[") }
    list.write(items, to: &json)
    if form == .list { json.raw("]") }
    let body = Array(json.bytes.buffer)
    let timestamp = "\(nowMs / 1000)"
    let signature = HMAC.sha256(Array(timestamp.utf8) + [0x2E] + body, key: Array(secret.text.utf8))
    let key = SHA256.withDigest(of: json.bytes) { Hex.text(Array($0.slice(0, 16).buffer)) }
    return HTTPRequest(
      .post, url,
      headers: [
        ("Content-Type", "application/json"), ("Usher-Timestamp", timestamp),
        ("Usher-Signature", "v1=\(Hex.text(signature))"), ("Idempotency-Key", key),
      ],
      body: body)
  }
}

/// A webhook as its file declares it.
struct WebhookDeclaration: ServiceDeclaration {
  var options: ServiceOptions
  var secret: SecretSource
  var form = Webhook.Form.list
  /// How many changes a list has at most.
  var requestItems = 100
  /// How many bytes the changes of a request have at most.
  var requestBytes = 256 << 10

  func service(_ name: String, _ places: SecretPlaces) throws(DestinationError) -> Webhook {
    Webhook(self, name, try places.fetch(secret, for: "secret"))
  }
}

extension DestinationKind {
  /// A receiver of anybody's.
  static let webhook = service(
    "webhook", keys: ["secret", "body", "request_items", "request_bytes"], required: ["url", "secret"],
    meant: ["token": "secret", "key": "secret", "format": "body"], otherWords: ["hook", "http", "https"],
    topic: "audience.analytics"
  ) { fields -> WebhookDeclaration? in
    var options = ServiceOptions(url: "", requestsPerSecond: 50)
    options.read(&fields)
    guard let secret = fields.secret("secret") else { return nil }
    var declaration = WebhookDeclaration(options: options, secret: secret)
    let meant = ["array": "list", "batch": "list", "object": "one"]
    let form = fields.choice("body", among: ["list", "one"], meant: meant)
    declaration.form = form.flatMap(Webhook.Form.init) ?? declaration.form
    declaration.requestItems = fields.number("request_items", atMost: 10_000) ?? declaration.requestItems
    declaration.requestBytes = fields.number("request_bytes", atMost: 8 << 20) ?? declaration.requestBytes
    return declaration
  }
}
