import Events

/// A warehouse in a schema of a PostgreSQL database: everybody's memberships, their history, and every change.
///
/// A batch is copied into a temporary table and brought into the others by a few statements, in one transaction with the
/// offsets behind it. So the database itself says how far it is, and whatever is delivered again changes nothing: a record
/// before those offsets is passed over. Beyond them a change counts once by profile, audience and `seq`, and a membership
/// moves only to a higher `seq`. Who is erased leaves no row behind.
public struct PostgresWarehouse: ~Copyable, Destination {
  private let conninfo: String
  private let schema: String
  /// None until it is needed, and after it broke.
  private var connection: PostgresConnection?
  private var reader = ChangeRecordReader()
  private var rows = CopyRows()
  /// What was last written of each audience, as hashes of its key and of its description.
  private var audiences: [UInt64: UInt64] = [:]
  /// How far each partition is, as far as the database has said.
  private var reached: [Int32: Int64] = [:]

  /// A warehouse; it is connected to when it is first needed, and its tables are made or brought up to date then.
  /// - Parameters:
  ///   - conninfo: a URI, or `key=value` words; passwords come better from libpq's environment or password file.
  ///   - schema: its schema's name: small letters, digits and underscores.
  public init(_ conninfo: String, schema: String) {
    self.conninfo = conninfo
    self.schema = schema
  }

  /// How far this database is in a topic.
  /// - Throws: ``DestinationError``.
  public mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64] {
    try withConnection { (warehouse, connection) throws(PostgresError) in
      let rows = try connection.query(
        "SELECT partition, next_offset FROM delivered_offsets WHERE topic = $1", [.text(topic)])
      warehouse.reached = Dictionary(
        uniqueKeysWithValues: (0..<rows.count).map { (Int32(clamping: rows.integer($0, 0)), rows.integer($0, 1)) })
      return warehouse.reached
    }
  }

  /// Writes a batch and its positions in one transaction.
  /// - Throws: ``DestinationError``; nothing of the batch is written then, unless the connection broke at the very end:
  ///   given again, it changes nothing in that case.
  public mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome {
    try withConnection { (warehouse, connection) throws(PostgresError) in
      do throws(PostgresError) {
        let outcome = try connection.transaction { () throws(PostgresError) in try warehouse.write(batch, connection) }
        for (partition, next) in batch.positions { warehouse.reached[partition] = next }
        return outcome
      } catch {
        warehouse.audiences = [:]
        throw error
      }
    }
  }

  private mutating func withConnection<Result>(
    _ work: (inout PostgresWarehouse, PostgresConnection) throws(PostgresError) -> Result
  ) throws(DestinationError) -> Result {
    let refusal: MigrationRefusal?
    do throws(PostgresError) {
      if let connection { return try work(&self, connection) }
      let connection = try PostgresConnection(conninfo)
      refusal = try PostgresMigrations(schema: schema, steps: PostgresSchema.steps).run(on: connection)
      if refusal == nil {
        for statement in Self.preparations { try connection.execute(statement) }
        self.connection = connection
        return try work(&self, connection)
      }
    } catch {
      if error.kind == .unreachable { connection = nil }
      throw DestinationError(error, schema: schema)
    }
    throw DestinationError(refusal ?? .foreign, schema: schema)
  }

  /// What a connection needs before it can be written by.
  private static let preparations = [
    "SET timezone TO 'UTC'", "SET lock_timeout TO '10s'", "SET work_mem TO '64MB'",
    // Memberships are looked up by their key even where a batch is large: the disk is none that turns.
    "SET random_page_cost TO 1.1", "SET jit TO off", PostgresStatements.incoming,
  ]
}

extension PostgresWarehouse {
  private mutating func write(
    _ batch: borrowing RecordBatch, _ connection: PostgresConnection
  ) throws(PostgresError) -> BatchOutcome {
    let taken = try lockOffsets(of: batch, connection)
    let outcome = try take(0..<batch.count, of: batch, taken, connection)
    for (partition, next) in batch.positions {
      try connection.query(
        """
        UPDATE delivered_offsets SET next_offset = greatest(next_offset, $3) WHERE topic = $1 AND partition = $2
        """, [.text(batch.topic), .integer(Int64(partition)), .integer(next)])
    }
    return outcome
  }

  /// How far the batch's partitions are. Until the transaction ends nobody else moves them on.
  private func lockOffsets(
    of batch: borrowing RecordBatch, _ connection: PostgresConnection
  ) throws(PostgresError) -> [Int32: Int64] {
    var taken: [Int32: Int64] = [:]
    for partition in batch.positions.keys.sorted() {
      let place: [PostgresValue] = [.text(batch.topic), .integer(Int64(partition))]
      try connection.query("INSERT INTO delivered_offsets VALUES ($1, $2, 0) ON CONFLICT DO NOTHING", place)
      let rows = try connection.query(
        "SELECT next_offset FROM delivered_offsets WHERE topic = $1 AND partition = $2 FOR UPDATE", place)
      taken[partition] = rows.integer(0, 0)
      // What is between was delivered, and is not there any more: to go on would leave a gap.
      if rows.integer(0, 0) < reached[partition] ?? 0 { throw .movedBack }
    }
    return taken
  }

