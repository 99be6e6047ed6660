import Events

/// The statements that erase a profile, prepared once.
struct SQLiteErasures: ~Copyable {
  private var changes: Statement
  private var history: Statement
  private var memberships: Statement
  private var rejected: Statement

  static func prepared(on database: Database) throws(SQLiteError) -> SQLiteErasures {
    SQLiteErasures(
      changes: try database.prepare("DELETE FROM changes WHERE profile = ?"),
      history: try database.prepare("DELETE FROM membership_history WHERE profile = ?"),
      memberships: try database.prepare("DELETE FROM memberships WHERE profile = ?"),
      rejected: try database.prepare("DELETE FROM rejected_records WHERE key = ?"))
  }

  /// Erases every row of a profile, and every rejected record under its key.
  /// - Returns: how many rows that were.
  mutating func run(_ profile: Bytes) throws(SQLiteError) -> Int {
    try changes.run(profile) + history.run(profile) + memberships.run(profile) + rejected.run(Blob(profile))
  }
}
