import Audiences
import Delivery
import Pipeline

/// What is told at the end: what the lane says, and beside it what a query of the warehouse says.
enum DemoSummary {
  /// The table, and whether the two agree.
  static func text(_ plan: Plan, _ lane: LaneTotals, database path: String) throws(Failure) -> (
    text: String, agree: Bool
  ) {
    let warehouse: [String: (members: Int64, changes: Int64)]
    do throws(SQLiteError) {
      warehouse = try sizes(in: path)
    } catch {
      throw Failure(message: "cannot read \(path): \(error)")
    }
    var agree = true
    var rows: [[String]] = []
    for (number, audience) in plan.audiences.enumerated() {
      let key = audience.definition.key
      let (entered, left) = (lane.entries[number], lane.exits[number])
      let there = warehouse[key] ?? (0, 0)
      let isSent = audience.definition.toWarehouse
      if isSent, there != (Int64(entered - left), Int64(entered + left)) { agree = false }
      rows.append([
        key, Figures.grouped(entered - left), isSent ? Figures.grouped(there.members) : "not sent",
        Figures.grouped(entered), Figures.grouped(left),
      ])
    }
    let table = Table.text(heading: ["audience", "in now", "in warehouse", "entered", "left"], rows: rows)
    return (table, agree)
  }

  private static func sizes(in path: String) throws(SQLiteError) -> [String: (members: Int64, changes: Int64)] {
    let database = try Database(path: path)
    var query = try database.prepare(
      """
      SELECT key, (SELECT count(*) FROM memberships WHERE audience = key AND status = 'in'),
        (SELECT count(*) FROM changes WHERE audience = key AND change IN ('entered', 'exited')) FROM audiences
      """)
    var sizes: [String: (members: Int64, changes: Int64)] = [:]
    while try query.step() { sizes[query.text(at: 0) ?? ""] = (query.integer(at: 1), query.integer(at: 2)) }
    return sizes
  }

  /// What to do next.
  static func invitation(database path: String) -> String {
    """

    The warehouse is \(path). Try:

      sqlite3 -box \(path) "SELECT * FROM audience_sizes"
      sqlite3 -box \(path) "SELECT audience, profile, entered_at, exited_at, exit_reason FROM membership_history \
    WHERE audience = 'checkout-abandoners' ORDER BY entered_at DESC LIMIT 10"

    Who belongs in an audience is said in ops/audiences/*.yaml: change one, and run the demo again.

    """
  }
}
