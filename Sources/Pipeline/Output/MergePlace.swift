package import Events

extension Record {
  /// Whether the profile that it merges, if it merges one, is in the partition of the one that it moves into, of so many
  /// partitions. Where it is not, both stay as they are.
  package func mergesWithinPartition(of partitions: Int) -> Bool {
    if merged.isEmpty { return false }
    return Murmur2.partition(of: profile, among: partitions) == Murmur2.partition(of: merged, among: partitions)
  }
}
