import Events

/// What became of each declared topic: for a person as a table, for a program as JSON.
struct TopicReport: Sendable {
  /// One declared topic.
  struct Row: Sendable, Equatable {
    /// The topic's name.
    let topic: String
    /// What was corrected.
    var corrected: [String] = []
    /// What still differs, and why it was left so.
    var left: [String] = []
  }

  var rows: [Row] = []

  /// Whether any topic still differs.
  var hasDifferences: Bool { rows.contains { !$0.left.isEmpty } }

  /// A row a topic, and a further one for each further remark.
  var table: String {
    var lines: [[String]] = []
    for row in rows {
      let state = !row.left.isEmpty ? "differs" : row.corrected.isEmpty ? "as declared" : "corrected"
      let remarks = row.corrected + row.left
      lines.append([row.topic, state, remarks.first ?? ""])
      for remark in remarks.dropFirst() { lines.append(["", "", remark]) }
    }
    return Table.text(heading: ["topic", "state", "what"], rows: lines)
  }

  /// One JSON object a topic and line.
  var json: String {
    rows.map { row in
      let corrected = row.corrected.map(Self.quoted).joined(separator: ",")
      let left = row.left.map(Self.quoted).joined(separator: ",")
      return "{\"topic\":\(Self.quoted(row.topic)),\"corrected\":[\(corrected)],\"differs\":[\(left)]}\n"
    }.joined()
  }

  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter(capacity: text.utf8.count + 2)
    writer.string(text)
    return writer.text
  }
}
