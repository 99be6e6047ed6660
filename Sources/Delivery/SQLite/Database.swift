import CSQLite

/// A connection to one SQLite database, owned by one thread.
///
/// It checks foreign keys. `synchronous` is `NORMAL`: the file is always whole, and after a loss of power it may stand
/// at an earlier transaction. Whoever needs to go on from there keeps its position in the same transactions.
public final class Database {
  /// The path as it was given.
  public let path: String
  let connection: OpaquePointer

  /// Opens a database; one that does not exist is created. Nothing of an existing file is changed.
  /// - Parameters:
  ///   - path: the file; `:memory:` for a database that ends with the connection.
  ///   - busyTimeoutMs: how long a call waits for another connection's lock before it gives up.
  /// - Throws: ``SQLiteError``: kind `cannotOpen`, `notADatabase`, `readOnly`, `locked`.
  public init(path: String, busyTimeoutMs: Int32 = 5000) throws(SQLiteError) {
    var opened: OpaquePointer?
    // No locks inside SQLite: one thread owns the connection.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let error = SQLiteError(opened, code: code, sql: "")
      sqlite3_close_v2(opened)
      throw error
    }
    self.path = path
    connection = opened
    sqlite3_busy_timeout(opened, busyTimeoutMs)
    // Takes effect in a new file only. Larger pages than SQLite's 4 KiB took a fifth off writing at random places.
    try execute("PRAGMA page_size = 8192")
    try execute("PRAGMA synchronous = NORMAL")
    try execute("PRAGMA foreign_keys = ON")
    try execute("PRAGMA trusted_schema = OFF")
  }

  deinit {
    // Ends once the last statement has ended.
    sqlite3_close_v2(connection)
  }

  /// Lets the file be written ahead (WAL), so that others can read while a transaction is written. The file keeps that.
  /// - Throws: ``SQLiteError``.
  public func writeAhead() throws(SQLiteError) {
    try execute("PRAGMA journal_mode = WAL")
  }

  /// Runs statements that give no rows of interest, one after the other.
  /// - Throws: ``SQLiteError``; the statements before the one that failed have been run.
  public func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(connection, code: code, sql: sql) }
  }

  /// A statement to be run many times.
  /// - Throws: ``SQLiteError`` where it cannot be understood.
  public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw SQLiteError(connection, code: code, sql: sql) }
    return Statement(handle)
  }

  /// The whole number that a query gives in its first row and column; 0 where there is none.
  /// - Throws: ``SQLiteError``.
  public func integer(_ sql: String) throws(SQLiteError) -> Int64 {
    var statement = try prepare(sql)
    return try statement.step() ? statement.integer(at: 0) : 0
  }

  /// Does `work` in one transaction that writes: all of it, or nothing where an error is thrown.
  /// - Throws: ``SQLiteError``; kind `locked` before any work where another connection is writing.
  public func transaction<Result: ~Copyable>(
    _ work: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    try execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      let result = try work()
      try execute("COMMIT")
      return result
    } catch {
      // Some errors have ended the transaction already; then there is nothing to take back.
      if sqlite3_get_autocommit(connection) == 0 { sqlite3_exec(connection, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }
}
