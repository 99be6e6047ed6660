import Glibc
import KafkaTestSupport
import Testing

@testable import Delivery

/// A PostgreSQL of this test process, in a folder of its own and on a socket there alone. It ends with the process,
/// however that ends.
struct PostgresServer: Sendable {
  /// The one that all tests share; each takes a database of its own.
  static let shared = Result { try PostgresServer() }

  private let folder: String
  private let program: String

  private init() throws {
    var template = Array("/tmp/usher-postgres-XXXXXX".utf8CString)
    let isMade = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
    try #require(isMade)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    // PostgreSQL does not run as root: then it is the user that Debian's package has made for it.
    program = """
      set -e
      dir=$1
      bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
      if [ "$(id -u)" = 0 ]; then
        chown postgres "$dir"
        as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
      else
        as() { "$@"; }
      fi
      cd "$dir"
      case $0 in
      start)
        as "$bin/initdb" -D "$dir/data" -U usher -A trust -E UTF8 --locale=C --no-sync >/dev/null
        as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -h '' -c fsync=off" start >/dev/null
        ;;
      restart) as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -m immediate restart >/dev/null ;;
      guard)
        trap '' INT TERM HUP
        read line || true
        as "$bin/pg_ctl" -D "$dir/data" -w -m immediate stop >/dev/null || true
        rm -rf "$dir"
        ;;
      esac
      """
    try Command.spawnUntilEnd("/bin/sh", ["-c", program, "guard", folder])
    _ = try Command.run("/bin/sh", ["-c", program, "start", folder])
  }

  /// Ends the server as a crash would, and starts it again.
  func restart() throws { _ = try Command.run("/bin/sh", ["-c", program, "restart", folder]) }

  /// A new, empty database.
  /// - Returns: how it is reached.
  func makeDatabase() throws -> String {
    let name = "test_\(UInt64.random(in: 0...UInt64.max))"
    try PostgresConnection(conninfo("postgres")).execute("CREATE DATABASE \(name)")
    return conninfo(name)
  }

  private func conninfo(_ database: String) -> String { "host=\(folder) user=usher dbname=\(database)" }
}

/// A warehouse in a database of its own.
struct PostgresPlace {
  let conninfo: String

  init() throws { conninfo = try PostgresServer.shared.get().makeDatabase() }

  var warehouse: PostgresWarehouse { PostgresWarehouse(conninfo, schema: "usher") }

  func execute(_ sql: String) throws {
    try PostgresConnection(conninfo).execute("SET search_path TO usher; SET timezone TO 'UTC'; \(sql)")
  }

  /// The rows of a query, their columns with `|` between them and `-` for NULL.
  func rows(_ sql: String) throws -> [String] {
    let connection = try PostgresConnection(conninfo)
    try connection.execute("SET search_path TO usher; SET timezone TO 'UTC'")
    let rows = try connection.query(sql)
    let columns = rows.columns.indices
    return (0..<rows.count).map { row in columns.map { rows.text(row, $0) ?? "-" }.joined(separator: "|") }
  }
}
