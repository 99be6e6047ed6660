import Events
import Testing

@testable import Delivery

/// Whatever comes, in whatever batches: both warehouses, which share no line of what they do with a change, hold the same.
@Suite("The two kinds of warehouse hold the same")
struct TwoWarehousesTests {
  private let place: PostgresPlace
  private let folder: ScratchFolder

  init() throws {
    place = try PostgresPlace()
    folder = try ScratchFolder()
  }

  @Test(
    "after any log, cut into batches anyhow, some of them delivered again", arguments: 1...12 as ClosedRange<UInt64>)
  func same(seed: UInt64) throws {
    var chance = Chance(state: seed)
    let log = Self.log(&chance)
    var postgres = place.warehouse
    var sqlite = try SQLiteWarehouse(path: folder.warehouse)
    var at = 0
    while at < log.count {
      let from = max(0, at - Int.random(in: 0...3, using: &chance))
      let end = min(log.count, at + Int.random(in: 1...60, using: &chance))
      let batch = RecordBatch.of(Array(log[from..<end]), from: Int64(from))
      var (one, other) = (try postgres.deliver(batch), try sqlite.deliver(batch))
      // What is erased in the same batch is not asked any more whether it was late, and who is erased twice counts once.
      if log[from..<end].contains(where: { $0?.contains("delete") == true }) {
        (one.late, other.late) = (0, 0)
        (one.erased, other.erased) = (min(one.erased, 1), min(other.erased, 1))
      }
      #expect(one == other, "records \(from) to \(end) of seed \(seed)")
      at = end
    }
    for (table, columns) in Self.tables {
      #expect(
        try place.rows(Self.query(table, columns, isPostgres: true))
          == rows(folder.warehouse, Self.query(table, columns, isPostgres: false)), "\(table) of seed \(seed)")
    }
  }

  /// Changes of few profiles in few audiences, some of them late, some lost, and erasures, after which a profile begins
  /// again; and records that are none.
  private static func log(_ chance: inout Chance) -> [String?] {
    var seqs: [String: Int] = [:]
    var late: [String] = []
    var log: [String?] = []
    for minute in 0..<400 {
      let profile = "p\(Int.random(in: 0..<6, using: &chance))"
      let roll = Int.random(in: 0..<100, using: &chance)
      if roll < 4 {
        // What is late of somebody comes before the end, for what comes after it is of another life.
        log += late.map(Optional.some)
        late = []
        log.append(#"{"type":"delete","userId":"\#(profile)"}"#)
        for audience in ["vip", "lapsed"] { seqs["\(profile) \(audience)"] = nil }
      } else if roll < 7 {
        log.append(roll == 4 ? nil : "no JSON")
      } else {
        let kind = ["entered", "exited", "held_out", "holdout_ended"].randomElement(using: &chance) ?? ""
        let audience = Bool.random(using: &chance) ? "vip" : "lapsed"
        let seq = seqs["\(profile) \(audience)", default: 0] + 1
        seqs["\(profile) \(audience)"] = seq
        var change = TestChange(kind, profile, seq: seq, minute: minute)
        change.audience = audience
        change.version = 1 + minute / 150
        if roll < 50 { change.included = #","ltv":\#(minute)"# }
        if roll < 12 { continue }  // lost
        if roll < 20 { late.append(change.json) } else { log.append(change.json) }
        if roll > 90, !late.isEmpty { log.append(late.removeFirst()) }
      }
    }
    return log + late.map(Optional.some)
  }

  private static let tables = [
    ("audiences", ["key", "name", "purpose", "version"]),
    (
      "memberships",
      ["profile", "audience", "status", "since", "seq", "version", "reason", "reason_name", "traits", "stay IS NULL"]
    ),
    (
      "membership_history",
      [
        "profile", "audience", "status", "version", "entered_at", "entry_reason", "entry_reason_name", "exited_at",
        "exit_reason", "exit_reason_name",
      ]
    ),
    ("changes", ["profile", "audience", "seq", "message_id", "changed_at", "change", "status", "event", "traits"]),
    ("rejected_records", ["topic", "partition", "\"offset\"", "reason", "explanation"]),
    ("delivered_offsets", ["topic", "partition", "next_offset"]),
  ]

  private static func query(_ table: String, _ columns: [String], isPostgres: Bool) -> String {
    let shown = columns.map { column in
      switch column {
      case "since", "entered_at", "exited_at", "changed_at":
        isPostgres ? "to_char(\(column), 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')" : column
      case "traits": isPostgres ? "traits->>'ltv'" : "json_extract(traits, '$.ltv')"
      case "stay IS NULL": isPostgres ? "(stay IS NULL)::int" : column
      default: column
      }
    }
    let order = (1...columns.count).map(String.init).joined(separator: ", ")
    return "SELECT \(shown.joined(separator: ", ")) FROM \(table) ORDER BY \(order)"
  }
}