  /// Brings some of a batch's records into the tables. Where PostgreSQL cannot keep a value, the records are halved until
  /// the one is found that has it.
  private mutating func take(
    _ range: Range<Int>, of batch: borrowing RecordBatch, _ taken: [Int32: Int64], _ connection: PostgresConnection
  ) throws(PostgresError) -> BatchOutcome {
    try connection.execute("SAVEPOINT part")
    do throws(PostgresError) {
      let outcome = try takeWhole(range, of: batch, taken, connection)
      try connection.execute("RELEASE part")
      return outcome
    } catch {
      guard error.kind == .data else { throw error }
      audiences = [:]
      try connection.execute("ROLLBACK TO part; RELEASE part")
      if range.count == 1 {
        var outcome = BatchOutcome()
        try reject(PostgresStaging.Unfit(range.lowerBound, error), of: batch, connection, &outcome)
        return outcome
      }
    }
    let middle = range.lowerBound + range.count / 2
    var outcome = try take(range.lowerBound..<middle, of: batch, taken, connection)
    outcome.add(try take(middle..<range.upperBound, of: batch, taken, connection))
    return outcome
  }

  private mutating func takeWhole(
    _ range: Range<Int>, of batch: borrowing RecordBatch, _ taken: [Int32: Int64], _ connection: PostgresConnection
  ) throws(PostgresError) -> BatchOutcome {
    var outcome = BatchOutcome()
    let staging = stage(range, of: batch, taken, &outcome)
    if rows.count > 0 {
      try connection.copy(rows, into: "incoming")
      var staged = Int64(staging.changes)
      if staging.hasErasures {
        let erased = try connection.query(PostgresStatements.erase)
        outcome.erased = Int(erased.integer(0, 0))
        outcome.changes = Int(erased.integer(0, 1))
        staged -= erased.integer(0, 1)
      }
      for audience in staging.audiencesByKey { try connection.query(PostgresStatements.audience, audience) }
      let applied = try connection.query(PostgresStatements.apply)
      let (kept, moved) = (applied.integer(0, 0), applied.integer(0, 1))
      outcome.changes += Int(kept)
      outcome.repeats += Int(staged - kept)
      outcome.late = Int(kept - moved)
      try connection.execute("TRUNCATE incoming")
    }
    for unfit in staging.unfit { try reject(unfit, of: batch, connection, &outcome) }
    return outcome
  }
}

extension PostgresWarehouse {
  /// Makes rows of records.
  private mutating func stage(
    _ range: Range<Int>, of batch: borrowing RecordBatch, _ taken: [Int32: Int64], _ outcome: inout BatchOutcome
  ) -> PostgresStaging {
    rows.clear()
    var staging = PostgresStaging()
    for index in range {
      let record = batch[index]
      if record.offset < taken[record.partition] ?? 0 {
        outcome.repeats += 1
        continue
      }
      guard let value = record.value else {
        staging.unfit.append(PostgresStaging.Unfit(index, ChangeRejection.empty))
        continue
      }
      do throws(ChangeRejection) {
        switch try reader.readEither(value) {
        case .change(let change):
          rows.append(change, number: index)
          note(audienceOf: change, &staging)
        case .erasure(let erasure):
          rows.append(erasureOf: erasure.profile, number: index)
          staging.hasErasures = true
          // What was put aside under its key before goes too.
          staging.unfit.removeAll { batch[$0.index].key == erasure.profile }
          continue
        }
      } catch {
        staging.unfit.append(PostgresStaging.Unfit(index, error))
        continue
      }
      staging.changes += 1
    }
    return staging
  }

  private mutating func note(audienceOf change: ChangeRecord, _ staging: inout PostgresStaging) {
    let key = Hash64.of(change.audience)
    let description = change.audienceDescription
    guard audiences.updateValue(description, forKey: key) != description else { return }
    staging.audiences.append(
      (
        change.audience.text,
        [
          .text(change.audience.text), .text(change.audienceName.text), .text(change.purpose?.text),
          .integer(change.version),
        ]
      ))
  }

  private func reject(
    _ unfit: PostgresStaging.Unfit, of batch: borrowing RecordBatch, _ connection: PostgresConnection,
    _ outcome: inout BatchOutcome
  ) throws(PostgresError) {
    let record = batch[unfit.index]
    let rows = try connection.query(
      """
      INSERT INTO rejected_records VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1
      """,
      [
        .text(batch.topic), .integer(Int64(record.partition)), .integer(record.offset), .text(unfit.code),
        .text(unfit.sentence), .blob(record.key), .blob(record.value),
      ])
    if rows.count > 0 {
      outcome.rejected.append(
        RejectedRecord(partition: record.partition, offset: record.offset, reason: unfit.sentence))
    } else {
      outcome.repeats += 1
    }
  }
}
