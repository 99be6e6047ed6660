import CSQLite
public import Events

/// A prepared statement, to be run many times.
///
/// Bytes are bound without copying: they must stay where they are until the statement is reset or bound anew.
public struct Statement: ~Copyable {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  /// Binds values to the statement's places, in their order.
  /// - Throws: ``SQLiteError`` where a value is too large, or there are not so many places.
  public mutating func bind<each Value: SQLiteValue>(_ values: repeat each Value) throws(SQLiteError) {
    var place: Int32 = 0
    var code = SQLITE_OK
    for value in repeat each values {
      place += 1
      if code == SQLITE_OK { code = value.bind(to: handle, at: place) }
    }
    guard code == SQLITE_OK else { throw error(code) }
  }

  /// Runs a statement that gives no rows, with these values, and makes it ready to be run again.
  /// - Returns: how many rows it inserted, updated or deleted.
  /// - Throws: ``SQLiteError``; the statement is ready to be run again in any case.
  @discardableResult
  public mutating func run<each Value: SQLiteValue>(_ values: repeat each Value) throws(SQLiteError) -> Int {
    try bind(repeat each values)
    while try step() {}
    reset()
    return Int(sqlite3_changes64(sqlite3_db_handle(handle)))
  }

  /// Goes on to the next row.
  /// - Returns: whether there is one.
  /// - Throws: ``SQLiteError``; the statement is reset then.
  public mutating func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    let error = error(code)
    sqlite3_reset(handle)
    throw error
  }

  /// Makes ready to be run again. What is bound stays bound.
  public mutating func reset() { sqlite3_reset(handle) }

  /// How many columns a row has.
  public var columnCount: Int32 { sqlite3_column_count(handle) }

  /// The whole number in a column of the row, counted from 0; 0 for NULL.
  public func integer(at column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The whole number in a column of the row, counted from 0; `nil` for NULL.
  public func optionalInteger(at column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
  }

  /// The text or bytes in a column of the row, counted from 0, valid until the next step or reset; `nil` for NULL.
  public func bytes(at column: Int32) -> Bytes? {
    guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    guard let start = sqlite3_column_text(handle, column) else { return .empty }
    return Bytes(start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// The text in a column of the row, counted from 0, copied; `nil` for NULL.
  public func text(at column: Int32) -> String? { bytes(at: column)?.text }

  /// The number of the row that the connection inserted last.
  var lastRow: Int64 { sqlite3_last_insert_rowid(sqlite3_db_handle(handle)) }

  private func error(_ code: Int32) -> SQLiteError {
    let sql = sqlite3_sql(handle).map { String(cString: $0) } ?? ""
    return SQLiteError(sqlite3_db_handle(handle), code: code, sql: sql)
  }
}
