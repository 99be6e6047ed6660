internal import Synchronization

/// How much may wait for the disk, all stores of a process together: each has an equal share.
package final class WriteBehindLimits: Sendable {
  /// How many bytes of memory states may take that wait.
  let bytes: Int
  /// How many records of the changelog may have been committed since: so many are read again after a crash.
  let records: Int
  /// How long they may wait, in milliseconds by the clock of the machine.
  let forMs: Int64
  private let stores = Atomic<Int>(0)

  /// A start reads them in less than two seconds: it was seen to read 350,000 a second (bench/README.md).
  package static var usualRecords: Int { 600_000 }

  /// Limits.
  package init(bytes: Int, records: Int = usualRecords, forMs: Int64 = 60_000) {
    self.bytes = bytes
    self.records = records
    self.forMs = forMs
  }

  /// One more store has a share.
  func enter() { stores.add(1, ordering: .relaxed) }

  /// One store fewer.
  func leave() { stores.subtract(1, ordering: .relaxed) }

  /// How many have a share.
  var storeCount: Int { max(1, stores.load(ordering: .relaxed)) }
}
