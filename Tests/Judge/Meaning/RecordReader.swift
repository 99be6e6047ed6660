/// One record of a log that is neither rejected nor skipped.
struct Record {
  let profile: Text
  let timeMs: Int64
  let messageId: Text?
  /// The profile that moves into this one.
  let merges: Text?
  let content: Content
  let identifiers: StatedIdentifiers

  enum Content {
    case event(name: String, properties: Json)
    case identify(Json)
    case alias
    case delete
  }
}

/// What a line comes to.
enum Reading {
  case rejected(RejectionCode)
  case skipped
  case record(Record)
}

/// Reads a line of a log. A record has one fault at most here: it is told by the first code, in the order in which the
/// language lists them.
struct RecordReader {
  let names: Names

  func read(_ line: String) -> Reading {
    guard let json = JsonReader.read(line) else { return .rejected(.json) }
    guard case .string(let type)? = json.member("type") else { return .rejected(.type) }
    switch type.string {
    case "track", "page", "screen", "identify", "alias", "delete": break
    case "group": return .skipped
    default: return .rejected(.type)
    }
    guard let profile = user(of: json) else { return .rejected(.user) }
    guard let content = content(of: json, type: type.string) else { return .rejected(.name) }
    // Without a time a line is bad: a backtest has no record timestamps.
    guard let timeMs = json.member("timestamp").flatMap(TimeReader.read) else { return .rejected(.time) }
    var messageId: Text?
    if case .string(let id)? = json.member("messageId") { messageId = id }
    let merges = moved(by: json, content)
    return .record(
      Record(
        profile: profile, timeMs: timeMs, messageId: messageId, merges: merges == profile ? nil : merges,
        content: content, identifiers: StatedIdentifiers(json, isIdentify: type.string == "identify")))
  }

  /// The profile that an `alias`, or an `identify` with both ids, moves into the one of the `userId`.
  private func moved(by json: Json, _ content: Record.Content) -> Text? {
    guard identifier(json.member("userId")) != nil else { return nil }
    switch content {
    case .alias: return identifier(json.member("previousId")) ?? identifier(json.member("anonymousId"))
    case .identify: return identifier(json.member("anonymousId"))
    case .event, .delete: return nil
    }
  }

  /// The `userId`, else the `anonymousId`.
  private func user(of json: Json) -> Text? {
    identifier(json.member("userId")) ?? identifier(json.member("anonymousId"))
  }

  /// A string that is not empty; a whole number is its digits.
  private func identifier(_ value: Json?) -> Text? {
    switch value {
    case .string(let text) where !text.bytes.isEmpty: text
    case .number(let text) where text.utf8.allSatisfy(\.isDigit): Text(text)
    default: nil
    }
  }

  private func content(of json: Json, type: String) -> Record.Content? {
    let properties = json.member("properties") ?? .object([])
    switch type {
    case "page": return .event(name: "Page Viewed", properties: properties)
    case "screen": return .event(name: "Screen Viewed", properties: properties)
    case "identify": return .identify(json.member("traits") ?? .object([]))
    case "alias": return .alias
    case "delete": return .delete
    default:
      guard case .string(let name)? = json.member("event"), !name.bytes.isEmpty else { return nil }
      return .event(name: names.canonical(name.string), properties: properties)
    }
  }
}
