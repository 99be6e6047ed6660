/// Kafka's murmur2, as Java clients use it to choose a partition.
public enum Murmur2 {
  /// The hash of a key's bytes.
  public static func hash(_ bytes: [UInt8]) -> UInt32 {
    let multiplier: UInt32 = 0x5bd1_e995
    var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
    let whole = bytes.count / 4 * 4
    for start in stride(from: 0, to: whole, by: 4) {
      var word = littleEndian(bytes[start..<start + 4]) &* multiplier
      word = (word ^ (word >> 24)) &* multiplier
      hash = (hash &* multiplier) ^ word
    }
    if whole < bytes.count {
      hash = (hash ^ littleEndian(bytes[whole...])) &* multiplier
    }
    hash = (hash ^ (hash >> 13)) &* multiplier
    return hash ^ (hash >> 15)
  }

  /// The partition that a key belongs to, from 0.
  public static func partition(of key: [UInt8], among partitions: Int) -> Int {
    Int(hash(key) & 0x7fff_ffff) % partitions
  }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { ($0 << 8) | UInt32($1) }
  }
}
