/// The hash by which Kafka's Java clients choose a partition: MurmurHash2, 32 bits, with Kafka's seed
/// (org.apache.kafka.common.utils.Utils.murmur2).
public enum Murmur2 {
  /// The partition of a key among `partitions`.
  public static func partition(of key: Bytes, among partitions: Int) -> Int {
    Int(hash(key) & 0x7FFF_FFFF) % partitions
  }

  /// The hash of a key.
  public static func hash(_ key: Bytes) -> UInt32 {
    let multiplier: UInt32 = 0x5BD1_E995
    var hash: UInt32 = 0x9747_B28C ^ UInt32(truncatingIfNeeded: key.count)
    var at = 0
    while at + 4 <= key.count {
      var word = UnsafeRawPointer(key.start).loadUnaligned(fromByteOffset: at, as: UInt32.self).littleEndian
      word = word &* multiplier
      word ^= word >> 24
      hash = (hash &* multiplier) ^ (word &* multiplier)
      at += 4
    }
    if at < key.count {
      for index in (at..<key.count).reversed() { hash ^= UInt32(key[index]) << (8 * UInt32(index - at)) }
      hash = hash &* multiplier
    }
    hash ^= hash >> 13
    hash = hash &* multiplier
    return hash ^ (hash >> 15)
  }
}
