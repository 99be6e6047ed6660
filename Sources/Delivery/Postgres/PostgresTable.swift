/// A table as a migration makes it, with a comment on itself and on every column: whoever opens the database finds there
/// what each means.
struct PostgresTable {
  /// Its name.
  let name: String
  /// What it is for.
  let comment: String
  /// Its columns: name, type with what else belongs to it, and what it means.
  let columns: [(name: String, type: String, comment: String)]
  /// Constraints of the whole table, and parameters behind its closing parenthesis.
  var key = ""
  var parameters = ""

  /// The statements that make it.
  var sql: String {
    var parts = columns.map { "\($0.name) \($0.type)" }
    if !key.isEmpty { parts.append("PRIMARY KEY (\(key))") }
    var statements = ["CREATE TABLE \(name) (\(parts.joined(separator: ", "))) \(parameters)"]
    statements.append("COMMENT ON TABLE \(name) IS \(Self.quoted(comment))")
    statements += columns.map { "COMMENT ON COLUMN \(name).\($0.name) IS \(Self.quoted($0.comment))" }
    return statements.joined(separator: ";\n") + ";\n"
  }

  /// A text as SQL has it.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}

/// A view as a migration makes it.
struct PostgresView {
  /// Its name.
  let name: String
  /// What it tells.
  let comment: String
  /// Its columns: name and what it means.
  let columns: [(name: String, comment: String)]
  /// The query.
  let query: String

  /// The statements that make it.
  var sql: String {
    let names = columns.map(\.name).joined(separator: ", ")
    var statements = ["CREATE VIEW \(name) (\(names)) AS \(query)"]
    statements.append("COMMENT ON VIEW \(name) IS \(PostgresTable.quoted(comment))")
    statements += columns.map { "COMMENT ON COLUMN \(name).\($0.name) IS \(PostgresTable.quoted($0.comment))" }
    return statements.joined(separator: ";\n") + ";\n"
  }
}
