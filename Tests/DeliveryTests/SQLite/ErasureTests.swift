import Events
import Testing

@testable import Delivery

@Suite("A profile that is erased")
struct ErasureTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func erasure(_ profile: String, minute: Int) -> String {
    #"{"type":"delete","userId":"\#(profile)","timestamp":"\#(TestChange("", seq: 1, minute: minute).time)"}"#
  }

  /// Two people in two audiences, and ada's end.
  private func story() -> [String] {
    var other = TestChange("entered", seq: 1, minute: 2)
    other.audience = "lapsed"
    other.traits = #","traits":{"email":"ada@example.com"}"#
    return [
      TestChange("entered", seq: 1).json, TestChange("entered", "ben", seq: 1, minute: 1).json, other.json,
      TestChange("exited", seq: 2, minute: 3).json, erasure("ada", minute: 3),
    ]
  }

  @Test("leaves no row behind, and nobody else's row is touched")
  func everything() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let outcome = try warehouse.deliver(.of(story()))
    #expect(outcome.erased == 1 && outcome.changes == 4 && outcome.rejected.isEmpty)
    for table in ["changes", "memberships", "membership_history"] {
      #expect(try rows(folder.warehouse, "SELECT DISTINCT profile FROM \(table)") == ["ben"], "\(table)")
    }
  }

  @Test("is gone from the file itself, not only from its tables")
  func overwritten() throws {
    do {
      var warehouse = try SQLiteWarehouse(path: folder.warehouse)
      _ = try warehouse.deliver(.of(story()))
      #expect(try warehouse.database.integer("PRAGMA secure_delete") == 1)
      try warehouse.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let bytes = try fileBytes(folder.warehouse)
    #expect(bytes.contains("ben") && !bytes.contains("ada@example.com"))
  }

  @Test("may begin again, and nothing of that is lost, nor comes back, where all is delivered again")
  func again() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let all = story() + [TestChange("entered", seq: 1, minute: 9).json]
    _ = try warehouse.deliver(.of(all))
    let before = try content(folder.warehouse)
    #expect(try rows(folder.warehouse, "SELECT profile, seq FROM memberships ORDER BY 1") == ["ada|1", "ben|1"])
    for first in 0..<all.count {
      for last in first..<all.count {
        let repeated = try warehouse.deliver(.of(Array(all[first...last]), from: Int64(first)))
        #expect(repeated.repeats == last - first + 1 && repeated.erased == 0 && repeated.changes == 0)
        #expect(try content(folder.warehouse) == before)
      }
    }
  }

  @Test("twice is erased as well as once")
  func twice() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.deliver(.of(story()))
    let before = try content(folder.warehouse)
    let outcome = try warehouse.deliver(.of([erasure("ada", minute: 4)], from: 5))
    #expect(outcome == BatchOutcome())
    #expect(try content(folder.warehouse) == before)
  }

  @Test("takes the records with it that were put aside under its key")
  func rejected() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let values = ["not JSON", #"{"type":"delete","userId":"k"}"#, "no JSON either"]
    let outcome = try warehouse.deliver(.of(values))
    #expect(outcome.erased == 1 && outcome.rejected.count == 2)
    #expect(try rows(folder.warehouse, #"SELECT "offset" FROM rejected_records"#) == ["2"])
  }

  @Test("that nobody knows is no trouble")
  func unknown() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let outcome = try warehouse.deliver(.of([erasure("nobody", minute: 1)]))
    #expect(outcome == BatchOutcome())
    #expect(try warehouse.positions(in: RecordBatch.topic) == [0: 1])
  }

  @Test("comes back whole where the batch that erases it fails")
  func takenBack() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.deliver(.of(Array(story().dropLast())))
    let before = try content(folder.warehouse)
    try warehouse.database.execute("PRAGMA max_page_count = 1")
    let many = (1...20_000).map { TestChange("entered", "p\($0)", seq: 1).json }
    #expect(throws: DestinationError.self) { try warehouse.deliver(.of([erasure("ada", minute: 3)] + many, from: 4)) }
    #expect(try content(folder.warehouse) == before)
  }
}

@Suite("A warehouse of the first version")
struct OlderWarehouseTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("is brought up to date and keeps what is in it")
  func broughtUpToDate() throws {
    do {
      let steps = Array(SQLiteSchema.migrations.steps.prefix(1))
      let database = try Database(path: folder.warehouse)
      _ = try SQLiteMigrations(applicationId: SQLiteSchema.migrations.applicationId, steps: steps).run(on: database)
      let change = TestChange("entered", seq: 1)
      try database.execute(
        """
        INSERT INTO audiences VALUES ('vip', 'The vip', 'seed', 1);
        INSERT INTO memberships VALUES ('ada', 'vip', 'in', '\(change.time)', 1, 1, 'trait', NULL, 1);
        INSERT INTO membership_history VALUES (1, 'ada', 'vip', 'in', 1, '\(change.time)', 'trait', NULL, NULL, NULL, NULL);
        INSERT INTO changes VALUES (1, '\(change.messageId)', '\(change.time)', 'ada', 'vip', 1, 'entered', 'in', 1,
          'Audience entered', 'trait', NULL, NULL, NULL, NULL, '{"ltv":1}', 0, 0, '\(change.time)', NULL);
        INSERT INTO delivered_offsets VALUES ('audience.warehouse', 0, 1);
        """)
    }
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    #expect(try warehouse.positions(in: RecordBatch.topic) == [0: 1])
    #expect(try rows(folder.warehouse, "SELECT profile, traits FROM members") == ["ada|-"])
    #expect(try rows(folder.warehouse, "SELECT traits FROM changes") == [#"{"ltv":1}"#])
    #expect(try rows(folder.warehouse, "SELECT members, controls, former FROM audience_sizes") == ["1|0|0"])
    #expect(try warehouse.take(TestChange("entered", seq: 1)).repeats == 1)
    _ = try warehouse.take(TestChange("exited", seq: 2, minute: 4))
    #expect(try rows(folder.warehouse, "SELECT status FROM memberships") == ["out"])
    #expect(try rows(folder.warehouse, "SELECT exited_at IS NULL FROM membership_history") == ["0"])
  }
}
