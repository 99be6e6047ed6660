internal import Events
internal import ProfileStore

/// What the next commit writes besides states, ahead of them.
extension PartitionTask {
  /// Writes a plan, before the first state that is kept under it.
  func write(_ record: PlanRecord) {
    for key in book.take(record) { unwritten.append((key, nil)) }
    for part in record.parts { unwritten.append((part.key, part.value)) }
  }

  /// Removes all plans but the one in force.
  func removeOtherPlans() {
    for key in book.dropAll(but: standing.inForce) { unwritten.append((key, nil)) }
  }

  /// Removes what the log came to for a profile: it is in its state from now on, or not asked for any more.
  func remove(filled id: Bytes) {
    var key: [UInt8] = []
    ChangelogKey.encode(filled: id, into: &key)
    unwritten.append((key, nil))
  }
}
