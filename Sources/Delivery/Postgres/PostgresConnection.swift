import CPostgres
import Events
import Glibc

/// A connection to one PostgreSQL database, owned by one thread.
///
/// Whatever is said of the connection stands in its conninfo, libpq's environment (`PGPASSWORD`, `PGSSLMODE`, …) and its
/// password file, as with psql. A peer that has gone without a word is noticed within half a minute.
final class PostgresConnection {
  private let handle: OpaquePointer

  /// Connects.
  /// - Parameter conninfo: a URI, or `key=value` words.
  /// - Throws: ``PostgresError``; its words name host and user, and no password.
  init(_ conninfo: String) throws(PostgresError) {
    let settings = [
      ("dbname", conninfo), ("fallback_application_name", "usher"), ("keepalives_idle", "10"),
      ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "30000"),
      ("target_session_attrs", "read-write"), ("client_encoding", "UTF8"),
    ]
    let handle = Self.connect(settings)
    guard let handle, PQstatus(handle) == CONNECTION_OK else {
      let error = PostgresError(connecting: handle)
      PQfinish(handle)
      throw error
    }
    PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    self.handle = handle
    // Notices are libpq's to print otherwise, on the terminal.
    PQsetNoticeReceiver(handle, { _, _ in }, nil)
  }

  deinit { PQfinish(handle) }

  /// Connects step by step: only so can libpq be told, before the server answers, to keep the answer's condition.
  private static func connect(_ settings: [(name: String, value: String)]) -> OpaquePointer? {
    let names = settings.map { UnsafePointer(strdup($0.name)) } + [nil]
    let values = settings.map { UnsafePointer(strdup($0.value)) } + [nil]
    defer { for text in names + values { free(UnsafeMutablePointer(mutating: text)) } }
    guard let handle = PQconnectStartParams(names, values, 1) else { return nil }
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    let endMs = MonotonicClock.nowMs() + longestMs
    var step = PGRES_POLLING_WRITING
    while PQstatus(handle) != CONNECTION_BAD, step != PGRES_POLLING_OK, step != PGRES_POLLING_FAILED {
      let events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT
      var socket = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
      guard poll(&socket, 1, Int32(max(0, endMs - MonotonicClock.nowMs()))) != 0 else { break }
      step = PQconnectPoll(handle)
    }
    return handle
  }

  /// How long connecting may take, in milliseconds.
  private static var longestMs: Int64 { 10_000 }

  /// Runs statements, one or more.
  /// - Throws: ``PostgresError``.
  func execute(_ sql: String) throws(PostgresError) { _ = try rows(PQexec(handle, sql)) }

  /// Runs one statement with values in the places `$1`, `$2`, …
  /// - Throws: ``PostgresError``.
  @discardableResult
  func query(_ sql: String, _ values: [PostgresValue] = []) throws(PostgresError) -> PostgresRows {
    let texts = values.map { value in value.text.map { UnsafeMutablePointer<UInt8>.copy(of: $0) } }
    defer { for text in texts { text?.deallocate() } }
    let pointers: [UnsafePointer<CChar>?] = texts.map {
      $0.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
    }
    let lengths = values.map { Int32($0.text?.count ?? 0) }
    let formats = values.map { Int32($0.isBinary ? 1 : 0) }
    return try rows(PQexecParams(handle, sql, Int32(values.count), nil, pointers, lengths, formats, 0))
  }

  /// Does `work` in one transaction: all of it, or nothing where an error is thrown.
  /// - Throws: ``PostgresError``. Where the connection breaks while the transaction ends, nobody knows whether it did.
  func transaction<Result>(_ work: () throws(PostgresError) -> Result) throws(PostgresError) -> Result {
    // Each statement is to see what others have committed before it, whatever is usual for the user.
    try execute("BEGIN ISOLATION LEVEL READ COMMITTED")
    do throws(PostgresError) {
      let result = try work()
      try execute("COMMIT")
      return result
    } catch {
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Copies rows into a table.
  /// - Parameter target: the table and its columns, as in `COPY target FROM STDIN`.
  /// - Throws: ``PostgresError``; nothing is copied then.
  func copy(_ rows: CopyRows, into target: String) throws(PostgresError) {
    let begun = PQexec(handle, "COPY \(target) FROM STDIN")
    defer { PQclear(begun) }
    guard PQresultStatus(begun) == PGRES_COPY_IN else { throw PostgresError(begun, on: handle) }
    let sent = rows.withBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = rest.prefix(1 << 20)
        let isTaken = UnsafeRawBufferPointer(rebasing: piece).withMemoryRebound(to: CChar.self) {
          PQputCopyData(handle, $0.baseAddress, Int32($0.count)) == 1
        }
        guard isTaken else { return false }
        rest = rest.dropFirst(piece.count)
      }
      return true
    }
    guard sent, PQputCopyEnd(handle, nil) == 1 else { throw PostgresError(handle) }
    try endCopy()
  }

  private func endCopy() throws(PostgresError) {
    var problem: PostgresError?
    while let result = PQgetResult(handle) {
      defer { PQclear(result) }
      if PQresultStatus(result) != PGRES_COMMAND_OK { problem = problem ?? PostgresError(result, on: handle) }
    }
    if let problem { throw problem }
  }

  private func rows(_ result: OpaquePointer?) throws(PostgresError) -> PostgresRows {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return PostgresRows(result)
    default:
      defer { PQclear(result) }
      throw PostgresError(result, on: handle)
    }
  }
}

/// A value in the place of a statement.
struct PostgresValue {
  /// Its bytes; nil for NULL.
  let text: [UInt8]?
  /// Whether they are a `bytea` rather than text.
  let isBinary: Bool

  /// A text, or NULL.
  static func text(_ text: String?) -> PostgresValue {
    PostgresValue(text: text.map { Array($0.utf8) }, isBinary: false)
  }

  /// A whole number.
  static func integer(_ number: Int64) -> PostgresValue { .text("\(number)") }

  /// Bytes that are no text, or NULL.
  static func blob(_ bytes: Bytes?) -> PostgresValue {
    PostgresValue(text: bytes.map { Array($0.buffer) }, isBinary: true)
  }
}

/// The rows that a statement gives.
struct PostgresRows: ~Copyable {
  private let result: OpaquePointer?

  fileprivate init(_ result: OpaquePointer?) { self.result = result }

  deinit { PQclear(result) }

  /// How many there are.
  var count: Int { Int(PQntuples(result)) }

  /// The text in a column of a row, both from 0 on; nil for NULL.
  func text(_ row: Int, _ column: Int) -> String? {
    guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
    return PQgetvalue(result, Int32(row), Int32(column)).map { String(cString: $0) }
  }

  /// The whole number in a column of a row; 0 for NULL.
  func integer(_ row: Int, _ column: Int) -> Int64 { text(row, column).flatMap { Int64($0) } ?? 0 }

  /// The names of the columns.
  var columns: [String] { (0..<PQnfields(result)).map { PQfname(result, $0).map { String(cString: $0) } ?? "" } }
}

extension UnsafeMutablePointer<UInt8> {
  /// A copy that C reads up to a NUL.
  fileprivate static func copy(of bytes: [UInt8]) -> UnsafeMutablePointer<UInt8> {
    let copy = allocate(capacity: bytes.count + 1)
    copy.update(from: bytes, count: bytes.count)
    copy[bytes.count] = 0
    return copy
  }
}
