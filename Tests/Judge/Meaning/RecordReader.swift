/// One record of a log that is neither rejected nor skipped.
struct Record {
  let profile: Text
  let timeMs: Int64
  let messageId: Text?
  let content: Content

  enum Content {
    case event(name: String, properties: Json)
    case identify
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

  func read(_ line: String, number: Int) throws(OutOfScope) -> Reading {
    guard let json = JsonReader.read(line) else { return .rejected(.json) }
    guard case .string(let type)? = json.member("type") else { return .rejected(.type) }
    switch type.string {
    case "track", "page", "screen", "identify": break
    case "group": return .skipped
    case "alias", "delete": throw OutOfScope(line: number, what: type.string)
    default: return .rejected(.type)
    }
    guard let profile = user(of: json) else { return .rejected(.user) }
    guard let content = try content(of: json, type: type.string, number: number) else { return .rejected(.name) }
    // Without a time a line is bad: a backtest has no record timestamps.
    guard let timeMs = json.member("timestamp").flatMap(TimeReader.read) else { return .rejected(.time) }
    var messageId: Text?
    if case .string(let id)? = json.member("messageId") { messageId = id }
    return .record(Record(profile: profile, timeMs: timeMs, messageId: messageId, content: content))
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

  private func content(of json: Json, type: String, number: Int) throws(OutOfScope) -> Record.Content? {
    let properties = json.member("properties") ?? .object([])
    switch type {
    case "page": return .event(name: "Page Viewed", properties: properties)
    case "screen": return .event(name: "Screen Viewed", properties: properties)
    case "identify":
      if json.member("userId") != nil && json.member("anonymousId") != nil {
        throw OutOfScope(line: number, what: "an identify with both ids, which is a merge")
      }
      return .identify
    default:
      guard case .string(let name)? = json.member("event"), !name.bytes.isEmpty else { return nil }
      return .event(name: names.canonical(name.string), properties: properties)
    }
  }
}
