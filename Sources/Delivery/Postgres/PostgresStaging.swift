import Events

/// What was made of some records of a batch, beside the rows.
struct PostgresStaging {
  /// How many of them are changes.
  var changes = 0
  /// Whether some erase profiles.
  var hasErasures = false
  /// The audiences that they describe otherwise than those before them: key, name, purpose, version.
  var audiences: [(key: String, values: [PostgresValue])] = []
  /// Those that are neither.
  var unfit: [Unfit] = []

  /// The values of the audiences, in the order of their keys: so no two workers wait for each other.
  var audiencesByKey: [[PostgresValue]] {
    let order = audiences.indices.sorted { (audiences[$0].key, $0) < (audiences[$1].key, $1) }
    return order.map { audiences[$0].values }
  }

  /// A record that is put aside: which of the batch, a short code, and why; nothing of its content.
  struct Unfit {
    let index: Int
    let code: String
    let sentence: String

    /// One that is no change.
    init(_ index: Int, _ reason: ChangeRejection) {
      self.index = index
      code = reason.code
      sentence = reason.sentence
    }

    /// One that PostgreSQL cannot keep.
    init(_ index: Int, _ error: PostgresError) {
      self.index = index
      code = "value"
      sentence = "PostgreSQL cannot keep one of its values (condition \(error.code))"
    }
  }
}

extension CopyRows {
  /// A change as a row of `incoming`.
  mutating func append(_ change: ChangeRecord, number: Int) {
    integer(Int64(number))
    text(change.messageId)
    text(change.timestamp)
    text(change.profile)
    text(change.audience)
    integer(change.version)
    text(change.kind.word)
    text(change.status)
    integer(change.seq)
    text(change.event)
    text(change.reason.kind)
    text(change.reason.name)
    text(change.enteredAt)
    text(change.email)
    text(change.phone)
    text(change.includedTraits)
    integer(change.source.partition)
    integer(change.source.offset)
    text(change.source.clock)
    text(change.source.emittedAt)
    endRow()
  }

  /// The erasure of a profile as a row of `incoming`.
  mutating func append(erasureOf profile: Bytes, number: Int) {
    integer(Int64(number))
    for _ in 0..<2 { text(nil) }
    text(profile)
    for _ in 0..<16 { text(nil) }
    endRow()
  }
}
