import Events
import Testing

@testable import Delivery

@Suite("A database")
struct DatabaseTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("gives back what was bound, NULL, empty text and bytes included")
  func values() throws {
    let database = try Database(path: ":memory:")
    try database.execute("CREATE TABLE t (a TEXT, b TEXT, c INTEGER, d INTEGER, e BLOB, f TEXT) STRICT")
    var insert = try database.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
    #expect(try insert.run(Bytes("lent"), "", Int64.min, Int64?.none, Blob(Bytes("bytes")), "copied") == 1)
    var query = try database.prepare("SELECT *, typeof(e) FROM t")
    #expect(try query.step())
    #expect((0..<6).map { query.text(at: $0) } == ["lent", "", "\(Int64.min)", nil, "bytes", "copied"])
    #expect(query.text(at: 6) == "blob")
    #expect(query.optionalInteger(at: 3) == nil)
    #expect(try !query.step())
  }

  @Test("takes a transaction back whole where something in it fails")
  func rollback() throws {
    let database = try Database(path: ":memory:")
    try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT")
    #expect(throws: SQLiteError.self) {
      try database.transaction { () throws(SQLiteError) in
        try database.execute("INSERT INTO t VALUES (1)")
        try database.execute("INSERT INTO t VALUES (1)")
      }
    }
    #expect(try database.integer("SELECT count(*) FROM t") == 0)
    try database.transaction { () throws(SQLiteError) in try database.execute("INSERT INTO t VALUES (2)") }
    #expect(try database.integer("SELECT a FROM t") == 2)
  }

  @Test("names the statement in an error, and never a value")
  func errors() throws {
    let database = try Database(path: ":memory:")
    try database.execute("CREATE TABLE t (a TEXT UNIQUE, b INTEGER) STRICT")
    var insert = try database.prepare("INSERT INTO t VALUES (?, ?)")
    try insert.run("ada@example.com", Int64(1))
    for second in [Int64?.none, 2] {
      let error = #expect(throws: SQLiteError.self) { try insert.run("ada@example.com", second) }
      let text = error?.description ?? ""
      #expect(text.contains("UNIQUE constraint failed: t.a") && text.contains("INSERT INTO t VALUES (?, ?)"))
      #expect(!text.contains("example.com"))
    }
    let error = #expect(throws: SQLiteError.self) { try insert.run("x", "ada@example.com") }
    #expect(error.map { !$0.description.contains("example.com") } == true)
    #expect(try insert.run("ben", Int64(3)) == 1, "a statement can be run again after an error")
  }

  @Test("that is no database, or cannot be opened, is told apart")
  func kinds() throws {
    let path = "\(folder.path)/none/w.db"
    #expect(throws: SQLiteError.self) { _ = try Database(path: path) }
    #expect { _ = try SQLiteWarehouse(path: path) } throws: { error in
      (error as? DestinationError)?.sentence.contains("check that its folder exists") == true
    }
  }
}

@Suite("The steps of a schema")
struct MigrationTests {
  private let folder: ScratchFolder
  private let first = SQLiteMigrations(applicationId: 77, steps: ["CREATE TABLE t (a INTEGER) STRICT"])
  private let second = SQLiteMigrations(
    applicationId: 77,
    steps: ["CREATE TABLE t (a INTEGER) STRICT", "ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = 'old'"])

  init() throws { folder = try ScratchFolder() }

  @Test("run on an empty file, and once")
  func empty() throws {
    let database = try Database(path: folder.warehouse)
    for _ in 0..<2 { #expect(try second.run(on: database) == nil) }
    #expect(try database.integer("PRAGMA user_version") == 2)
    #expect(try database.integer("PRAGMA application_id") == 77)
    #expect(try database.integer("SELECT count(*) FROM t") == 0)
  }

  @Test("bring an older file up to date and keep what is in it")
  func older() throws {
    let database = try Database(path: folder.warehouse)
    #expect(try first.run(on: database) == nil)
    try database.execute("INSERT INTO t VALUES (5)")
    #expect(try second.run(on: database) == nil)
    #expect(try rows(folder.warehouse, "SELECT a, b FROM t") == ["5|old"])
  }

  @Test("leave a file between no two versions where one fails")
  func failing() throws {
    let database = try Database(path: folder.warehouse)
    #expect(try first.run(on: database) == nil)
    let broken = SQLiteMigrations(
      applicationId: 77, steps: first.steps + ["ALTER TABLE t ADD COLUMN b TEXT", "this is no statement"])
    #expect(throws: SQLiteError.self) { try broken.run(on: database) }
    #expect(try database.integer("PRAGMA user_version") == 1)
    #expect(try database.integer("SELECT count(*) FROM pragma_table_info('t')") == 1)
  }

  @Test("refuse a newer file, and one of something else")
  func refused() throws {
    let database = try Database(path: folder.warehouse)
    #expect(try second.run(on: database) == nil)
    #expect(try first.run(on: database) == .newer(version: 2))
    #expect(try SQLiteMigrations(applicationId: 78, steps: first.steps).run(on: database) == .foreign)
  }
}
