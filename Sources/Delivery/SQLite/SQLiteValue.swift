import CSQLite
public import Events

/// What can be bound to a place of a statement: text, bytes, a whole number, or nothing (NULL).
public protocol SQLiteValue {
  /// Binds it to a statement's place, counted from 1.
  /// - Returns: SQLite's result code.
  func bind(to statement: OpaquePointer, at place: Int32) -> Int32
}

extension Bytes: SQLiteValue {
  /// As text, lent.
  public func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
    start.withMemoryRebound(to: CChar.self, capacity: count) {
      sqlite3_bind_text64(statement, place, $0, UInt64(count), nil, UInt8(SQLITE_UTF8))
    }
  }
}

/// Bytes that are no text.
public struct Blob: SQLiteValue {
  private let bytes: Bytes

  /// Bytes as they are.
  public init(_ bytes: Bytes) { self.bytes = bytes }

  /// As they are, lent.
  public func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
    sqlite3_bind_blob64(statement, place, bytes.start, UInt64(bytes.count), nil)
  }
}

extension String: SQLiteValue {
  /// As text, copied.
  public func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
    // SQLite's SQLITE_TRANSIENT, a macro that is not imported: the value is copied before the call returns.
    let isCopied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    var text = self
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        // No pointer would mean NULL.
        guard let start = $0.baseAddress else { return sqlite3_bind_text(statement, place, "", 0, isCopied) }
        return sqlite3_bind_text64(statement, place, start, UInt64($0.count), isCopied, UInt8(SQLITE_UTF8))
      }
    }
  }
}

extension Int64: SQLiteValue {
  /// As a whole number.
  public func bind(to statement: OpaquePointer, at place: Int32) -> Int32 { sqlite3_bind_int64(statement, place, self) }
}

extension Optional: SQLiteValue where Wrapped: SQLiteValue {
  /// As what it is, or as NULL.
  public func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
    guard let self else { return sqlite3_bind_null(statement, place) }
    return self.bind(to: statement, at: place)
  }
}
