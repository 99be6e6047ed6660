/// SHA-256 (FIPS 180-4).
public enum Sha256 {
  private static let squareRoots = fractions(of: 2, count: 8)
  private static let cubeRoots = fractions(of: 3, count: 64)

  /// The digest of a message, 32 bytes.
  public static func digest(_ message: [UInt8]) -> [UInt8] {
    // A one bit, zeros up to eight bytes before a full block, and the length in bits.
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (message.count * 8) >> ($0 * 8)) }
    var hash = squareRoots
    for start in stride(from: 0, to: bytes.count, by: 64) {
      hash = compressed(hash, Array(bytes[start..<start + 64]))
    }
    return hash.flatMap { word in (0..<4).reversed().map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  private static func compressed(_ hash: [UInt32], _ block: [UInt8]) -> [UInt32] {
    var words = (0..<16).map { word in block[word * 4..<word * 4 + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
    for place in 16..<64 {
      let (early, late) = (words[place - 15], words[place - 2])
      let mixedEarly = turned(early, 7) ^ turned(early, 18) ^ (early >> 3)
      let mixedLate = turned(late, 17) ^ turned(late, 19) ^ (late >> 10)
      words.append(words[place - 16] &+ mixedEarly &+ words[place - 7] &+ mixedLate)
    }
    var state = hash
    for round in 0..<64 {
      let (one, five) = (state[0], state[4])
      let mixedFive = turned(five, 6) ^ turned(five, 11) ^ turned(five, 25)
      let choice = (five & state[5]) ^ (~five & state[6])
      let first = state[7] &+ mixedFive &+ choice &+ cubeRoots[round] &+ words[round]
      let mixedOne = turned(one, 2) ^ turned(one, 13) ^ turned(one, 22)
      let majority = (one & state[1]) ^ (one & state[2]) ^ (state[1] & state[2])
      state = [first &+ mixedOne &+ majority] + state[0..<3] + [state[3] &+ first] + state[4..<7]
    }
    return zip(hash, state).map { $0 &+ $1 }
  }

  private static func turned(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 - bits) }

  /// The first 32 bits of the fractional parts of the square or cube roots of the first primes.
  private static func fractions(of degree: Int, count: Int) -> [UInt32] {
    var primes: [UInt64] = []
    var next: UInt64 = 2
    while primes.count < count {
      if primes.allSatisfy({ next % $0 != 0 }) { primes.append(next) }
      next += 1
    }
    return primes.map { UInt32(truncatingIfNeeded: root(of: $0, degree)) }
  }

  /// The greatest whole number whose power is at most `number` times 2 to the 32 times the degree: the root with 32 bits
  /// behind the point.
  private static func root(of number: UInt64, _ degree: Int) -> UInt64 {
    var root: UInt64 = 0
    for bit in (0..<38).reversed() {
      let candidate = root | 1 << bit
      let limit = UInt128(number) << UInt128(32 * degree)
      let square = UInt128(candidate) * UInt128(candidate)
      if degree == 2 ? square <= limit : square * UInt128(candidate) <= limit { root = candidate }
    }
    return root
  }
}
