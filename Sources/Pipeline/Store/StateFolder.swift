internal import ProfileStore

/// Where a process keeps the profiles of its tasks on disk, and how much memory it may use for them: most of it for those
/// that engines have at hand, a quarter for what waits to be written, an eighth for what stores have read.
final class StateFolder: Sendable {
  private let folder: String
  private let memory: StoreMemory
  private let limits: WriteBehindLimits
  /// How many bytes the profiles in memory may take, all tasks of the process together.
  let engineBytes: Int

  /// - Parameters:
  ///   - folder: for this application alone; it is made where it is missing.
  ///   - memoryBytes: for all tasks of the process together.
  init(folder: String, memoryBytes: Int) {
    self.folder = folder
    // What waits is written for the changelog's sake before it fills more than that.
    let waitingBytes = min(memoryBytes / 4, 256 << 20)
    memory = StoreMemory(budgetBytes: memoryBytes / 8)
    limits = WriteBehindLimits(bytes: waitingBytes)
    engineBytes = memoryBytes - memoryBytes / 8 - waitingBytes
  }

  /// Opens the store of a partition; makes it where there is none.
  func open(_ partition: Int32) throws(StoreError) -> TaskStore<WriteBehind<DiskStore>> {
    TaskStore(WriteBehind(try DiskStore(folder: path(of: partition), memory: memory), limits))
  }

  private func path(of partition: Int32) -> String { "\(folder)/partition-\(partition)" }
}
