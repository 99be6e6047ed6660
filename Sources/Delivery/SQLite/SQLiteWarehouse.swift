import Events

/// The embedded warehouse: one SQLite file with everybody's memberships, their history, and every change.
///
/// A batch and the offsets behind it are written in one transaction, so the file itself says how far it is, and
/// whatever is delivered again changes nothing: a record before those offsets is passed over, so that nobody who was
/// erased comes back. Beyond them, a change counts once by its message id, and a membership moves only to a higher
/// `seq`. A profile that is erased leaves nothing behind.
public struct SQLiteWarehouse: ~Copyable, Destination {
  let database: Database
  private var statements: SQLiteStatements
  private var reader = ChangeRecordReader()
  /// What was last written of each audience, as hashes of its key and of its description.
  private var audiences: [UInt64: UInt64] = [:]

  /// Opens the warehouse, creates what is missing and brings older files up to date.
  /// - Parameters:
  ///   - path: the file; its folder must exist.
  ///   - busyTimeoutMs: how long to wait for another program's lock before it counts as trouble.
  /// - Throws: ``DestinationError`` with a sentence that names the file.
  public init(path: String, busyTimeoutMs: Int32 = 5000) throws(DestinationError) {
    let (database, refusal): (Database, MigrationRefusal?)
    do throws(SQLiteError) {
      database = try Database(path: path, busyTimeoutMs: busyTimeoutMs)
      refusal = try SQLiteSchema.migrations.run(on: database)
    } catch {
      throw DestinationError(error, path)
    }
    if let refusal { throw DestinationError(refusal, path) }
    do throws(SQLiteError) {
      try database.writeAhead()
      // Message ids and profiles touch pages at random. At most 256 MiB of them stay in memory, and 64 MiB of new ones
      // gather before they go to their places.
      try database.execute("PRAGMA cache_size = -262144")
      try database.execute("PRAGMA wal_autocheckpoint = 8192")
      // Who is erased is overwritten, and not only forgotten.
      try database.execute("PRAGMA secure_delete = ON")
      self.init(database, try SQLiteStatements.prepared(on: database))
    } catch {
      throw DestinationError(error, path)
    }
  }

  private init(_ database: Database, _ statements: consuming SQLiteStatements) {
    self.database = database
    self.statements = statements
  }

  /// How far this file is in a topic.
  /// - Throws: ``DestinationError``.
  public mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64] {
    do throws(SQLiteError) {
      return try offsets(in: topic)
    } catch {
      throw DestinationError(error, database.path)
    }
  }

  private func offsets(in topic: String) throws(SQLiteError) -> [Int32: Int64] {
    var query = try database.prepare("SELECT partition, next_offset FROM delivered_offsets WHERE topic = ?")
    try query.bind(topic)
    var offsets: [Int32: Int64] = [:]
    while try query.step() { offsets[Int32(clamping: query.integer(at: 0))] = query.integer(at: 1) }
    return offsets
  }

  /// Writes a batch and its positions in one transaction.
  /// - Throws: ``DestinationError``; nothing of the batch is written then.
  public mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome {
    let database = database
    do throws(SQLiteError) {
      return try database.transaction { () throws(SQLiteError) in try write(batch) }
    } catch {
      audiences = [:]
      throw DestinationError(error, database.path)
    }
  }

  private mutating func write(_ batch: borrowing RecordBatch) throws(SQLiteError) -> BatchOutcome {
    var outcome = BatchOutcome()
    let taken = try offsets(in: batch.topic)
    for index in 0..<batch.count {
      let record = batch[index]
      if record.offset < taken[record.partition] ?? 0 {
        outcome.repeats += 1
        continue
      }
      switch read(record) {
      case .success(.change(let change)): try apply(change, &outcome)
      case .success(.erasure(let erasure)):
        if try statements.erase(erasure.profile) > 0 { outcome.erased += 1 }
      case .failure(let reason): try reject(record, of: batch.topic, because: reason, &outcome)
      }
    }
    for (partition, next) in batch.positions { try statements.move(batch.topic, partition, to: next) }
    return outcome
  }

  private mutating func read(_ record: BatchRecord) -> Result<ChangeOrErasure, ChangeRejection> {
    guard let value = record.value else { return .failure(.empty) }
    do throws(ChangeRejection) {
      return .success(try reader.readEither(value))
    } catch {
      return .failure(error)
    }
  }

  private mutating func reject(
    _ record: BatchRecord, of topic: String, because reason: ChangeRejection, _ outcome: inout BatchOutcome
  ) throws(SQLiteError) {
    if try statements.reject(record, of: topic, because: reason) {
      outcome.rejected.append(
        RejectedRecord(partition: record.partition, offset: record.offset, reason: reason.sentence))
    } else {
      outcome.repeats += 1
    }
  }

  private mutating func apply(_ change: ChangeRecord, _ outcome: inout BatchOutcome) throws(SQLiteError) {
    try noteAudience(of: change)
    guard try statements.keep(change) else {
      outcome.repeats += 1
      return
    }
    outcome.changes += 1
    let before = try statements.standing(before: change)
    guard change.seq > before?.seq ?? 0 else {
      outcome.late += 1
      return
    }
    var stay: Int64?
    switch change.kind {
    case .entered, .heldOut:
      if let open = before?.stay { try statements.cut(open, before: change) }
      stay = try statements.enter(change)
    case .exited, .holdoutEnded: try statements.leave(before?.stay, change)
    }
    try statements.stand(after: change, stay: stay, isFirst: before == nil)
  }

  private mutating func noteAudience(of change: ChangeRecord) throws(SQLiteError) {
    let key = Hash64.of(change.audience)
    let description = change.audienceDescription
    guard audiences[key] != description else { return }
    try statements.note(audienceOf: change)
    audiences[key] = description
  }
}
