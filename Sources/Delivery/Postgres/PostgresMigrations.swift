/// The steps that bring a schema of a PostgreSQL database to what this version of Usher works with. They run by
/// themselves; which have run stands in the schema's own table `usher_schema`.
struct PostgresMigrations {
  /// The schema's name: small letters, digits and underscores.
  let schema: String
  /// The steps in their order, each one or more statements. One that was released is never changed.
  let steps: [String]

  /// Brings the schema up to date, all missing steps in one transaction, and lets the connection work in it.
  /// - Returns: why it was left as it is; nil where it is up to date now.
  func run(on connection: PostgresConnection) throws(PostgresError) -> MigrationRefusal? {
    let refusal = try connection.transaction { () throws(PostgresError) -> MigrationRefusal? in
      // One worker at a time: the others find the work done.
      try connection.query("SELECT pg_advisory_xact_lock(hashtext('usher'), hashtext($1))", [.text(schema)])
      return try bringUpToDate(on: connection)
    }
    try connection.execute("SET search_path TO \(quoted)")
    return refusal
  }

  private func bringUpToDate(on connection: PostgresConnection) throws(PostgresError) -> MigrationRefusal? {
    if try connection.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [.text(schema)]).count == 0 {
      try connection.execute("CREATE SCHEMA \(quoted)")
    }
    try connection.execute("SET LOCAL search_path TO \(quoted)")
    var done = 0
    if try connection.query("SELECT 1 WHERE to_regclass($1) IS NOT NULL", [.text("\(quoted).usher_schema")]).count > 0 {
      done = Int(try connection.query("SELECT coalesce(max(step), 0) FROM usher_schema").integer(0, 0))
    } else {
      let relations = try connection.query(
        "SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace($1) LIMIT 1", [.text(quoted)])
      if relations.count > 0 { return .foreign }
      try connection.execute(Self.table.sql)
    }
    if done > steps.count { return .newer(version: done) }
    for (index, step) in steps.enumerated().dropFirst(done) {
      try connection.execute(step)
      try connection.query("INSERT INTO usher_schema (step) VALUES ($1)", [.integer(Int64(index + 1))])
    }
    return nil
  }

  /// The schema's name in statements: it may be a word of SQL's.
  private var quoted: String { "\"\(schema)\"" }

  private static let table = PostgresTable(
    name: "usher_schema", comment: "Which steps this schema has had. Usher keeps it; leave it alone.",
    columns: [
      ("step", "integer PRIMARY KEY", "the number of the step, from 1"),
      ("applied_at", "timestamptz NOT NULL DEFAULT now()", "when it was made"),
    ])
}
