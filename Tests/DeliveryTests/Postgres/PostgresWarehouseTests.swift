import Events
import Testing

@testable import Delivery

@Suite("The warehouse in PostgreSQL")
struct PostgresWarehouseTests {
  private let place: PostgresPlace

  init() throws { place = try PostgresPlace() }

  private let minute = (0..<10).map { TestChange("entered", seq: 1, minute: $0).time }

  /// An instant as a change has it, from one as PostgreSQL has it.
  private static func iso(_ column: String) -> String {
    "to_char(\(column), 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
  }

  @Test("tells who is in, since when and why, and keeps the stays of those who left")
  func history() throws {
    var warehouse = place.warehouse
    let outcome = try warehouse.take(
      TestChange("entered", seq: 1, minute: 0), TestChange("exited", seq: 2, minute: 5),
      TestChange("entered", seq: 3, minute: 9), TestChange("entered", "ben", seq: 1, minute: 2),
      TestChange("exited", "ben", seq: 2, minute: 3))
    #expect(outcome.changes == 5 && outcome.repeats == 0 && outcome.late == 0 && outcome.rejected.isEmpty)
    #expect(
      try place.rows(
        "SELECT profile, status, \(Self.iso("since")), seq, reason, reason_name FROM memberships ORDER BY 1") == [
          "ada|in|\(minute[9])|3|event|Order Completed", "ben|out|\(minute[3])|2|event|Order Completed",
        ])
    #expect(try place.rows("SELECT audience, profile FROM members") == ["vip|ada"])
    #expect(try place.rows("SELECT * FROM audience_sizes") == ["vip|The vip|seed|1|1|0|1"])
    #expect(try place.rows("SELECT audience, entries, exits FROM audience_days") == ["vip|3|2"])
  }

  @Test("tells sizes by day, the days between changes too, and who is in two audiences at once")
  func views() throws {
    var other = TestChange("entered", seq: 1, minute: 3 * 1440)
    other.audience = "lapsed"
    var warehouse = place.warehouse
    _ = try warehouse.take(
      TestChange("entered", seq: 1, minute: 0), TestChange("entered", "ben", seq: 1, minute: 1440),
      TestChange("held_out", "cay", seq: 1, minute: 1441), TestChange("exited", "ben", seq: 2, minute: 3 * 1440), other)
    #expect(
      try place.rows("SELECT members, controls FROM audience_daily_sizes WHERE audience = 'vip' ORDER BY day") == [
        "1|0", "2|1", "2|1", "1|1",
      ])
    #expect(try place.rows("SELECT * FROM audience_overlaps") == ["lapsed|vip|1|1|1"])
    #expect(try place.rows("SELECT profile FROM controls") == ["cay"])
  }

  @Test("says of every table, view and column what it means")
  func comments() throws {
    _ = try warehouseWithSomething()
    #expect(
      try place.rows(
        """
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0
        WHERE c.relnamespace = 'usher'::regnamespace AND c.relkind IN ('r', 'v') AND NOT a.attisdropped
          AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)
        """
      ).isEmpty)
    #expect(
      try place.rows("SELECT count(*) > 60 FROM information_schema.columns WHERE table_schema = 'usher'") == ["t"])
  }

  private func warehouseWithSomething() throws -> BatchOutcome {
    var warehouse = place.warehouse
    return try warehouse.take(TestChange("entered", seq: 1))
  }

  @Test("puts aside what is no change, and what PostgreSQL cannot keep, alone of a batch")
  func rejected() throws {
    var values = (1...40).map { TestChange("entered", "p\($0)", seq: 1).json }
    var bad = TestChange("entered", "nul", seq: 1)
    bad.included = #","why":"a\u0000b""#
    var early = TestChange("entered", "early", seq: 1).json
    early = early.split(separator: TestChange("entered", seq: 1).time).joined(separator: "0000-01-01T00:00:00.000Z")
    values[3] = "not JSON"
    values[17] = bad.json
    values[29] = early
    // Text that does not compress: too long for an index.
    let long = (0..<2000).map { String(Hash64.of("\($0)"), radix: 36) }.joined()
    values[39] = TestChange("entered", long, seq: 1).json
    var warehouse = place.warehouse
    let outcome = try warehouse.deliver(.of(values))
    #expect(outcome.changes == 36 && outcome.rejected.map(\.offset) == [3, 17, 29, 39])
    #expect(!outcome.rejected.contains { $0.reason.contains("0000-01") || $0.reason.contains(long.prefix(9)) })
    #expect(
      try place.rows(#"SELECT "offset", reason FROM rejected_records ORDER BY 1"#) == [
        "3|json", "17|value", "29|value", "39|value",
      ])
    #expect(try warehouse.positions(in: RecordBatch.topic) == [0: 40])
    #expect(try warehouse.deliver(.of(values)).repeats == 40)
  }

  @Test("takes nobody whose id has a NUL in it for somebody else, whatever stands behind that")
  func digits() throws {
    var warehouse = place.warehouse
    let outcome = try warehouse.take(
      TestChange("entered", "p1", seq: 1), TestChange("entered", #"p\u000061"#, seq: 1),
      TestChange("entered", "p2", seq: 1))
    #expect(outcome.changes == 2 && outcome.rejected.map(\.offset) == [1])
    let erasure = RecordBatch.of([#"{"type":"delete","userId":"p\u000061"}"#], from: 3)
    #expect(try warehouse.deliver(erasure).rejected.count == 1)
    #expect(try place.rows("SELECT profile FROM members ORDER BY 1") == ["p1", "p2"])
  }

  @Test("does not go on where the database has come to hold less than it said")
  func movedBack() throws {
    var warehouse = place.warehouse
    _ = try warehouse.take(TestChange("entered", seq: 1), TestChange("entered", "ben", seq: 1))
    try place.execute("UPDATE delivered_offsets SET next_offset = 1; DELETE FROM changes WHERE profile = 'ben'")
    #expect {
      _ = try warehouse.deliver(.of([TestChange("entered", "cay", seq: 1).json], from: 2))
    } throws: { error in
      let error = error as? DestinationError
      return error?.mayPass == false && error?.sentence.contains("holds less than it did") == true
    }
    #expect(try warehouse.positions(in: RecordBatch.topic) == [0: 1])
    #expect(try warehouse.deliver(.of([TestChange("entered", "ben", seq: 1).json], from: 1)).changes == 1)
  }

  @Test("may be in a schema whose name is a word of SQL's")
  func reservedName() throws {
    var warehouse = PostgresWarehouse(place.conninfo, schema: "user")
    #expect(try warehouse.take(TestChange("entered", seq: 1)).changes == 1)
    #expect(try place.rows(#"SELECT profile FROM "user".members"#) == ["ada"])
  }

  @Test("keeps texts as they came, whatever is in them")
  func texts() throws {
    let name = #"tab\tnewline\nquote'\"back\\slash \\N é 😀"#
    var change = TestChange("entered", name, seq: 1)
    change.included = #","cart_value":84.50,"cart_items":[{"id":"a \"b\""},null,true]"#
    var warehouse = place.warehouse
    _ = try warehouse.take(change)
    #expect(try place.rows("SELECT profile FROM members") == ["tab\tnewline\nquote'\"back\\slash \\N é 😀"])
    #expect(
      try place.rows("SELECT traits->>'cart_value', traits->'cart_items'->0->>'id' FROM members") == [
        #"84.50|a "b""#
      ])
  }

  @Test("goes on by itself where the server went away and came back, and says meanwhile that it cannot be reached")
  func restart() throws {
    var warehouse = place.warehouse
    _ = try warehouse.take(TestChange("entered", seq: 1))
    try PostgresServer.shared.get().restart()
    let exit = RecordBatch.of([TestChange("exited", seq: 2, minute: 1).json], from: 1)
    #expect {
      _ = try warehouse.deliver(exit)
    } throws: { error in
      let error = error as? DestinationError
      return error?.mayPass == true && error?.sentence.contains("cannot be reached") == true
    }
    #expect(try warehouse.deliver(exit).changes == 1)
    #expect(try place.rows("SELECT status, seq FROM memberships") == ["out|2"])
  }

  @Test("takes nothing twice from a worker that does not know yet that another one has its partition")
  func zombie() throws {
    var former = place.warehouse
    var latter = place.warehouse
    let values = (1...50).map { TestChange("entered", "p\($0)", seq: 1).json } + [#"{"type":"delete","userId":"p7"}"#]
    _ = try former.positions(in: RecordBatch.topic)
    #expect(try latter.deliver(.of(values)).changes == 50)
    #expect(try former.deliver(.of(Array(values[..<30]))).repeats == 30)
    #expect(try place.rows("SELECT count(*), count(*) FILTER (WHERE profile = 'p7') FROM memberships") == ["49|0"])
    #expect(try former.positions(in: RecordBatch.topic) == [0: 51])
  }

  @Test("leaves a schema of a newer version alone, and one that holds something else")
  func foreign() throws {
    var warehouse = place.warehouse
    _ = try warehouse.positions(in: RecordBatch.topic)
    try place.execute("INSERT INTO usher_schema VALUES (99)")
    var second = place.warehouse
    #expect { _ = try second.positions(in: RecordBatch.topic) } throws: { error in
      (error as? DestinationError)?.sentence.contains("made by a newer version of Usher: it has had 99") == true
    }
    try place.execute("CREATE SCHEMA other; CREATE TABLE other.books (title text)")
    var other = PostgresWarehouse(place.conninfo, schema: "other")
    #expect { _ = try other.positions(in: RecordBatch.topic) } throws: { error in
      (error as? DestinationError)?.sentence.contains("holds something else") == true
    }
    #expect(try place.rows("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'other'") == ["1"])
  }

  @Test("ends where nobody is let in, says what to do, and tells no password")
  func refused() {
    var warehouse = PostgresWarehouse("\(place.conninfo)_no password=hunter2", schema: "usher")
    #expect { _ = try warehouse.positions(in: RecordBatch.topic) } throws: { error in
      let error = error as? DestinationError
      let sentence = error?.sentence ?? ""
      return sentence.contains("does not exist [3D000]") && sentence.contains("PGPASSWORD")
        && !sentence.contains("hunter2") && error?.mayPass == false
    }
  }

  @Test("waits where nobody answers", arguments: ["host=/nowhere dbname=shop", "host=127.0.0.1 port=1 dbname=shop"])
  func unreachable(conninfo: String) {
    var warehouse = PostgresWarehouse(conninfo, schema: "usher")
    #expect { _ = try warehouse.positions(in: RecordBatch.topic) } throws: { error in
      let error = error as? DestinationError
      return error?.mayPass == true && error?.sentence.contains("cannot be reached") == true
    }
  }

  @Test("says which right is missing where the user may not make the schema")
  func forbidden() throws {
    try PostgresConnection(place.conninfo).execute("CREATE ROLE reader_\(UInt32.random(in: 0...UInt32.max)) LOGIN")
    let role = try place.rows("SELECT max(rolname) FROM pg_roles WHERE rolname LIKE 'reader%'")[0]
    var warehouse = PostgresWarehouse(
      place.conninfo.split(separator: "user=usher").joined(separator: "user=\(role)"), schema: "usher")
    #expect { _ = try warehouse.positions(in: RecordBatch.topic) } throws: { error in
      let error = error as? DestinationError
      return error?.mayPass == false && error?.sentence.contains("grant the user CREATE") == true
    }
  }
}

extension PostgresWarehouse {
  /// Delivers changes as the next ones of the topic.
  mutating func take(_ changes: TestChange...) throws -> BatchOutcome {
    try deliver(.of(changes.map(\.json), from: positions(in: RecordBatch.topic)[0] ?? 0))
  }
}
