import Events

/// A JSON document that is built as a whole before it is written.
enum JSONValue: Sendable {
  case string(String)
  case integer(Int)
  case bool(Bool)
  case array([JSONValue])
  /// In the order in which it is written; entries without a value are left out.
  case object([(key: String, value: JSONValue?)])

  /// Texts as an array.
  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

  /// The document, indented by two spaces a level, and an end of line.
  var text: String {
    var writer = JSONWriter()
    write(into: &writer, level: 0)
    return writer.text + "\n"
  }

  private func write(into writer: inout JSONWriter, level: Int) {
    switch self {
    case .string(let text): writer.string(text)
    case .integer(let number): writer.integer(Int64(number))
    case .bool(let truth): writer.text(truth ? "true" : "false")
    case .array(let values):
      Self.write(values.map { (nil, $0) }, "[", "]", into: &writer, level)
    case .object(let entries):
      let present = entries.compactMap { entry in entry.value.map { (Optional(entry.key), $0) } }
      Self.write(present, "{", "}", into: &writer, level)
    }
  }

  private static func write(
    _ parts: [(key: String?, value: JSONValue)], _ open: String, _ close: String, into writer: inout JSONWriter,
    _ level: Int
  ) {
    guard !parts.isEmpty else { return writer.text(open + close) }
    writer.text(open)
    for (index, part) in parts.enumerated() {
      writer.text((index == 0 ? "\n" : ",\n") + String(repeating: "  ", count: level + 1))
      if let key = part.key {
        writer.string(key)
        writer.text(": ")
      }
      part.value.write(into: &writer, level: level + 1)
    }
    writer.text("\n" + String(repeating: "  ", count: level) + close)
  }
}
