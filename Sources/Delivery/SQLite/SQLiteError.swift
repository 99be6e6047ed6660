import CSQLite

/// What SQLite could not do, in its own words, with the statement but never with the values bound to it: they may be
/// personal data.
public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as far as Usher tells cases apart.
  public enum Kind: Sendable, Equatable {
    /// Another connection holds the lock; it passes.
    case locked
    /// The disk is full, or the database has reached its largest size.
    case full
    /// The file, or its folder, cannot be written to.
    case readOnly
    /// The file cannot be opened.
    case cannotOpen
    /// The file is no SQLite database.
    case notADatabase
    /// The file is damaged.
    case corrupt
    /// Reading or writing the file failed.
    case io
    /// Anything else; `code` tells it.
    case other
  }

  /// SQLite's extended result code.
  public let code: Int32
  /// SQLite's own words.
  public let message: String
  /// The statement as it was written, with `?` in the place of values; empty where there was none.
  public let sql: String

  /// What went wrong, as far as Usher tells cases apart.
  public var kind: Kind {
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: .locked
    case SQLITE_FULL: .full
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
    case SQLITE_CANTOPEN: .cannotOpen
    case SQLITE_NOTADB: .notADatabase
    case SQLITE_CORRUPT: .corrupt
    case SQLITE_IOERR: .io
    default: .other
    }
  }

  /// The words and the code: `database is locked [5]`, and the statement where there was one.
  public var description: String {
    sql.isEmpty ? "\(message) [\(code)]" : "\(message) [\(code)] in: \(sql)"
  }

  init(code: Int32, message: String, sql: String) {
    self.code = code
    self.message = message
    self.sql = sql
  }

  /// What a connection says about its last call.
  init(_ connection: OpaquePointer?, code: Int32, sql: String) {
    let extended = connection.map { sqlite3_extended_errcode($0) } ?? code
    // The connection remembers an older error where a call was refused before it began.
    let isAboutThis = extended & 0xFF == code & 0xFF
    let words = isAboutThis ? connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code) : sqlite3_errstr(code)
    self.init(
      code: isAboutThis ? extended : code, message: words.map { String(cString: $0) } ?? "unknown error", sql: sql)
  }
}
