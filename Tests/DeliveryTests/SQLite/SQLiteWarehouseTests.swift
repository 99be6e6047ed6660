import Events
import Testing

@testable import Delivery

@Suite("The embedded warehouse")
struct SQLiteWarehouseTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("tells who is in, since when and why, and keeps the stays of those who left")
  func history() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let outcome = try warehouse.take(
      TestChange("entered", seq: 1, minute: 0), TestChange("exited", seq: 2, minute: 5),
      TestChange("entered", seq: 3, minute: 9), TestChange("entered", "ben", seq: 1, minute: 2),
      TestChange("exited", "ben", seq: 2, minute: 3))
    #expect(outcome.changes == 5 && outcome.repeats == 0 && outcome.late == 0 && outcome.rejected.isEmpty)
    let minute = (0..<10).map { TestChange("entered", seq: 1, minute: $0).time }
    #expect(
      try rows(folder.warehouse, "SELECT profile, status, since, seq, reason, reason_name FROM memberships") == [
        "ada|in|\(minute[9])|3|event|Order Completed", "ben|out|\(minute[3])|2|event|Order Completed",
      ])
    #expect(
      try rows(
        folder.warehouse,
        "SELECT profile, entered_at, entry_reason, exited_at, exit_reason FROM membership_history ORDER BY 1, 2") == [
          "ada|\(minute[0])|event|\(minute[5])|event", "ada|\(minute[9])|event|-|-",
          "ben|\(minute[2])|event|\(minute[3])|event",
        ])
    #expect(try rows(folder.warehouse, "SELECT audience, profile FROM members") == ["vip|ada"])
    #expect(try rows(folder.warehouse, "SELECT * FROM audience_sizes") == ["vip|The vip|seed|1|1|0|1"])
    #expect(try rows(folder.warehouse, "SELECT audience, entries, exits FROM audience_days") == ["vip|3|2"])
  }

  @Test("is changed by nothing that it has taken before, in whatever order it comes again")
  func repeats() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let changes = [
      TestChange("entered", seq: 1), TestChange("exited", seq: 2, minute: 1), TestChange("entered", seq: 3, minute: 2),
    ]
    _ = try warehouse.deliver(.of(changes.map(\.json)))
    let before = try content(folder.warehouse)
    for (round, order) in [[0, 1, 2], [2, 1, 0], [1], [0, 2]].enumerated() {
      // At the offsets where they were, and at new ones.
      for from in [0, Int64(round + 1) * 100] {
        let outcome = try warehouse.deliver(.of(order.map { changes[$0].json }, from: from))
        #expect(outcome.repeats == order.count && outcome.changes == 0)
        #expect(try content(folder.warehouse) == before)
      }
    }
  }

  @Test("keeps a change that comes after a later one, without moving the membership back")
  func late() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.take(TestChange("entered", seq: 3, minute: 5))
    let outcome = try warehouse.take(TestChange("exited", seq: 2, minute: 4))
    #expect(outcome.changes == 1 && outcome.late == 1)
    #expect(try rows(folder.warehouse, "SELECT status, seq FROM memberships") == ["in|3"])
    #expect(try rows(folder.warehouse, "SELECT exited_at FROM membership_history") == ["-"])
    #expect(try rows(folder.warehouse, "SELECT seq FROM changes ORDER BY number") == ["3", "2"])
  }

  @Test("writes an exit whose entry never came as a whole stay, and ends a stay whose exit never came")
  func gaps() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.take(
      TestChange("exited", seq: 2, minute: 4), TestChange("entered", seq: 3, minute: 5),
      TestChange("entered", seq: 5, minute: 8))
    let minute = (0..<10).map { TestChange("entered", seq: 1, minute: $0).time }
    #expect(
      try rows(
        folder.warehouse,
        "SELECT entered_at, entry_reason, exited_at, exit_reason FROM membership_history ORDER BY stay") == [
          "\(minute[4])|-|\(minute[4])|event", "\(minute[5])|event|\(minute[8])|-", "\(minute[8])|event|-|-",
        ])
  }

  @Test("tells those whom a holdout keeps out apart")
  func holdout() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.take(
      TestChange("held_out", seq: 1), TestChange("holdout_ended", seq: 2, minute: 3),
      TestChange("entered", seq: 3, minute: 3), TestChange("held_out", "ben", seq: 1))
    #expect(
      try rows(folder.warehouse, "SELECT profile, status FROM memberships ORDER BY profile") == [
        "ada|in", "ben|control",
      ])
    #expect(
      try rows(
        folder.warehouse,
        "SELECT profile, status, exited_at IS NULL FROM membership_history ORDER BY stay") == [
          "ada|control|0", "ada|in|1", "ben|control|1",
        ])
    #expect(try rows(folder.warehouse, "SELECT members, controls, former FROM audience_sizes") == ["1|1|0"])
    #expect(try rows(folder.warehouse, "SELECT profile FROM members") == ["ada"])
    #expect(try rows(folder.warehouse, "SELECT profile FROM controls") == ["ben"])
    #expect(
      try rows(folder.warehouse, "SELECT entries, exits, held_out, holdouts_ended FROM audience_days") == ["1|0|2|1"])
  }

  @Test("keeps what an audience includes, and the latest version of its name")
  func included() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    var change = TestChange("entered", seq: 1)
    change.version = 2
    change.included = #","cart_value":84.50,"cart_items":[{"id":"a \"b\""},null,true]"#
    change.traits = #","traits":{"email":"ada@example.com","phone":"+14155550132"}"#
    var older = TestChange("entered", "ben", seq: 1)
    older.version = 1
    _ = try warehouse.take(change, older)
    #expect(
      try rows(folder.warehouse, "SELECT traits, email, phone FROM changes ORDER BY number") == [
        #"{"cart_value":84.50,"cart_items":[{"id":"a \"b\""},null,true]}|ada@example.com|+14155550132"#, "-|-|-",
      ])
    #expect(
      try rows(folder.warehouse, "SELECT json_extract(traits, '$.cart_value') FROM changes LIMIT 1") == ["84.5"])
    #expect(try rows(folder.warehouse, "SELECT version FROM audiences") == ["2"])
    #expect(
      try rows(folder.warehouse, "SELECT profile, json_extract(traits, '$.cart_value') FROM members ORDER BY 1") == [
        "ada|84.5", "ben|-",
      ])
    var exit = TestChange("exited", seq: 2, minute: 1)
    exit.included = #","ltv":300"#
    _ = try warehouse.take(exit)
    #expect(try rows(folder.warehouse, "SELECT status, traits FROM memberships WHERE profile = 'ada'") == ["out|-"])
    #expect(try rows(folder.warehouse, "SELECT traits FROM changes WHERE seq = 2") == [#"{"ltv":300}"#])
  }

  @Test("puts aside whole what is no change, once, and takes the rest of the batch")
  func rejected() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    let values = ["not JSON", TestChange("entered", seq: 1).json, #"{"type":"delete","user":"ada"}"#, nil]
    let outcome = try warehouse.deliver(.of(values, from: 40))
    #expect(outcome.changes == 1)
    #expect(outcome.rejected.map(\.offset) == [40, 42, 43])
    #expect(
      try rows(
        folder.warehouse,
        #"SELECT topic, partition, "offset", reason, CAST(key AS TEXT), CAST(value AS TEXT) FROM rejected_records"#)
        == [
          "audience.warehouse|0|40|json|k|not JSON",
          #"audience.warehouse|0|42|field|k|{"type":"delete","user":"ada"}"#, "audience.warehouse|0|43|empty|-|-",
        ])
    #expect(try warehouse.positions(in: RecordBatch.topic) == [0: 44])
    let again = try warehouse.deliver(.of(values, from: 40))
    #expect(again.repeats == 4 && again.rejected.isEmpty && again.changes == 0)
  }

  @Test("never moves its offsets back")
  func offsets() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.deliver(.of([TestChange("entered", seq: 1).json], from: 9))
    _ = try warehouse.deliver(.of([TestChange("entered", seq: 1).json], from: 3))
    #expect(try warehouse.positions(in: RecordBatch.topic) == [0: 10])
    #expect(try warehouse.positions(in: "another.topic").isEmpty)
  }

  @Test("writes nothing of a batch for which there is no room, and says so")
  func full() throws {
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    try warehouse.database.execute("PRAGMA max_page_count = 1")
    let many = (1...20_000).map { TestChange("entered", "p\($0)", seq: 1).json }
    do {
      _ = try warehouse.deliver(.of(many))
      Issue.record("there was room")
    } catch {
      #expect(error.mayPass)
      #expect(error.sentence.contains("no room left") && error.sentence.contains(folder.warehouse))
    }
    #expect(try content(folder.warehouse).isEmpty)
    #expect(try warehouse.positions(in: RecordBatch.topic).isEmpty)
    try warehouse.database.execute("PRAGMA max_page_count = 1000000")
    #expect(try warehouse.deliver(.of(many)).changes == 20_000)
  }

  @Test("refuses a file of a newer version, and one that is no warehouse, and changes neither")
  func foreign() throws {
    do {
      let warehouse = try SQLiteWarehouse(path: folder.warehouse)
      try warehouse.database.execute("PRAGMA user_version = 99")
    }
    #expect { _ = try SQLiteWarehouse(path: folder.warehouse) } throws: { error in
      let sentence = (error as? DestinationError)?.sentence ?? ""
      return sentence.contains("made by a newer version of Usher: its schema is 99") && sentence.contains("w.db")
    }
    let other = "\(folder.path)/other.db"
    try Database(path: other).execute("CREATE TABLE books (title TEXT)")
    #expect { _ = try SQLiteWarehouse(path: other) } throws: { error in
      (error as? DestinationError)?.sentence.contains("something else than a warehouse") == true
    }
    #expect(try rows(other, "SELECT name FROM sqlite_master") == ["books"])
    #expect(try rows(other, "PRAGMA journal_mode") == ["delete"])
  }

  @Test("goes on with a file that was closed")
  func reopened() throws {
    do {
      var warehouse = try SQLiteWarehouse(path: folder.warehouse)
      _ = try warehouse.take(TestChange("entered", seq: 1))
    }
    var warehouse = try SQLiteWarehouse(path: folder.warehouse)
    _ = try warehouse.take(TestChange("exited", seq: 2, minute: 2))
    #expect(try rows(folder.warehouse, "SELECT status FROM memberships") == ["out"])
    #expect(try rows(folder.warehouse, "SELECT count(*), count(exited_at) FROM membership_history") == ["1|1"])
  }

  @Test("explains every table and column to whoever opens the file")
  func comments() throws {
    _ = try SQLiteWarehouse(path: folder.warehouse)
    for table in try rows(folder.warehouse, "SELECT name FROM sqlite_master WHERE type = 'table'") {
      let text = try rows(folder.warehouse, "SELECT sql FROM sqlite_master WHERE name = '\(table)'")[0]
      for column in try rows(folder.warehouse, "SELECT name FROM pragma_table_info('\(table)')") {
        let line = text.split(separator: "\n").first { $0.drop { $0 == " " || $0 == "\"" }.hasPrefix(column) }
        let isExplained = line.map { $0.contains("--") || $0.contains("REFERENCES") } ?? false
        #expect(isExplained, "\(table).\(column)")
      }
    }
  }
}
