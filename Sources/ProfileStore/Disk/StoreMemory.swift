import CRocksDB

/// The memory that all stores of a process share: what they have read (blocks, indexes, filters).
///
/// The budget is kept to but for short excesses: what one read or one commit needs at a time, and about a kilobyte for
/// each open file, is beside it.
public final class StoreMemory: @unchecked Sendable {
  // Unchecked: the handle never changes, and what is behind it may be used from any thread.
  let handle: OpaquePointer

  /// The budget.
  public let budgetBytes: Int

  /// The least budget with which stores work as they should.
  public static let leastBytes = 8 << 20

  /// Memory of so many bytes; fewer than ``leastBytes`` are taken for these.
  public init(budgetBytes: Int) {
    self.budgetBytes = max(budgetBytes, Self.leastBytes)
    handle = usher_memory_new(self.budgetBytes)
  }

  deinit { usher_memory_free(handle) }

  /// How much of the budget is in use.
  public var usedBytes: Int { usher_memory_used_bytes(handle) }
}
