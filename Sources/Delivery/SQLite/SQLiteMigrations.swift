/// The steps that bring a database's schema to what this version of Usher works with. They run by themselves.
///
/// How many steps a file has had stands in its `user_version`; whose file it is, in its `application_id`. A step that
/// was released is never changed: what is to be different comes as a further step.
struct SQLiteMigrations: Sendable {
  /// Marks a file as one of this kind.
  let applicationId: Int32
  /// The steps in their order, each one or more statements.
  let steps: [String]

  /// Brings the database up to date: all missing steps in one transaction, so that a file is never between versions.
  /// - Returns: why the file was left as it is; `nil` where it is up to date now.
  func run(on database: Database) throws(SQLiteError) -> MigrationRefusal? {
    if let refusal = try refusal(of: database) { return refusal }
    guard try database.version < steps.count else { return nil }
    return try database.transaction { () throws(SQLiteError) -> MigrationRefusal? in
      // Another process may have done the same meanwhile: what counts is what the file says now.
      if let refusal = try refusal(of: database) { return refusal }
      for step in steps.dropFirst(try database.version) { try database.execute(step) }
      try database.execute("PRAGMA application_id = \(applicationId)")
      try database.execute("PRAGMA user_version = \(steps.count)")
      return nil
    }
  }

  private func refusal(of database: Database) throws(SQLiteError) -> MigrationRefusal? {
    let id = try database.integer("PRAGMA application_id")
    let version = try database.version
    if id == Int64(applicationId) { return version > steps.count ? .newer(version: version) : nil }
    let isEmpty = try database.integer("SELECT count(*) FROM sqlite_master") == 0
    return isEmpty && id == 0 && version == 0 ? nil : .foreign
  }
}

extension Database {
  /// How many steps the schema has had.
  fileprivate var version: Int {
    get throws(SQLiteError) { Int(try integer("PRAGMA user_version")) }
  }
}
