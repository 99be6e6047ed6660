/// A 64-bit hash that is the same in every process and version: it stands for message ids in the state on disk.
///
/// Reads eight bytes a step and folds a 128-bit product, the mixing step of the wyhash family
/// (https://github.com/wangyi-fudan/wyhash, public domain), with constants of its own.
public enum Hash64 {
  @usableFromInline static let k0: UInt64 = 0x9E37_79B9_7F4A_7C15
  @usableFromInline static let k1: UInt64 = 0xD1B5_4A32_D192_ED03

  /// The hash of some bytes. `seed` keeps hashes of different meanings apart.
  @inlinable public static func of(_ bytes: Bytes, seed: UInt64 = 0) -> UInt64 {
    let raw = UnsafeRawPointer(bytes.start)
    var hash = seed ^ k0 &+ UInt64(truncatingIfNeeded: bytes.count)
    var at = 0
    while at &+ 8 <= bytes.count {
      hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self), k1)
      at &+= 8
    }
    var rest: UInt64 = 0
    var shift: UInt64 = 0
    while at < bytes.count {
      rest |= UInt64(bytes[at]) &<< shift
      shift &+= 8
      at &+= 1
    }
    return mix(hash ^ rest, k1 &+ hash)
  }

  /// Folds the 128-bit product of two words into one.
  @inlinable public static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ k1).multipliedFullWidth(by: b ^ k0)
    return product.high ^ product.low
  }
}
