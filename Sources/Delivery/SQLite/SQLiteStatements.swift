import Events

/// The statements by which the warehouse is written, prepared once.
struct SQLiteStatements: ~Copyable {
  private var audience: Statement
  private var change: Statement
  private var standing: Statement
  private var newMembership: Statement
  private var membership: Statement
  private var entry: Statement
  private var exit: Statement
  private var exitAlone: Statement
  private var offset: Statement
  private var rejected: Statement
  private var erasures: SQLiteErasures

  /// Prepares them.
  static func prepared(on database: Database) throws(SQLiteError) -> SQLiteStatements {
    SQLiteStatements(
      audience: try database.prepare(SQL.audience),
      change: try database.prepare(SQL.change),
      standing: try database.prepare(SQL.standing),
      newMembership: try database.prepare(SQL.newMembership),
      membership: try database.prepare(SQL.membership),
      entry: try database.prepare(SQL.entry),
      exit: try database.prepare(SQL.exit),
      exitAlone: try database.prepare(SQL.exitAlone),
      offset: try database.prepare(SQL.offset),
      rejected: try database.prepare(SQL.rejected),
      erasures: try SQLiteErasures.prepared(on: database))
  }
}

extension SQLiteStatements {
  /// Notes how a change describes its audience, unless a later version is known.
  mutating func note(audienceOf record: ChangeRecord) throws(SQLiteError) {
    try audience.run(record.audience, record.audienceName, record.purpose, record.version)
  }

  /// Keeps a change.
  /// - Returns: whether it is new.
  mutating func keep(_ record: ChangeRecord) throws(SQLiteError) -> Bool {
    let rows = try change.run(
      record.messageId, record.timestamp, record.profile, record.audience, record.version, record.kind.word,
      record.status, record.seq, record.event, record.reason.kind, record.reason.name, record.enteredAt, record.email,
      record.phone, record.includedTraits, record.source.partition, record.source.offset, record.source.clock,
      record.source.emittedAt)
    return rows > 0
  }

  /// How the profile of a change stood in its audience before; `nil` where it never stood in it.
  mutating func standing(before record: ChangeRecord) throws(SQLiteError) -> Standing? {
    try standing.bind(record.profile, record.audience)
    defer { standing.reset() }
    guard try standing.step() else { return nil }
    return Standing(seq: standing.integer(at: 0), stay: standing.optionalInteger(at: 1))
  }

  /// Writes how the profile of a change stands in its audience from now on.
  mutating func stand(after record: ChangeRecord, stay: Int64?, isFirst: Bool) throws(SQLiteError) {
    let traits = stay == nil ? nil : record.includedTraits  // who is out has none
    if isFirst {
      try newMembership.run(
        record.profile, record.audience, record.status, record.timestamp, record.seq, record.version,
        record.reason.kind, record.reason.name, stay, traits)
    } else {
      try membership.run(
        record.profile, record.audience, record.status, record.timestamp, record.seq, record.version,
        record.reason.kind, record.reason.name, stay, traits)
    }
  }

  /// Begins a stay.
  /// - Returns: its row.
  mutating func enter(_ record: ChangeRecord) throws(SQLiteError) -> Int64 {
    try entry.run(
      record.profile, record.audience, record.kind.stay, record.version, record.timestamp, record.reason.kind,
      record.reason.name)
    return entry.lastRow
  }

  /// Ends a stay. `nil` stands for one whose beginning never came: it is written whole, from what the change tells.
  mutating func leave(_ stay: Int64?, _ record: ChangeRecord) throws(SQLiteError) {
    if let stay {
      try exit.run(stay, record.timestamp, record.reason.kind, record.reason.name)
    } else {
      try exitAlone.run(
        record.profile, record.audience, record.kind.stay, record.version, record.enteredAt ?? record.timestamp,
        record.timestamp, record.reason.kind, record.reason.name)
    }
  }

  /// Ends a stay whose end never came, because another begins: nobody knows why it ended.
  mutating func cut(_ stay: Int64, before record: ChangeRecord) throws(SQLiteError) {
    try exit.run(stay, record.timestamp, Bytes?.none, Bytes?.none)
  }

  /// Notes how far a partition is.
  mutating func move(_ topic: String, _ partition: Int32, to next: Int64) throws(SQLiteError) {
    try offset.run(topic, Int64(partition), next)
  }

  /// Erases everything of a profile.
  /// - Returns: how many rows that were.
  mutating func erase(_ profile: Bytes) throws(SQLiteError) -> Int { try erasures.run(profile) }

  /// Puts a record aside.
  /// - Returns: whether it was not there yet.
  mutating func reject(
    _ record: BatchRecord, of topic: String, because reason: ChangeRejection
  ) throws(SQLiteError) -> Bool {
    let rows = try rejected.run(
      topic, Int64(record.partition), record.offset, reason.code, reason.sentence, record.key.map(Blob.init),
      record.value.map(Blob.init))
    return rows > 0
  }
}

/// How a profile stands in an audience.
struct Standing {
  /// The seq of the last change.
  let seq: Int64
  /// The row of the history that lasts, for those who are in or kept out by a holdout.
  let stay: Int64?
}

extension ChangeRecord.Kind {
  /// What a stay is called that such a change begins or ends.
  fileprivate var stay: Bytes {
    switch self {
    case .entered, .exited: Bytes("in")
    case .heldOut, .holdoutEnded: Bytes("control")
    }
  }
}

/// Their text.
private enum SQL {
  static let audience = """
    INSERT INTO audiences (key, name, purpose, version) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
    SET name = excluded.name, purpose = excluded.purpose, version = excluded.version
    WHERE excluded.version >= audiences.version
    """

  static let change = """
    INSERT INTO changes (message_id, changed_at, profile, audience, version, change, status, seq, event, reason,
      reason_name, entered_at, email, phone, traits, source_partition, source_offset, source_clock, emitted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO NOTHING
    """

  static let standing = "SELECT seq, stay FROM memberships WHERE profile = ? AND audience = ?"

  static let newMembership = """
    INSERT INTO memberships (profile, audience, status, since, seq, version, reason, reason_name, stay, traits)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  static let membership = """
    UPDATE memberships SET status = ?3, since = ?4, seq = ?5, version = ?6, reason = ?7, reason_name = ?8, stay = ?9,
      traits = ?10 WHERE profile = ?1 AND audience = ?2
    """

  static let entry = """
    INSERT INTO membership_history (profile, audience, status, version, entered_at, entry_reason, entry_reason_name)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """

  static let exit = """
    UPDATE membership_history SET exited_at = ?2, exit_reason = ?3, exit_reason_name = ?4 WHERE stay = ?1
    """

  static let exitAlone = """
    INSERT INTO membership_history (profile, audience, status, version, entered_at, exited_at, exit_reason,
      exit_reason_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  static let offset = """
    INSERT INTO delivered_offsets (topic, partition, next_offset) VALUES (?, ?, ?)
    ON CONFLICT (topic, partition) DO UPDATE SET next_offset = max(next_offset, excluded.next_offset)
    """

  static let rejected = """
    INSERT INTO rejected_records (topic, partition, "offset", reason, explanation, key, value)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
    """
}
