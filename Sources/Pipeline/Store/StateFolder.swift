internal import ProfileStore

/// Where a process keeps the profiles of its tasks on disk, and how much memory it may use for them: half for those that
/// engines have at hand, half for what stores have read and are about to write.
final class StateFolder: Sendable {
  private let folder: String
  private let memory: StoreMemory
  /// How many bytes the profiles in memory may take, all tasks of the process together.
  let engineBytes: Int

  /// - Parameters:
  ///   - folder: for this application alone; it is made where it is missing.
  ///   - memoryBytes: for all tasks of the process together.
  init(folder: String, memoryBytes: Int) {
    self.folder = folder
    memory = StoreMemory(budgetBytes: memoryBytes / 2)
    engineBytes = memoryBytes - memoryBytes / 2
  }

  /// Opens the store of a partition; makes it where there is none.
  func open(_ partition: Int32) throws(StoreError) -> TaskStore<DiskStore> {
    TaskStore(try DiskStore(folder: path(of: partition), memory: memory))
  }

  private func path(of partition: Int32) -> String { "\(folder)/partition-\(partition)" }
}
