/// One partition of a topic, as its leader keeps it.
final class PartitionLog {
  struct Entry {
    enum Kind { case data, commit, abort }
    var kind: Kind
    var key: [UInt8]?
    var value: [UInt8]?
    var timestampMs: Int64
    /// Who wrote it within a transaction; nil for who did without.
    var producer: Int64?
    /// Which of the producer's transactions here it belongs to.
    var transaction = 0
  }

  private struct ProducerState {
    var epoch: Int16
    var nextSequence = 0
    var openSince: Int64?
    var transaction = 0
    var aborted: Set<Int> = []
  }

  private(set) var entries: [Entry] = []
  private var producers: [Int64: ProducerState] = [:]
  /// Offsets that compaction has emptied.
  private var emptied: Set<Int64> = []

  var end: Int64 { Int64(entries.count) }

  /// Readers of committed records see nothing from here on.
  var stableEnd: Int64 { producers.values.compactMap(\.openSince).min() ?? end }

  /// Whether any transaction is open.
  var isOpen: Bool { producers.values.contains { $0.openSince != nil } }

  /// Appends a record without a transaction.
  func append(key: [UInt8]?, value: [UInt8]?, timestampMs: Int64) {
    entries.append(Entry(kind: .data, key: key, value: value, timestampMs: timestampMs))
  }

  enum Refusal { case staleEpoch, outOfOrder }

  /// Appends a producer's batch; one that is here already is taken for done.
  func append(_ batch: [Entry], of producer: Int64, epoch: Int16, sequence: Int) -> Refusal? {
    var state = producers[producer] ?? ProducerState(epoch: epoch)
    if epoch < state.epoch { return .staleEpoch }
    if epoch > state.epoch {
      state.epoch = epoch
      state.nextSequence = 0
    }
    if sequence < state.nextSequence { return nil }
    if sequence > state.nextSequence { return .outOfOrder }
    if state.openSince == nil { state.openSince = end }
    for var entry in batch {
      entry.producer = producer
      entry.transaction = state.transaction
      entries.append(entry)
    }
    state.nextSequence += batch.count
    producers[producer] = state
    return nil
  }

  /// Writes the mark that ends a producer's transaction. From then on nothing of older epochs is taken.
  func end(_ producer: Int64, epoch: Int16, commit: Bool, nowMs: Int64) {
    var state = producers[producer] ?? ProducerState(epoch: epoch)
    if epoch > state.epoch { state.nextSequence = 0 }
    state.epoch = max(state.epoch, epoch)
    if !commit { state.aborted.insert(state.transaction) }
    state.transaction += 1
    state.openSince = nil
    producers[producer] = state
    entries.append(Entry(kind: commit ? .commit : .abort, timestampMs: nowMs))
  }

  /// The first record from an offset on that is there for readers, below `end`.
  func next(from offset: Int64, below end: Int64, committedOnly: Bool, emptied: Set<Int64>? = nil) -> Int64? {
    let emptied = emptied ?? self.emptied
    var offset = offset
    while offset < end {
      let entry = entries[Int(offset)]
      let isAborted = entry.producer.map { producers[$0]?.aborted.contains(entry.transaction) ?? false } ?? false
      if entry.kind == .data, !(committedOnly && isAborted), !emptied.contains(offset) { return offset }
      offset += 1
    }
    return nil
  }

  /// The committed records.
  var committed: [(offset: Int64, entry: Entry)] { committed(emptied) }

  /// The committed records, those included that compaction has removed.
  var history: [(offset: Int64, entry: Entry)] { committed([]) }

  private func committed(_ emptied: Set<Int64>) -> [(offset: Int64, entry: Entry)] {
    var found: [(offset: Int64, entry: Entry)] = []
    var offset: Int64 = 0
    while let next = next(from: offset, below: stableEnd, committedOnly: true, emptied: emptied) {
      found.append((next, entries[Int(next)]))
      offset = next + 1
    }
    return found
  }

  /// Removes every committed record that a later one of the same key replaces, up to an offset.
  func compact(below offset: Int64) {
    var newest: [[UInt8]: Int64] = [:]
    for (offset, entry) in committed { newest[entry.key ?? []] = offset }
    for (place, entry) in committed where place < min(offset, stableEnd) && newest[entry.key ?? []] != place {
      emptied.insert(place)
    }
  }
}
