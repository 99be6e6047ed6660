/// Where a process keeps profiles besides the changelog, which has all of them.
public enum StatePlace: Sendable, Equatable {
  /// In memory, all of them. A start reads the whole changelog.
  case memory
  /// In a folder, and in memory those that are in use, as far as so many bytes go for all lanes together. A start reads
  /// what is new in the changelog.
  case disk(folder: String, memoryBytes: Int)
}
