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
    let rest = Self.rest(raw + at, bytes.count &- at)
    return mix(hash ^ rest, k1 &+ hash)
  }

  /// Fewer than eight bytes as a little-endian number; two halves of four may overlap.
  @inlinable @inline(__always) static func rest(_ raw: UnsafeRawPointer, _ count: Int) -> UInt64 {
    if count >= 4 {
      let low = UInt64(raw.loadUnaligned(as: UInt32.self))
      let high = UInt64(raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
    }
    var rest: UInt64 = 0
    for at in 0..<count {
      rest |= UInt64(raw.load(fromByteOffset: at, as: UInt8.self)) &<< UInt64(truncatingIfNeeded: at &* 8)
    }
    return rest
  }

  /// Folds the 128-bit product of two words into one.
  @inlinable public static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ k1).multipliedFullWidth(by: b ^ k0)
    return product.high ^ product.low
  }
}
